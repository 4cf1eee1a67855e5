import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { FanOutRow } from '../fan-out/run.ts'
import type { MemoryRow } from '../memory/run.ts'
import type { QueryRow } from '../queries/run.ts'
import type { Writes } from '../writes/run.ts'

/** Where and when something was measured. */
export interface Circumstances {
  readonly at: string
  readonly commit: string
  readonly effort: string
  readonly node: string
  readonly postgres: string
  readonly cores: string
  /** Whether the server had a core of its own. */
  readonly isPinned: boolean
  /** The load average before anything was started. */
  readonly loadBefore: number
  readonly peers: Readonly<Record<string, string>>
}

interface Measured {
  readonly fanout: readonly FanOutRow[]
  readonly memory: readonly MemoryRow[]
  readonly writes: Writes
  readonly queries: readonly QueryRow[]
}

export const parts = ['memory', 'fanout', 'writes', 'queries'] as const
export type Part = (typeof parts)[number]

/** Each part with its own circumstances: it may have been measured again without the others. */
export type Results = { readonly [P in Part]?: { readonly circumstances: Circumstances; readonly seconds: number; readonly measured: Measured[P] } }

/** JSON knows no NaN, and nothing else in there is null. */
export const readResults = (path: string): Results =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8'), (_, value) => (value === null ? Number.NaN : value)) as Results) : {}

export const writeResults = (path: string, results: Results): void =>
  writeFileSync(path, `${JSON.stringify(results, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value))}\n`)
