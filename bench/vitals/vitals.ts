import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

export interface Vitals {
  /** User and system time of the whole process so far, all threads. */
  readonly cpuMicros: number
  readonly rssBytes: number
}

export interface Watch {
  /** For the environment of the process to watch. */
  readonly env: { readonly BENCH_VITALS: string; readonly NODE_OPTIONS: string }
  /** `collected`: after a collection of garbage. */
  now(wish?: 'collected'): Promise<Vitals>
}

export function createWatch(resources: AsyncDisposableStack): Watch {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-vitals-'))
  resources.defer(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'socket')
  return {
    env: { BENCH_VITALS: path, NODE_OPTIONS: `--import=${join(import.meta.dirname, 'in-process.ts')}` },
    async now(wish) {
      const socket = connect(path)
      socket.write(wish ?? 'now')
      return JSON.parse(await text(socket)) as Vitals
    },
  }
}
