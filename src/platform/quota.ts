import { LRUCache } from 'lru-cache'

/** So many calls in a window, which begins with the first of them. */
export interface Rule {
  readonly max: number
  readonly windowSeconds: number
}

/** How somebody stands with a quota after a call. */
export interface Standing extends Rule {
  readonly name: string
  /** What is left in this window. */
  readonly remaining: number
  /** Time until the window ends. */
  readonly resetMs: number
  readonly isRefused: boolean
}

/** Counts calls, and says when there were too many. */
export interface Quota {
  /** Counts that many calls at once; those that were refused count as well. */
  take(subject: string, calls: number): Promise<Standing> | Standing
}

/** Counts in a place that may be far away. */
export type Count = (subject: string, calls: number) => Promise<{ readonly remaining: number; readonly resetMs: number; readonly isRefused: boolean }>

/** A hundredth of a quota is fetched at once and used up here: one round trip for many calls, and never more calls than allowed. */
const parts = 100

/** For so many subjects; whoever is forgotten loses a hundredth of a quota. */
const subjectsHeld = 20_000

interface Held {
  calls: number
  /** What is left where all is counted. */
  remaining: number
  endsAtMs: number
  fetching: Promise<Standing | null> | null
}

export function createQuota(name: string, rule: Rule, count: Count): Quota {
  const { max, windowSeconds } = rule
  const atOnce = Math.max(1, Math.floor(max / parts))
  const windowMs = windowSeconds * 1_000
  const heldBy = new LRUCache<string, Held>({ max: subjectsHeld })

  function heldOf(subject: string): Held {
    const known = heldBy.get(subject)
    if (known) return known
    const held: Held = { calls: 0, remaining: 0, endsAtMs: 0, fetching: null }
    heldBy.set(subject, held)
    return held
  }

  /** Null: what is held does not do. */
  function useUp(held: Held, calls: number): Standing | null {
    const resetMs = held.endsAtMs - performance.now()
    if (resetMs <= 0 || held.calls < calls) return null
    held.calls -= calls
    return { name, max, windowSeconds, remaining: held.remaining + held.calls, resetMs, isRefused: false }
  }

  /** Gives how it was refused, or null. */
  async function fetchMore(held: Held, subject: string): Promise<Standing | null> {
    const counted = await count(subject, atOnce)
    if (counted.isRefused) return { name, ...rule, ...counted }
    const endsAtMs = performance.now() + counted.resetMs
    // What is left is worth nothing in the next window. The ends of one and the same differ by the time that answers take.
    const isSameWindow = endsAtMs - held.endsAtMs < windowMs / 2
    held.calls = atOnce + (isSameWindow ? held.calls : 0)
    held.remaining = counted.remaining
    held.endsAtMs = endsAtMs
    return null
  }

  async function useWhatComes(held: Held, subject: string, calls: number): Promise<Standing> {
    for (;;) {
      held.fetching ??= fetchMore(held, subject).finally(() => {
        held.fetching = null
      })
      const standing = (await held.fetching) ?? useUp(held, calls)
      if (standing) return standing
    }
  }

  async function takeThere(subject: string, calls: number): Promise<Standing> {
    return { name, ...rule, ...(await count(subject, calls)) }
  }

  return {
    take(subject, calls) {
      if (calls >= atOnce) return takeThere(subject, calls)
      const held = heldOf(subject)
      return useUp(held, calls) ?? useWhatComes(held, subject, calls)
    },
  }
}
