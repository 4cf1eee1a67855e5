/** What the benchmark and the processes that make its load say to each other. */

/** The sizes of what is measured. */
export interface Crowd {
  readonly chats: number
  readonly membersPerChat: number
  readonly processes: number
}

/** Members of one chat are spread over the processes, so that messages cross from one to the other. */
export const processOf = ({ processes }: Crowd, chat: number, member: number): number => (chat + member) % processes

export interface Start {
  readonly kind: 'start'
  readonly url: string
  readonly crowd: Crowd
  /** Which of the processes this is. */
  readonly process: number
  /** By chat, then by member. */
  readonly tokens: readonly (readonly string[])[]
  readonly chatIds: readonly string[]
}

/** Messages at even distances, whether the ones before are answered or not: through all chats in turn, then by the next member. */
export interface Phase {
  readonly kind: 'phase'
  readonly name: string
  readonly perSecond: number
  readonly seconds: number
  /** On the monotonic clock, which all processes of a machine share. */
  readonly startAtMs: number
}

export interface PhaseOutcome {
  readonly sent: number
  /** Sends that were refused or not answered in time, by what was said. */
  readonly failures: readonly string[]
  /** From each send to each arrival, in ms. */
  readonly latencies: readonly number[]
  /** How much later than planned each message was sent, in ms. */
  readonly delays: readonly number[]
  readonly cpuSeconds: number
}

/** What each member heard, by chat and member: ids of messages, and for anything else its type. */
export type Logs = readonly { readonly chat: number; readonly member: number; readonly heard: readonly string[] }[]

export type Order = Start | Phase | { readonly kind: 'logs' }

export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6
