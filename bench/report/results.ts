import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Bulk } from '../bulk/run.ts'
import type { FanOutRow } from '../fan-out/run.ts'
import type { MemoryRow } from '../memory/run.ts'
import type { QueryRow } from '../queries/run.ts'
import type { SlowRow } from '../slow/run.ts'
import type { StartRow } from '../start/run.ts'
import type { StormRow } from '../storm/run.ts'
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
  readonly start: readonly StartRow[]
  readonly memory: readonly MemoryRow[]
  readonly fanout: readonly FanOutRow[]
  readonly slow: readonly SlowRow[]
  readonly storm: readonly StormRow[]
  readonly writes: Writes
  readonly bulk: Bulk
  readonly queries: readonly QueryRow[]
}

/** In the order in which they are measured. */
export const parts = ['start', 'memory', 'fanout', 'slow', 'storm', 'writes', 'bulk', 'queries'] as const
export type Part = (typeof parts)[number]

/** Each part with its own circumstances: it may have been measured again without the others. */
export type Results = { readonly [P in Part]?: { readonly circumstances: Circumstances; readonly seconds: number; readonly measured: Measured[P] } }

/** JSON knows no NaN, and nothing else in there is null. */
export const readResults = (path: string): Results =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8'), (_, value) => (value === null ? Number.NaN : value)) as Results) : {}

export const writeResults = (path: string, results: Results): void =>
  writeFileSync(path, `${JSON.stringify(results, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value))}\n`)
