import { names } from '../fan-out/systems.ts'
import { names as queried } from '../queries/run.ts'
import { shown, table } from './numbers.ts'
import { parts, type Results } from './results.ts'
import { selectFrom } from './select.ts'
import { judge } from './targets.ts'

const readers = 1_000
const writers = 32

/** What whoever chooses a server looks at first, and at once what was not reached. */
export function summary(results: Results): string {
  const { fanOut, memory, pushes, query } = selectFrom(results)
  const feeds = [names.memory, names.nodes, names.yoga, names.apollo, names.mercurius, names.send, names.prebuilt, names.joined]
  const servers = table(
    [
      `${readers.toLocaleString('en')} readers of one stream`,
      'deliveries/s in bursts',
      'µs of CPU a delivery, one at a time',
      'p99 unhurried, ms',
      'KiB a connection, idle',
    ],
    feeds.map(system => [
      system,
      shown(fanOut(system, readers, 1, 'eight', 'perSecond')),
      shown(fanOut(system, readers, 1, 'one', 'cpu')),
      shown(fanOut(system, readers, 1, 'calm', 'p99')),
      shown(memory(system, 'subscribed')),
    ]),
  )
  const asked = table(
    ['HTTP, 32 connections', 'viewer queries/s', 'lists of 50 notes/s'],
    Object.values(queried).map(system => [system, shown(query(system, 'viewer', 'perSecond')), shown(query(system, 'notes', 'perSecond'))]),
  )
  const stores = table(
    [`${writers} writers, durable`, 'pushes/s, 1,000 documents', 'one document'],
    [
      ['Tidemark, sockets', 'postgres', 'socket'],
      ['Tidemark, HTTP', 'postgres', 'http'],
      ['pgbench, the same work in one statement', 'pgbench ', 'direct'],
      ['the driver, the same statement', 'pg, the same', 'direct'],
    ].map(([name = '', system = '', carrier = '']) => [name, ...[1_000, 1].map(documents => shown(pushes(system, carrier, documents, writers)))]),
  )
  const { reached, measured, missed } = judge(results)
  const verdict =
    missed.length === 0
      ? `All ${measured} targets are reached.`
      : `Of ${measured} targets ${reached} are reached. **Not reached:**\n\n${missed.map(text => `- ${text}`).join('\n')}`
  return `${isBusy(results) ? `${busy}\n\n` : ''}Each server has one core, but in the writes. Tidemark signs in, checks, limits, stores, and delivers each change exactly once; the others only send, and
answer the viewer query out of memory without asking who it is. In bursts: eight events in flight.

${servers}

${asked}

${stores}

${verdict}`
}

const busy = '**The machine had done other work up to a minute before, or still did: take the ratios, not the figures.**'
const isBusy = (results: Results) => parts.some(part => (results[part]?.circumstances.loadBefore ?? 0) > 1)
