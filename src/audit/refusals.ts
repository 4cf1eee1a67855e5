import { AsyncLocalStorage } from 'node:async_hooks'
import { networkOf } from '../platform/addresses.ts'
import type { Logger } from '../platform/logger.ts'
import type { Noted } from './noted.ts'

/**
 * What was refused, of which an attacker can make millions: the first of a kind is noted at once, what comes after it is counted and
 * noted once a minute. Of too many kinds from one network those are one, and of too many networks those as well.
 */
export interface Refusals extends AsyncDisposable {
  /** Costs its caller nothing, and never fails. */
  tell(refusal: Noted): void
}

export interface RefusalsDeps {
  /** Keeps several at once. */
  readonly write: (refusals: readonly Noted[]) => Promise<void>
  readonly logger: Logger
  readonly windowMs?: number
}

interface Tally {
  readonly refusal: Noted
  /** How many there were since the last entry about them. */
  count: number
  notedAt: number
}

/** How many kinds are told apart in a window. */
const most = { ofNetwork: 10, exact: 100, networks: 50 }
const mostWaiting = 500
const gatherMs = 20

export function createRefusals({ write, logger, windowMs = 60_000 }: RefusalsDeps): Refusals {
  const exact = new Map<string, Tally>()
  const perNetwork = new Map<string, number>()
  const ofNetworks = new Map<string, Tally>()
  const ofActions = new Map<string, Tally>()
  let waiting: Noted[] = []
  let writing: Promise<void> | null = null
  let gathering: NodeJS.Timeout | null = null
  // Refusals are told of inside of transactions too, and what is written is no part of those.
  const outside = AsyncLocalStorage.snapshot()

  function tell(refusal: Noted): void {
    const { actor, action, note } = refusal
    const network = `${action} ${actor.ip === null ? '' : networkOf(actor.ip)}`
    const key = JSON.stringify([network, actor.userId, actor.by, note])
    const known = exact.get(key)
    if (known) known.count++
    else if (exact.size < most.exact && (perNetwork.get(network) ?? 0) < most.ofNetwork) {
      perNetwork.set(network, (perNetwork.get(network) ?? 0) + 1)
      begin(exact, key, refusal)
    } else if (ofNetworks.has(network) || ofNetworks.size < most.networks) {
      count(ofNetworks, network, { actor: { userId: null, ip: actor.ip }, action, note: { details: { various: true } } })
    } else count(ofActions, action, { actor: { userId: null, ip: null }, action, note: { details: { various: true } } })
  }

  function count(tallies: Map<string, Tally>, key: string, refusal: Noted): void {
    const known = tallies.get(key)
    if (known) known.count++
    else begin(tallies, key, refusal)
  }

  function begin(tallies: Map<string, Tally>, key: string, refusal: Noted): void {
    tallies.set(key, { refusal, count: 0, notedAt: performance.now() })
    waiting.push(refusal)
    gathering ??= outside(() => setTimeout(flush, gatherMs))
  }

  /** Notes what was counted before `until`; what did not come again is forgotten. */
  function sum(until: number): void {
    for (const tallies of [exact, ofNetworks, ofActions]) {
      for (const [key, tally] of tallies) {
        if (tally.notedAt > until || waiting.length >= mostWaiting) continue
        if (tally.count === 0) forget(tallies, key)
        else {
          const { actor, action, note } = tally.refusal
          waiting.push({ actor, action, note: { ...note, details: { ...note.details, count: tally.count } } })
          tally.count = 0
          tally.notedAt = performance.now()
        }
      }
    }
  }

  function forget(tallies: Map<string, Tally>, key: string): void {
    tallies.delete(key)
    if (tallies !== exact) return
    const [network] = JSON.parse(key) as [string]
    const left = (perNetwork.get(network) ?? 0) - 1
    if (left > 0) perNetwork.set(network, left)
    else perNetwork.delete(network)
  }

  function flush(): void {
    gathering = null
    if (writing || waiting.length === 0) return
    const batch = waiting
    waiting = []
    writing = write(batch)
      .catch(error => {
        // While the database is away; they are tried again with the next ones, or with the next sum.
        waiting = [...batch, ...waiting]
        logger.warn({ err: error, refusals: waiting.length }, 'could not note what was refused; trying again later')
        return 'failed'
      })
      .then(outcome => {
        writing = null
        if (outcome !== 'failed') flush()
      })
  }

  const timer = setInterval(() => {
    sum(performance.now() - windowMs)
    flush()
  }, windowMs / 4)
  timer.unref()

  return {
    tell,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      if (gathering) clearTimeout(gathering)
      while (writing) await writing
      sum(Number.POSITIVE_INFINITY)
      flush()
      while (writing) await writing
    },
  }
}
