/** Writers, in a process of its own. */
import { setTimeout as delay } from 'node:timers/promises'
import { obey } from '../load/child.ts'
import { answeredPing, openGraphqlWire, started } from '../load/graphql-wire.ts'
import { createHistogram } from '../load/histogram.ts'
import { openHttpLine, requestOf } from '../load/http-line.ts'
import type { WriteOrder, WriteOutcome } from './orders.ts'

const query = 'mutation ($input: PushDeltaInput!) { pushDelta(input: $input) { applied } }'
const applied = '"applied":true'
const warmUpSeconds = 0.2
/** The same length for each, and long enough to be a line of text. */
const textOf = (writer: number, count: number) => `${writer}:${count}`.padEnd(64, '.')
let orders = 0

interface Writer {
  /** @throws Error when it was not applied */
  push(operation: { readonly query: string; readonly variables: Record<string, unknown> }): Promise<void>
  close(): void
}

async function overHttp(port: number, token: string): Promise<Writer> {
  const line = await openHttpLine(port)
  return {
    async push(operation) {
      const answer = await line.send(requestOf(port, token, operation))
      if (!answer.includes(applied)) throw new Error(answer)
    },
    close: line.close,
  }
}

async function overSocket(port: number, token: string): Promise<Writer> {
  const wire = await openGraphqlWire(port, token)
  let waiting: PromiseWithResolvers<void> | null = null
  let ids = 0
  wire.onClose = () => waiting?.reject(new Error('The socket was closed.'))
  wire.onMessage = (data, start, end) => {
    if (answeredPing(wire, data, start, end)) return
    const text = data.toString('latin1', start, end)
    if (text.includes(applied)) waiting?.resolve()
    else if (!text.includes('"complete"')) waiting?.reject(new Error(text))
  }
  return {
    push(operation) {
      waiting = Promise.withResolvers<void>()
      wire.send(started(String(ids++), operation))
      return waiting.promise
    },
    close() {
      wire.onClose = () => {}
      wire.close()
    },
  }
}

async function measure({ port, carrier, owners, writers: count, seconds, pauseMs }: WriteOrder): Promise<WriteOutcome> {
  const order = orders++
  const histogram = createHistogram()
  const ownerOf = (writer: number) => owners[writer % owners.length] as WriteOrder['owners'][number]
  const open = carrier === 'http' ? overHttp : overSocket
  const writers = await Promise.all(Array.from({ length: count }, (_, writer) => open(port, ownerOf(writer).token)))
  const startedAt = performance.now()
  const from = startedAt + warmUpSeconds * 1000
  const to = from + seconds * 1000
  const cpu = process.cpuUsage()
  let allPushes = 0

  await Promise.all(
    writers.map(async (writer, index) => {
      const clientId = `writer ${index} of ${order} at ${process.pid}`
      const { documentIds } = ownerOf(index)
      for (let counter = 1; performance.now() < to; counter++) {
        if (pauseMs > 0) await delay(Math.random() * pauseMs)
        const documentId = documentIds[Math.floor(Math.random() * documentIds.length)]
        const writes = [{ path: `${index} ${1 + Math.floor(Math.random() * 100)}`, value: textOf(index, counter) }]
        const sentAt = performance.now()
        await writer.push({ query, variables: { input: { documentId, clientId, clock: { [clientId]: counter }, writes } } })
        allPushes++
        const answeredAt = performance.now()
        if (sentAt >= from && answeredAt < to) histogram.record(answeredAt - sentAt)
      }
    }),
  )
  const { user, system } = process.cpuUsage(cpu)
  const loadCpu = (user + system) / 1000 / (performance.now() - startedAt)
  for (const writer of writers) writer.close()
  const { count: pushes, p50, p99 } = histogram.percentiles()
  return { perSecond: pushes / seconds, p50, p99, loadCpu, allPushes }
}

obey(measure)
