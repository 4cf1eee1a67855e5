import type { Target } from '../fan-out/orders.ts'

export type Order =
  | { readonly kind: 'connect'; readonly target: Target; readonly readers: number }
  | { readonly kind: 'stall' }
  /** Read until all have had the event with this number. */
  | { readonly kind: 'read'; readonly upTo: number }

export interface CaughtUp {
  readonly seconds: number
  /** Events that did not come, came twice, or came in another order. */
  readonly faults: number
}
