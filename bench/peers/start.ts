import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const folder = import.meta.dirname

export interface Peer extends AsyncDisposable {
  readonly pid: number
  readonly port: number
}

/** Peers are no dependencies of ours: they are fetched when somebody measures. */
export function installPeers(): void {
  if (existsSync(join(folder, 'node_modules/.package-lock.json'))) return
  console.log('Fetching what to measure beside …')
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
}

export function versionOf(name: string): string {
  return (JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version
}

/** Runs one of the scripts beside this file, and waits until it listens. */
export async function startPeer(script: string, parameters: readonly string[], env: Readonly<Record<string, string>>): Promise<Peer> {
  const child: ChildProcess = spawn(process.execPath, [join(folder, script), ...parameters], {
    cwd: folder,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', GRAPHILE_ENV: 'production', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const end = () => void child.kill('SIGKILL')
  process.on('exit', end)
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', code => reject(new Error(`${script} ended with ${code}.`)))
    if (child.stdout)
      createInterface(child.stdout).on('line', line => {
        const found = /^listening on (\d+)$/.exec(line)
        if (found) resolve(Number(found[1]))
      })
  })
  return {
    pid: child.pid ?? 0,
    port,
    async [Symbol.asyncDispose]() {
      process.off('exit', end)
      if (child.exitCode !== null || child.signalCode !== null) return
      end()
      await once(child, 'exit')
    },
  }
}
