/** Fails when a `table.ts` says something that no migration brings about. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')
// Inside the project, because drizzle-kit takes folders relative to it.
const copy = mkdtempSync(join(root, '.drizzle-check-'))
try {
  cpSync(join(root, 'drizzle'), copy, { recursive: true })
  const before = new Set(readdirSync(copy))
  const kit = join(root, 'node_modules/drizzle-kit/bin.cjs')
  execFileSync(
    process.execPath,
    [kit, 'generate', '--dialect=postgresql', '--schema=./src/**/table.ts', `--out=./${relative(root, copy)}`, '--name=missing'],
    {
      cwd: root,
      // It asks whether a column was renamed; without a terminal it fails instead, which is an answer too.
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const missing = readdirSync(copy).filter(name => !before.has(name))
  if (missing.length > 0) {
    const statements = missing.map(name => readFileSync(join(copy, name), 'utf8')).join('\n')
    throw new Error(`No migration brings about what the tables say; \`npm run db:generate\` writes one:\n\n${statements}`)
  }
  const { entries } = JSON.parse(readFileSync(join(root, 'drizzle/meta/_journal.json'), 'utf8')) as { entries: { tag: string; when: number }[] }
  const listed = new Set(entries.map(entry => `${entry.tag}.sql`))
  const unlisted = readdirSync(join(root, 'drizzle')).filter(name => name.endsWith('.sql') && !listed.has(name))
  const absent = [...listed].filter(name => !existsSync(join(root, 'drizzle', name)))
  if (unlisted.length + absent.length > 0)
    throw new Error(`The journal in drizzle/meta and the files disagree about ${[...unlisted, ...absent].join(', ')}.`)
  // The migrator goes by time: a migration older than the last one that ran would be skipped without a word.
  const disordered = entries.find((entry, index) => index > 0 && entry.when <= (entries[index - 1]?.when ?? 0))
  if (disordered) throw new Error(`The migration ${disordered.tag} is older than the one before it, so it would never run; generate it again.`)
  console.log('The migrations bring about what the tables say.')
} catch (error) {
  const { stderr, stdout } = error as { stderr?: Buffer; stdout?: Buffer }
  console.error(error instanceof Error ? error.message : error, String(stdout ?? ''), String(stderr ?? ''))
  process.exitCode = 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
