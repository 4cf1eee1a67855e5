import type { SignalChange, SignalKey } from './signal.ts'

/** Where the signals of all nodes are kept, and where it is decided which of two is newer. */
export interface SignalStore extends AsyncDisposable {
  /** Does one thing after the other, without anybody else in between. */
  apply(topic: string, operations: readonly SignalOperation[]): Promise<Applied>
  /** The state of a topic; entries up to version `since` come without their state. */
  read(topic: string, since: number): Promise<TopicState>
  /** The last version of each topic; 0 where there is nothing. */
  heads(topics: readonly string[]): Promise<readonly number[]>
}

export type SignalOperation =
  | {
      readonly kind: 'set'
      readonly key: SignalKey
      readonly state: unknown
      /** Null: newer than whatever is there. */
      readonly clock: number | null
      readonly ttlMs: number
      readonly holder: string | null
    }
  /** Lets an entry live on, if it is still the holder's. */
  | { readonly kind: 'refresh'; readonly key: SignalKey; readonly holder: string; readonly ttlMs: number }
  /** Removes an entry, if it is still the holder's; it may come back with any clock. */
  | { readonly kind: 'release'; readonly key: SignalKey; readonly holder: string }
  /** Removes what an owner has, or one client of theirs; nobody's refresh brings it back. */
  | { readonly kind: 'clear'; readonly owner: string; readonly client: string | null; readonly ttlMs: number }

export type Outcome =
  | { readonly kind: 'done' }
  /** A `set` that won. */
  | { readonly kind: 'set'; readonly clock: number }
  /** A `set` that lost, and to what. */
  | { readonly kind: 'kept'; readonly clock: number; readonly state: unknown }
  /** A `set` for which there is no room. */
  | { readonly kind: 'full' }
  /** A `refresh` of something that is not there, or that another holder has taken over. */
  | { readonly kind: 'missing' | 'foreign' }

interface Applied {
  /** One for each operation. */
  readonly outcomes: readonly Outcome[]
  /** What is different now, each key once, expired entries among them. */
  readonly changes: readonly SignalChange[]
}

interface TopicState {
  readonly head: number
  /** Text of each living key, with the time it has left in milliseconds. */
  readonly live: ReadonlyMap<string, number>
  /** Entries with a version above `since`. */
  readonly entries: readonly SignalChange[]
  /** What was found expired and was removed by this call, and by no other. */
  readonly removed: readonly SignalChange[]
}

/** The rule of y-protocols: the higher clock wins; of equal ones, the removal. */
export const wins = (clock: number, state: unknown, current: { readonly clock: number; readonly state: unknown }): boolean =>
  clock > current.clock || (clock === current.clock && state === null && current.state !== null)
