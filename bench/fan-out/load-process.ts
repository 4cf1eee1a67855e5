/** Readers of one stream of events, and who sends them, in a process of its own. */
import { setTimeout as delay } from 'node:timers/promises'
import { obey } from '../load/child.ts'
import { answeredPing, openGraphqlWire, started } from '../load/graphql-wire.ts'
import { createHistogram } from '../load/histogram.ts'
import { numberIn, valueFor } from '../load/numbered.ts'
import { openWire, type Wire } from '../load/wire.ts'
import type { Order, Outcome, Phase, Target } from './orders.ts'

interface Reader {
  count: number
  /** Of what came, in its order. */
  digest: number
}

const connectAtOnce = 100
const settleTries = 20
const settleWaitMs = 3_000
const lossWaitMs = 10_000
/** A power of two, far above what is ever on its way. */
const remembered = 1 << 16
const sentAt = new Float64Array(remembered)
const missing = new Int32Array(remembered)

const readers: Reader[] = []
const state = {
  publish: (_first: number, _count: number): void => {},
  next: 1,
  histogram: createHistogram(),
  open: 0,
  heard: 0,
  doubled: 0,
  isClosed: false,
  onWhole: () => {},
}

function hear(reader: Reader, data: Buffer, start: number, end: number): void {
  const number = numberIn(data, start, end)
  if (number < 0) return
  const slot = number & (remembered - 1)
  state.histogram.record(performance.now() - (sentAt[slot] ?? 0))
  reader.count++
  state.heard++
  reader.digest = (Math.imul(reader.digest, 31) + number) | 0
  const left = (missing[slot] ?? 0) - 1
  missing[slot] = left
  if (left === 0) {
    state.open--
    state.onWhole()
  } else if (left < 0) state.doubled++
}

function send(count: number): void {
  const now = performance.now()
  for (let number = state.next; number < state.next + count; number++) {
    sentAt[number & (remembered - 1)] = now
    missing[number & (remembered - 1)] = readers.length
  }
  state.publish(state.next, count)
  state.next += count
  state.open += count
}

async function connect(target: Target, count: number, groups: number): Promise<void> {
  state.publish = await openPublisher(target)
  let index = 0
  await Promise.all(
    Array.from({ length: Math.min(connectAtOnce, count) }, async () => {
      while (index < count) await openReader(target, index++, groups)
    }),
  )
  await settle()
}

async function openReader({ port, graphql }: Target, index: number, groups: number): Promise<void> {
  const reader: Reader = { count: 0, digest: 0 }
  const wire = graphql ? await openGraphqlWire(port, graphql.tokens[index % graphql.tokens.length] ?? null) : await openWire(port, '/', null)
  wire.onClose = () => {
    state.isClosed = true
  }
  readers.push(reader)
  if (!graphql) {
    wire.onMessage = (data, start, end) => hear(reader, data, start, end)
    return
  }
  wire.onMessage = (data, start, end) => {
    if (!answeredPing(wire, data, start, end)) hear(reader, data, start, end)
  }
  const name = `Reader${index % groups}`
  wire.send(
    started('1', { ...graphql.subscribe, operationName: name, query: graphql.subscribe.query.replace('subscription', `subscription ${name}`) }),
  )
}

async function openPublisher({ port, graphql, valueLength }: Target): Promise<typeof state.publish> {
  if (!graphql) {
    const wire = await openWire(port, '/publish', null)
    return (first, count) => wire.sendAll(numbers(first, count).map(number => valueFor(number, valueLength)))
  }
  const wire: Wire = await openGraphqlWire(port, graphql.tokens[0] ?? null)
  wire.onMessage = (data, start, end) => {
    const text = data.toString('latin1', start, end)
    if (!answeredPing(wire, data, start, end) && !text.includes('"complete"') && !text.includes(':true')) throw new Error(text)
  }
  const { publish } = graphql
  const operationOf = (number: number) => {
    if (publish.kind === 'publish')
      return { query: 'mutation ($value: String!) { publish(value: $value) }', variables: { value: valueFor(number, valueLength) } }
    // Many fields by many clients, so that none of them loses to another that is on its way at the same time.
    const slot = `t${String(number % 64).padStart(3, '0')}`
    const input = {
      documentId: publish.documentId,
      clientId: slot,
      clock: { [slot]: number },
      writes: [{ path: slot, value: valueFor(number, valueLength) }],
    }
    return { query: 'mutation ($input: PushDeltaInput!) { pushDelta(input: $input) { applied } }', variables: { input } }
  }
  return (first, count) => wire.sendAll(numbers(first, count).map(number => started(`p${number}`, operationOf(number))))
}

const numbers = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)

/** Until one event came to everybody: nothing says of every server that its readers listen. */
async function settle(): Promise<void> {
  for (let tries = 0; tries < settleTries; tries++) {
    send(1)
    for (const deadline = performance.now() + settleWaitMs; state.open > 0 && performance.now() < deadline; ) await delay(5)
    if (state.open === 0) return
    state.open = 0
    await delay(200)
  }
  throw new Error('An event did not come to all readers.')
}

async function run({ inFlight, perSecond, seconds }: Phase): Promise<Outcome> {
  for (const reader of readers) Object.assign(reader, { count: 0, digest: 0 })
  Object.assign(state, { histogram: createHistogram(), open: 0, heard: 0, doubled: 0 })
  const first = state.next
  const cpu = process.cpuUsage()
  const from = performance.now()
  const to = from + seconds * 1000
  let due = 0
  state.onWhole = () => {
    // All that came in one go is followed by as many in one go.
    if (inFlight !== null && due++ === 0)
      setImmediate(() => {
        const count = due
        due = 0
        if (performance.now() < to) send(count)
      })
  }
  if (inFlight !== null) send(inFlight)
  if (perSecond !== null)
    for (let event = 0; event < seconds * perSecond; event++) {
      await delay(Math.max(0, from + (event * 1000) / perSecond - performance.now()))
      send(1)
    }
  for (let before = 0, quietSince = from; !state.isClosed; await delay(2)) {
    const now = performance.now()
    if (state.open === 0 && now >= to - 1) break
    if (state.heard !== before) quietSince = now
    before = state.heard
    if (now - quietSince > lossWaitMs) break
  }
  state.onWhole = () => {}
  const took = (performance.now() - from) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const events = state.next - first
  const deliveries = state.heard
  return {
    events,
    lastNumber: state.next - 1,
    deliveries,
    seconds: took,
    arrival: state.histogram.percentiles(),
    lost: readers.reduce((sum, { count }) => sum + Math.max(0, events - count), 0),
    doubled: state.doubled,
    isInOneOrder: new Set(readers.map(({ digest }) => digest)).size === 1,
    loadCpu: (user + system) / 1e6 / took,
  }
}

obey<Order>(order => (order.kind === 'connect' ? connect(order.target, order.readers, order.groups) : run(order)))
