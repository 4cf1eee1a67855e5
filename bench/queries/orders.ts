export interface QueryOrder {
  readonly port: number
  readonly token: string | null
  readonly query: string
  readonly connections: number
  readonly seconds: number
}

export interface QueryOutcome {
  readonly perSecond: number
  /** From the send of a query to its whole answer, in ms. */
  readonly p50: number
  readonly p99: number
  readonly loadCpu: number
  /** All of them, those before and after the measured time included. */
  readonly allQueries: number
}
