import { randomUUID } from 'node:crypto'
import { AppError } from '../errors.ts'
import { keyText, type SignalKey } from './signal.ts'
import type { Writer } from './writer.ts'

/** Something that lives for a while and can say when it ends: a socket. */
export interface Holder {
  readonly id: string
  onClose(listener: () => void): void
}

/** What the sockets of this node hold: refreshed while they live, removed as soon as they are gone. */
export interface Holdings {
  /** @throws QUOTA_EXCEEDED when the holder has as many signals as one may have */
  claim(holder: Holder, topic: string, key: SignalKey): Claim
  /** Stops refreshing what an owner has in a topic, since it was removed. */
  forget(topic: string, owner: string, client: string | null): void
  /** Renews everything now, since the store may have lost it. */
  refreshAll(): void
  releaseAll(): Promise<void>
}

/** The right of a holder to one entry. */
interface Claim {
  /** Known to all nodes as this holder. */
  readonly holderId: string
  /** The store has taken it: from now on it lives as long as the holder. */
  keep(state: unknown, clock: number, ttlMs: number): Promise<void>
}

interface Held {
  readonly topic: string
  readonly key: SignalKey
  readonly state: unknown
  readonly clock: number
  readonly ttlMs: number
  refreshAtMs: number
}

interface Hand {
  readonly id: string
  readonly held: Map<string, Held>
  isClosed: boolean
}

export const maxSignalsPerHolder = 100
const tickMs = 250
/** The store is away for a moment; when it comes back it may have lost everything. */
const retryDelayMs = 1_000
/** What lives equally long is refreshed in so many strides of its life, all at the same moments: so that it is one call for all in a topic. */
const stridesPerLife = 12
const stridesToRefresh = 4

function refreshTime(ttlMs: number): number {
  const strideMs = ttlMs / stridesPerLife
  return (Math.floor(performance.now() / strideMs) + stridesToRefresh) * strideMs
}

export function createHoldings(writer: Writer, onError: (error: unknown) => void): Holdings {
  const nodeId = randomUUID()
  const hands = new Map<string, Hand>()
  /** Who holds something in a topic: with many sockets, most hold nothing in most. */
  const handsIn = new Map<string, Set<Hand>>()
  const ticker = setInterval(() => refreshDue(performance.now()), tickMs).unref()

  function refreshDue(timeMs: number): void {
    for (const hand of hands.values()) for (const held of hand.held.values()) if (held.refreshAtMs <= timeMs) refreshOrRetry(hand, held)
  }

  function handOf(holder: Holder): Hand {
    const known = hands.get(holder.id)
    if (known) return known
    const hand: Hand = { id: `${nodeId}:${holder.id}`, held: new Map(), isClosed: false }
    hands.set(holder.id, hand)
    holder.onClose(() => {
      hands.delete(holder.id)
      release(hand).catch(onError)
    })
    return hand
  }

  function add(hand: Hand, held: Held): void {
    hand.held.set(nameOf(held.topic, held.key), held)
    handsIn.set(held.topic, (handsIn.get(held.topic) ?? new Set()).add(hand))
  }

  function remove(hand: Hand, { topic, key }: Held): void {
    hand.held.delete(nameOf(topic, key))
    if (hand.held.values().some(other => other.topic === topic)) return
    const left = handsIn.get(topic)
    left?.delete(hand)
    if (left?.size === 0) handsIn.delete(topic)
  }

  async function release(hand: Hand): Promise<void> {
    hand.isClosed = true
    const held = [...hand.held.values()]
    for (const each of held) remove(hand, each)
    await Promise.all(held.map(({ topic, key }) => writer.submit(topic, { kind: 'release', key, holder: hand.id })))
  }

  /** Renews an entry; one that the store has lost, with its whole memory or by a long silence of this node, is put back. */
  async function refresh(hand: Hand, held: Held): Promise<void> {
    const { topic, key, state, clock, ttlMs } = held
    const name = nameOf(topic, key)
    const isStillHeld = () => hand.held.get(name) === held
    const { kind } = await writer.submit(topic, { kind: 'refresh', key, holder: hand.id, ttlMs })
    if (kind === 'done' || !isStillHeld()) return
    const restored = kind === 'missing' && (await writer.submit(topic, { kind: 'set', key, state, clock, ttlMs, holder: hand.id })).kind === 'set'
    if (!restored) {
      if (isStillHeld()) remove(hand, held)
    } else if (!hand.held.has(name)) await writer.submit(topic, { kind: 'release', key, holder: hand.id })
  }

  function refreshOrRetry(hand: Hand, held: Held): void {
    held.refreshAtMs = refreshTime(held.ttlMs)
    refresh(hand, held).catch(error => {
      held.refreshAtMs = Math.min(held.refreshAtMs, performance.now() + retryDelayMs)
      onError(error)
    })
  }

  return {
    claim(holder, topic, key) {
      const hand = handOf(holder)
      const name = nameOf(topic, key)
      if (hand.held.size >= maxSignalsPerHolder && !hand.held.has(name))
        throw new AppError('QUOTA_EXCEEDED', `One connection holds at most ${maxSignalsPerHolder} signals.`)
      return {
        holderId: hand.id,
        async keep(state, clock, ttlMs) {
          if (hand.isClosed) await writer.submit(topic, { kind: 'release', key, holder: hand.id })
          else add(hand, { topic, key, state, clock, ttlMs, refreshAtMs: refreshTime(ttlMs) })
        },
      }
    },
    forget(topic, owner, client) {
      for (const hand of [...(handsIn.get(topic) ?? [])])
        for (const held of [...hand.held.values()])
          if (held.topic === topic && held.key.owner === owner && (client === null || held.key.client === client)) remove(hand, held)
    },
    refreshAll: () => refreshDue(Number.POSITIVE_INFINITY),
    async releaseAll() {
      clearInterval(ticker)
      const all = [...hands.values()]
      hands.clear()
      await Promise.all(all.map(release))
    },
  }
}

const nameOf = (topic: string, key: SignalKey) => `${topic} ${keyText(key)}`
