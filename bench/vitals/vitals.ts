import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

export interface Vitals {
  /** User and system time of the whole process so far, all threads. */
  readonly cpuMicros: number
  readonly rssBytes: number
  /** Objects and buffers of JavaScript. */
  readonly heapBytes: number
}

/** As V8 gives it: a tree of calls by number, and which of them ran when. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

export interface Watch {
  /** For the environment of the process to watch. */
  readonly env: Readonly<Record<string, string>>
  /** `collected`: after a collection of garbage, with all that V8 keeps in reserve given back. */
  now(wish?: 'collected'): Promise<Vitals>
  /** Where its time goes while the work is done. */
  profile(work: () => Promise<unknown>): Promise<CpuProfile>
}

export function createWatch(resources: AsyncDisposableStack): Watch {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-vitals-'))
  resources.defer(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'socket')
  const ask = async <T>(wish: string): Promise<T> => {
    const socket = connect(path)
    socket.write(wish)
    return JSON.parse(await text(socket)) as T
  }
  return {
    env: { BENCH_VITALS: path, NODE_OPTIONS: `--import=${join(import.meta.dirname, 'in-process.ts')}` },
    now: wish => ask<Vitals>(wish ?? 'now'),
    async profile(work) {
      await ask('profile')
      await work()
      return ask<CpuProfile>('profiled')
    },
  }
}
