/** What a domain hands to the feed. */
export interface NewChange {
  readonly kind: string
  readonly payload: unknown
  readonly actorId: string | null
  readonly clientId: string | null
  /** The client's own count of its changes; null for a change that no vector clock can say it has seen. */
  readonly clientCounter: number | null
}

/** A change in its place: within a stream, sequences go 1, 2, 3, … in the order of the commits. */
export interface Change extends NewChange {
  readonly streamId: string
  readonly seq: number
  readonly at: Date
}
