import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Logger } from '../logger.ts'
import { StartError } from '../start-error.ts'

export interface Embedded {
  /** Folder of the Unix socket, as `pg` wants it for a host. */
  readonly socketFolder: string
  stop(): Promise<void>
}

/** Unix sockets have short names by law of the system, and folders for temporary files can be deep. */
const longestFolder = 80
const restartDelayMs = 500
const quickImports = new URL('../../quick-imports.ts', import.meta.url).href

/**
 * Runs the embedded database in a process of its own, where a heavy query can't hold up the server. When that process dies it
 * is started again; until it answers, queries fail and so does `ping`.
 */
export async function startEmbedded(dataDir: string, logger: Logger): Promise<Embedded> {
  const base = tmpdir()
  const socketFolder = mkdtempSync(join(base.length > longestFolder ? '/tmp' : base, 'tidemark-'))
  let stopping = false
  let child: ChildProcess

  const launch = async () => {
    child = fork(join(import.meta.dirname, 'child.ts'), [resolve(dataDir), join(socketFolder, '.s.PGSQL.5432')], {
      execArgv: ['--import', quickImports, '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    await answer(child)
    child.once('exit', (code, signal) => {
      if (stopping) return
      logger.error({ code, signal }, 'the embedded database died; starting it again')
      void relaunch()
    })
  }
  const relaunch = async () => {
    await new Promise(done => setTimeout(done, restartDelayMs).unref())
    if (stopping) return
    await launch().catch(error => {
      logger.error({ err: error }, 'the embedded database did not come back')
      return relaunch()
    })
  }

  try {
    await launch()
  } catch (error) {
    rmSync(socketFolder, { recursive: true, force: true })
    throw error
  }

  return {
    socketFolder,
    async stop() {
      stopping = true
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit')
        if (child.connected) child.send('stop', () => {})
        const force = setTimeout(() => child.kill('SIGKILL'), 8_000)
        await exited
        clearTimeout(force)
      }
      rmSync(socketFolder, { recursive: true, force: true })
    },
  }
}

/** Waits until the child has the database open. @throws StartError with what it said, or how it ended. */
const answer = (child: ChildProcess) =>
  new Promise<void>((ready, fail) => {
    let told: string | undefined
    child.on('message', (message: { ready: true } | { failed: string }) => {
      if ('ready' in message) ready()
      else told = message.failed
    })
    child.once('error', fail)
    child.once('exit', (code, signal) =>
      fail(new StartError(told ?? `DATA_DIR: the process of the embedded database ended (${signal ?? code}) before it was ready.`)),
    )
  })
