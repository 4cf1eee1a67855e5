/** One thing to measure: so many writers, each pushing as fast as it is answered. */
export interface Cell {
  readonly url: string
  readonly tokens: readonly string[]
  readonly documentIds: readonly string[]
  readonly carrier: 'http' | 'socket'
  readonly writers: number
  readonly seconds: number
}

export interface Measured {
  readonly pushesPerSecond: number
  /** From the send of a push to its arrival at another socket's subscription, in milliseconds. */
  readonly arriveP50: number
  readonly arriveP99: number
  /** Share of one core that the load generator used: near 1, it is what is measured. */
  readonly loadCpu: number
  /** All of them, those outside the measured time included. */
  readonly allPushes: number
}
