/** So many writers, each pushing as soon as it is answered, or later. */
export interface WriteOrder {
  readonly port: number
  readonly carrier: 'http' | 'socket'
  /** Whose documents are whose: the writers of one token push to these. */
  readonly owners: readonly { readonly token: string; readonly documentIds: readonly string[] }[]
  readonly writers: number
  readonly seconds: number
  /** Milliseconds that a writer waits at most before it pushes again, for a time that is chosen anew each time. */
  readonly pauseMs: number
}

export interface WriteRound {
  readonly perSecond: number
  /** From the send of a push to its answer, in ms; of pgbench, the mean. */
  readonly p50: number
  readonly p99: number
  /** Of the process that is measured, for each push. */
  readonly cpuMicros: number
  readonly loadCpu: number
}

export interface WriteOutcome extends Omit<WriteRound, 'cpuMicros'> {
  /** All of them, those before and after the measured time included. */
  readonly allPushes: number
}
