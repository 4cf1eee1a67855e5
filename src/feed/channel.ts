import type { Unsubscribe } from '../platform/bus.ts'
import type { Change } from './change.ts'
import { createRecent } from './recent.ts'
import type { Extent } from './store.ts'

/** One stream as one node sees it: whatever the bus does, `position` only moves forward, and past every change in turn. */
export interface Channel {
  readonly streamId: string
  /** Every change up to this one has been seen. */
  readonly position: number
  /** What came behind `seq`, or null when it has to be read from the log. */
  recent(seq: number): readonly Change[] | null
  /** Calls back whenever `position` has moved. */
  onAdvance(listener: () => void): Unsubscribe
  /** Takes a change from the bus, which may be any change, at any time. */
  offer(change: Change): void
  /** Says that the log may reach to `head`. */
  advanceTo(head: number): Promise<void>
}

export interface ChannelDeps {
  readonly streamId: string
  /** Head of the stream after the channel started to listen. */
  readonly position: number
  readonly readLog: (after: number) => Promise<readonly Change[]>
  readonly readExtent: () => Promise<Extent | null>
  readonly onError: (error: unknown) => void
}

export function createChannel({ streamId, position: start, readLog, readExtent, onError }: ChannelDeps): Channel {
  const listeners = new Set<() => void>()
  const recent = createRecent()
  let position = start
  let claimed = start
  let catchingUp: Promise<void> | null = null

  function accept(change: Change): void {
    position = change.seq
    recent.push(change)
  }

  function wake(): void {
    for (const listener of listeners) listener()
  }

  async function readOn(): Promise<void> {
    let stoodAt = -1
    try {
      while (position < claimed) {
        const changes = await readLog(position)
        if (changes[0]?.seq === position + 1) for (const change of changes) accept(change)
        else {
          const isAgain = stoodAt === position
          stoodAt = position
          await askLog(isAgain)
        }
        wake()
      }
    } finally {
      catchingUp = null
    }
  }

  /** The log does not go on where this channel stands: what is next was pruned, or is not there yet, or never will be. */
  async function askLog(isAgain: boolean): Promise<void> {
    // From here on only the log itself is believed, and whoever speaks after it was asked.
    claimed = position
    const extent = await readExtent()
    if (!extent) return
    if (extent.floor > position) {
      position = extent.floor
      recent.clear()
    } else if (extent.head > position && isAgain) throw new Error(`The log of ${streamId} has a hole behind ${position}.`)
    claimed = Math.max(claimed, extent.head)
  }

  /** One reading of the log at a time; whoever asks meanwhile joins it. */
  function catchUp(): Promise<void> {
    catchingUp ??= readOn()
    return catchingUp
  }

  return {
    streamId,
    get position() {
      return position
    },
    recent: seq => (seq > position ? [] : recent.after(seq)),
    onAdvance(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    offer(change) {
      claimed = Math.max(claimed, change.seq)
      if (catchingUp || change.seq <= position) return
      if (change.seq === position + 1) {
        accept(change)
        wake()
      } else catchUp().catch(onError)
    },
    async advanceTo(head) {
      claimed = Math.max(claimed, head)
      if (position < claimed) await catchUp()
    },
  }
}
