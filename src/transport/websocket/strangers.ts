import type { Duplex } from 'node:stream'

/** Those who have not proved yet who they are: what they may send, and how long they may take, is limited. */
export interface Strangers<Stranger> {
  add(carrier: Duplex, stranger: Stranger): void
  /** It says who it is: from here on time is ours. */
  heard(carrier: Duplex): void
  /** It was let in, or is gone. */
  remove(carrier: Duplex): void
}

export interface StrangersOptions<Stranger> {
  /** 0: as long as they like. */
  readonly maxMs: number
  onLate(stranger: Stranger): void
  onExcess(stranger: Stranger): void
}

interface Limited<Stranger> {
  readonly stranger: Stranger
  receivedBytes: number
}

/** A token has 8,192 characters at most; with all that frames and JSON add to it, nobody needs more to say who they are. */
const maxBytes = 16 * 1024

/** One timer looks after all. */
export function createStrangers<Stranger>({ maxMs, onLate, onExcess }: StrangersOptions<Stranger>): Strangers<Stranger> {
  const limited = new Map<Duplex, Limited<Stranger>>()
  /** Until when those may be silent who were not heard yet, the first to be late first. */
  const silent = new Map<Duplex, number>()
  let isTimed = false

  function lookAfter(ms: number): void {
    isTimed = true
    setTimeout(look, ms).unref()
  }

  function remove(carrier: Duplex): void {
    limited.delete(carrier)
    silent.delete(carrier)
    carrier.off('data', onData)
  }

  function onData(this: Duplex, bytes: Buffer): void {
    const found = limited.get(this)
    if (!found) return
    found.receivedBytes += bytes.length
    if (found.receivedBytes <= maxBytes) return
    remove(this)
    onExcess(found.stranger)
  }

  function look(): void {
    isTimed = false
    const nowMs = performance.now()
    for (const [carrier, untilMs] of silent) {
      if (untilMs > nowMs) {
        lookAfter(untilMs - nowMs)
        return
      }
      silent.delete(carrier)
      const late = limited.get(carrier)
      if (late) onLate(late.stranger)
    }
  }

  return {
    add(carrier, stranger) {
      limited.set(carrier, { stranger, receivedBytes: 0 })
      carrier.on('data', onData)
      if (maxMs === 0) return
      silent.set(carrier, performance.now() + maxMs)
      if (!isTimed) lookAfter(maxMs)
    },
    heard: carrier => void silent.delete(carrier),
    remove,
  }
}
