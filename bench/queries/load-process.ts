/** Asks one thing over and over, on connections that stay open, in a process of its own. */
import { obey } from '../load/child.ts'
import { createHistogram } from '../load/histogram.ts'
import { openHttpLine, requestOf } from '../load/http-line.ts'
import type { QueryOrder, QueryOutcome } from './orders.ts'

const warmUpSeconds = 0.2

async function measure({ port, token, query, connections, seconds }: QueryOrder): Promise<QueryOutcome> {
  const request = requestOf(port, token, { query })
  const lines = await Promise.all(Array.from({ length: connections }, () => openHttpLine(port)))
  const first = (await lines[0]?.send(request)) ?? ''
  const histogram = createHistogram()
  const startedAt = performance.now()
  const from = startedAt + warmUpSeconds * 1000
  const to = from + seconds * 1000
  const cpu = process.cpuUsage()
  let allQueries = 1
  await Promise.all(
    lines.map(async line => {
      for (let now = performance.now(); now < to; ) {
        const answer = await line.send(request)
        if (answer !== first) throw new Error(`It once said ${first} and then ${answer}.`)
        allQueries++
        const sentAt = now
        now = performance.now()
        if (sentAt >= from && now < to) histogram.record(now - sentAt)
      }
    }),
  )
  const { user, system } = process.cpuUsage(cpu)
  const loadCpu = (user + system) / 1000 / (performance.now() - startedAt)
  for (const line of lines) line.close()
  const { count, p50, p99 } = histogram.percentiles()
  return { perSecond: count / seconds, p50, p99, loadCpu, allQueries }
}

obey(measure)
