import type { Operation } from '../load/graphql-wire.ts'
import type { Percentiles } from '../load/histogram.ts'

/** What readers follow, and how it is made to say something. */
export interface Target {
  readonly port: number
  /** Characters that an event carries. */
  readonly valueLength: number
  /** Null where a socket is all there is: then the text itself is what is sent. */
  readonly graphql: {
    readonly tokens: readonly (string | null)[]
    readonly subscribe: Operation
    /** Of the mutation, with a variable that the kind says how to fill. */
    readonly publish: { readonly kind: 'pushDelta'; readonly documentId: string } | { readonly kind: 'publish' }
  } | null
}

export type Order =
  | { readonly kind: 'connect'; readonly target: Target; readonly readers: number; readonly groups: number }
  | ({ readonly kind: 'phase' } & Phase)

/** So many events on their way at any time, or so many each second whatever becomes of them. */
export interface Phase {
  readonly inFlight: number | null
  readonly perSecond: number | null
  readonly seconds: number
}

export interface Outcome {
  readonly events: number
  /** Events are numbered from 1, and go on from phase to phase. */
  readonly lastNumber: number
  readonly deliveries: number
  readonly seconds: number
  /** From the send of an event to its arrival at each reader, in ms. */
  readonly arrival: Percentiles
  /** Deliveries that did not come, came twice, or came to readers in different orders. */
  readonly lost: number
  readonly doubled: number
  readonly isInOneOrder: boolean
  /** Share of a core that this process used. */
  readonly loadCpu: number
}
