import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'

const root = join(import.meta.dirname, '../../..')

/** Where an install leaves a database with its tables and nothing in them. Another version of the engine or of the tables has another place. */
function templateFolder(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/@electric-sql/pglite/package.json'), 'utf8')) as { version: string }
  const tables = createHash('sha256')
  for (const file of globSync('drizzle/*.sql', { cwd: root }).sort()) tables.update(readFileSync(join(root, file)))
  return join(root, 'node_modules/.cache/tidemark', `database-${version}-${tables.digest('hex').slice(0, 12)}`)
}

/** Makes a database in a folder that is not there yet: a copy in a tenth of a second, or without a template an empty one in seconds. */
export async function createDatabase(folder: string, template = templateFolder()): Promise<void> {
  // Nobody but who installed it sees into it, or could change what others begin with.
  if (existsSync(join(template, 'PG_VERSION'))) return cpSync(template, folder, { recursive: true })
  const database = await PGlite.create(folder)
  await database.close()
}

/** Makes the template unless it is there; `open` opens and closes a database in a folder. It appears under its name only when it is whole. */
export async function keepTemplate(open: (dataDir: string) => Promise<void>): Promise<void> {
  const template = templateFolder()
  if (existsSync(template)) return
  const draft = mkdtempSync(`${template}-`)
  try {
    await open(draft)
    chmodSync(join(draft, 'database'), 0o700)
    renameSync(join(draft, 'database'), template)
  } catch (error) {
    // Another one may have been first.
    if (!existsSync(template)) throw error
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}
