/** Readers that stop reading, and go on when they are told to, in a process of their own. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Target } from '../fan-out/orders.ts'
import { obey } from '../load/child.ts'
import { answeredPing, openGraphqlWire, started } from '../load/graphql-wire.ts'
import { numberIn } from '../load/numbered.ts'
import type { Wire } from '../load/wire.ts'
import type { CaughtUp, Order } from './orders.ts'

const waitMs = 60_000

interface Reader {
  readonly wire: Wire
  /** The number of the event it had last; 0 before the first. */
  last: number
}

const readers: Reader[] = []
const state = { faults: 0, closed: 0 }

async function open({ port, graphql }: Target, index: number): Promise<void> {
  if (!graphql) throw new Error('Readers that stall follow a subscription.')
  const wire = await openGraphqlWire(port, graphql.tokens[index % graphql.tokens.length] ?? null)
  const reader: Reader = { wire, last: 0 }
  readers.push(reader)
  const { promise, resolve } = Promise.withResolvers<void>()
  wire.onClose = () => void state.closed++
  wire.onMessage = (data, start, end) => {
    if (answeredPing(wire, data, start, end)) return
    // The first says that the feed has begun.
    resolve()
    const number = numberIn(data, start, end)
    if (number < 0) return
    if (reader.last > 0 && number !== reader.last + 1) state.faults++
    reader.last = number
  }
  wire.send(started('1', graphql.subscribe))
  return promise
}

async function connect(target: Target, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await open(target, index)
}

async function readUpTo(number: number): Promise<CaughtUp> {
  const from = performance.now()
  for (const { wire } of readers) wire.resume()
  while (readers.some(({ last }) => last < number)) {
    if (state.closed > 0) throw new Error(`${state.closed} slow readers were closed.`)
    if (performance.now() - from > waitMs) throw new Error('Slow readers did not catch up.')
    await delay(5)
  }
  return { seconds: (performance.now() - from) / 1000, faults: state.faults }
}

async function stall(): Promise<void> {
  for (const { wire } of readers) wire.pause()
}

obey<Order>(order => (order.kind === 'connect' ? connect(order.target, order.readers) : order.kind === 'stall' ? stall() : readUpTo(order.upTo)))
