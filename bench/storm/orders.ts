export type Order =
  /** Open all sockets at once and go on where each was, until each has had so many changes. */
  | { readonly kind: 'come'; readonly crowd: Crowd; readonly changes: number }
  /** Until each has had so many changes. */
  | { readonly kind: 'wait'; readonly changes: number }
  | { readonly kind: 'drop' }

export interface Crowd {
  readonly port: number
  readonly sockets: number
  /** Socket by socket, from the beginning again where there are fewer. */
  readonly tokens: readonly string[]
  readonly documentIds: readonly string[]
}

export interface Came {
  readonly seconds: number
  readonly refused: number
  /** What one of those refused was told. */
  readonly reason: string
  /** Changes that did not come, came twice, or came in another order. */
  readonly faults: number
}
