/** Makes the load, in a process of its own: a cell comes in as a message, and what was measured goes back. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Carrier, overHttp, overSocket } from './carriers.ts'
import type { Cell, Measured } from './cell.ts'

const pushDelta = 'mutation ($input: PushDeltaInput!) { pushDelta(input: $input) { applied } }'
const feed = 'subscription ($id: ID!) { documentChanges(documentId: $id) { ... on DocumentDelta { writes { value } } } }'
/** The same length for each, and long enough to be a line of text. */
const textOf = (writer: number, count: number) => `${writer}:${count}`.padEnd(64, '.')
const warmUpSeconds = 0.3
const lossWaitMs = 5_000
let runs = 0

interface Delivered {
  readonly data: { readonly documentChanges: { readonly writes?: readonly [{ readonly value: string }] } }
}

async function measure({ url, tokens, documentIds, carrier, writers, seconds }: Cell): Promise<Measured> {
  const run = runs++
  const sentAt = new Map<string, number>()
  const latencies: number[] = []
  const tokenOf = (writer: number) => tokens[writer % tokens.length] as string
  await using resources = new AsyncDisposableStack()

  const reader = resources.use(await overSocket(url, tokenOf(0)))
  const hear = (payload: unknown) => {
    const [write] = (payload as Delivered).data.documentChanges.writes ?? []
    const sent = write && sentAt.get(write.value)
    if (sent === undefined) return
    sentAt.delete(write?.value ?? '')
    if (sent >= from && sent < to) latencies.push(performance.now() - sent)
  }
  await Promise.all(documentIds.map(id => reader.subscribe({ query: feed, variables: { id } }, hear)))
  const carriers: Carrier[] = []
  for (let writer = 0; writer < writers; writer++)
    carriers.push(resources.use(carrier === 'http' ? overHttp(url, tokenOf(writer)) : await overSocket(url, tokenOf(writer))))

  const from = performance.now() + warmUpSeconds * 1000
  const to = from + seconds * 1000
  let pushes = 0
  let allPushes = 0
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  await Promise.all(carriers.map(work))
  const { user, system } = process.cpuUsage(cpu)
  const loadCpu = (user + system) / 1000 / (performance.now() - startedAt)
  for (const deadline = Date.now() + lossWaitMs; sentAt.size > 0; await delay(5))
    if (Date.now() > deadline) throw new Error(`${sentAt.size} pushes did not arrive.`)
  latencies.sort((a, b) => a - b)
  const percentile = (share: number) => latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN
  return { pushesPerSecond: pushes / seconds, arriveP50: percentile(0.5), arriveP99: percentile(0.99), loadCpu, allPushes }

  async function work(carrier: Carrier, writer: number): Promise<void> {
    const clientId = `writer ${writer} of run ${run} at ${process.pid}`
    for (let counter = 1; performance.now() < to; counter++) {
      const documentId = documentIds[Math.floor(Math.random() * documentIds.length)]
      const value = textOf(writer, counter)
      const path = `${writer} ${1 + Math.floor(Math.random() * 100)}`
      sentAt.set(value, performance.now())
      const answer = await carrier.send({
        query: pushDelta,
        variables: { input: { documentId, clientId, clock: { [clientId]: counter }, writes: [{ path, value }] } },
      })
      if (!answer.includes('"applied":true')) throw new Error(answer)
      allPushes++
      const answeredAt = performance.now()
      if (answeredAt >= from && answeredAt < to) pushes++
    }
  }
}

process.on('message', (cell: Cell) => {
  measure(cell).then(
    measured => process.send?.(measured),
    error => {
      console.error(error)
      process.exit(1)
    },
  )
})
