import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { isRunning } from './processes.ts'

/** A server process that a shell looks after: when this process ends, in whatever way, the shell stops the server and removes its folder. */
export interface Kept {
  readonly pid: number
  /** Ends it in order; with `remove` its folder goes as well. */
  stop(options?: { remove: boolean }): Promise<void>
  /** Ends it as a power cut would, except for the disk. */
  kill(): Promise<void>
  readonly running: boolean
}

export interface KeepOptions {
  readonly folder: string
  /** What asks the server to end. */
  readonly signal: 'INT' | 'TERM'
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  readonly env?: NodeJS.ProcessEnv
}

// Standard input is the lifeline: a word or its end, whichever comes first, stops the server.
const script = `"$@" </dev/null >>"$FOLDER/log" 2>&1 & echo $!
read word
kill -$SIGNAL $! 2>/dev/null; wait $!
[ "$word" = keep ] || rm -rf "$FOLDER"`

export async function keep(program: string, parameters: readonly string[], { folder, signal, user, env }: KeepOptions): Promise<Kept> {
  const shell = spawn('/bin/sh', ['-c', script, 'sh', program, ...parameters], {
    // Out of the terminal's group, so that Ctrl-C lets the tests end before their servers do.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: folder,
    env: { ...process.env, ...env, FOLDER: folder, SIGNAL: signal },
    ...user,
  })
  const exited = once(shell, 'exit')
  shell.stdin.on('error', () => {})
  const [line] = (await once(createInterface(shell.stdout), 'line')) as [string]
  const pid = Number(line)
  const alive = () => shell.exitCode === null && shell.signalCode === null && isRunning(pid)
  const end = async (word: string) => {
    shell.ref()
    shell.stdin.end(`${word}\n`)
    await exited
  }
  shell.unref()
  return {
    pid,
    get running() {
      return alive()
    },
    stop: ({ remove } = { remove: true }) => end(remove ? 'remove' : 'keep'),
    async kill() {
      if (alive()) process.kill(pid, 'SIGKILL')
      await end('keep')
    },
  }
}
