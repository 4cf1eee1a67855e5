/** Whose signal it is. One owner may have several clients: devices, windows, sockets. */
export interface SignalKey {
  readonly owner: string
  readonly client: string
}

/** What someone says of the moment. `state` null: they no longer do. */
export interface Signal {
  readonly key: SignalKey
  readonly state: unknown
  readonly clock: number
}

/** A signal as it travels: in a topic, a higher version is always the newer one. */
export interface SignalChange extends Signal {
  readonly version: number
  /** How long it lasts from now, in milliseconds, unless it is refreshed. */
  readonly ttlMs: number
}

export const maxSignalsPerTopic = 1_000
export const maxSignalsPerOwner = 32

/** One text for each key, that begins with `ownerPrefix` of its owner and of no other. */
export const keyText = ({ owner, client }: SignalKey): string => JSON.stringify([owner, client])

export const ownerPrefix = (owner: string): string => `${JSON.stringify([owner]).slice(0, -1)},`

export function keyOf(text: string): SignalKey {
  const [owner, client] = JSON.parse(text) as [string, string]
  return { owner, client }
}
