/** The process in which the embedded database lives. It belongs to the server that started it, and ends with it. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { lockFile } from './lock.ts'
import { createDatabase } from './template.ts'

/** How long a server that was killed may take to let go of the folder before the next one gives up. */
const lockWaitMs = 5_000
/** How long an orderly end may take, a running statement included. */
const closeWaitMs = 5_000

const [dataDirectory, socketPath] = process.argv.slice(2)
if (dataDirectory === undefined || socketPath === undefined || !process.send) throw new Error('The server starts this file; it is of no use alone.')

// Ctrl-C reaches the whole group: the server decides when its database ends.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})

const report = (message: { ready: true } | { failed: string }) => process.connected && process.send?.(message)

/** Opens the folder; a new one appears under its name only when it is whole, so that a kill on first start leaves no half of one. */
async function open(folder: string): Promise<PGlite> {
  if (!existsSync(folder)) {
    const unfinished = `${folder}.new`
    rmSync(unfinished, { recursive: true, force: true })
    await createDatabase(unfinished)
    renameSync(unfinished, folder)
  }
  return await PGlite.create(folder)
}

/** The socket server hangs for good after a failure of the engine itself, so the process ends instead and is started again. */
function endOnEngineFailure(database: PGlite): void {
  const run = database.execProtocolRawStream.bind(database)
  database.execProtocolRawStream = async (...parameters) => {
    try {
      return await run(...parameters)
    } catch (error) {
      console.error('The embedded database failed:', error)
      process.exit(70)
    }
  }
}

async function main(folder: string, path: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const unlock = lockFile(join(folder, 'database.lock'), lockWaitMs)
  if (!unlock) {
    report({ failed: `DATA_DIR: another server is using ${folder}. Stop it, or give this one a folder of its own.` })
    process.exit(75)
  }
  const database = await open(join(folder, 'database'))
  endOnEngineFailure(database)
  rmSync(path, { force: true })
  // One connection is in use at a time; the others cover the moment in which one takes the place of another.
  const server = new PGLiteSocketServer({ db: database, path, maxConnections: 8 })
  await server.start()

  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(74), closeWaitMs).unref()
    await server.stop()
    await database.close()
    rmSync(dirname(path), { recursive: true, force: true })
    process.exit(0)
  }
  process.on('message', message => {
    if (message === 'stop') void end()
  })
  process.on('disconnect', () => void end())
  if (!process.connected) await end()
  report({ ready: true })
}

main(dataDirectory, socketPath).catch(error => {
  report({ failed: `DATA_DIR: the database in ${dataDirectory} does not open (${error instanceof Error ? error.message : String(error)}).` })
  process.exit(1)
})
