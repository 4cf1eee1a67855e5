import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Effort } from '../effort.ts'
import type { Order, Phase } from '../fan-out/orders.ts'
import { names, startSystems } from '../fan-out/systems.ts'
import { startChild } from '../load/child.ts'
import type { Stage, Subject } from '../stage.ts'
import { keepApart } from '../vitals/cores.ts'

export interface MemoryRow {
  readonly system: string
  readonly connections: number
  readonly connectSeconds: number
  /** Of the server while it is connected to and subscribed at. */
  readonly cpuMicrosPerConnection: number
  /**
   * KiB of each connection, resident: subscribed and idle, garbage collected; after some events as it is, and garbage collected; and what of the
   * last JavaScript knows of.
   */
  readonly subscribed: number
  readonly resident: number
  readonly collected: number
  readonly heap: number
}

/** So that what a server makes once, at its first connections, is there before. */
const firstReaders = 500
/** Who was sent nothing yet has not needed all that a connection needs. */
const fewEvents: Phase = { inFlight: null, perSecond: 5, seconds: 1 }
/** The other ways to send with `ws` hold the same sockets. */
const measured = Object.values(names).filter(name => name !== names.prebuilt && name !== names.joined)

export async function runMemory(stage: Stage, effort: Effort['memory']): Promise<readonly MemoryRow[]> {
  await using resources = new AsyncDisposableStack()
  const systems = await startSystems(stage, resources, measured)
  keepApart(systems.map(({ subject }) => subject.pid))
  const rows: MemoryRow[] = []
  for (const { name, subject, open } of systems) {
    await using sockets = new AsyncDisposableStack()
    const target = await open()
    const connect = async (readers: number) => {
      const load = sockets.use(startChild<Order>(join(import.meta.dirname, '../fan-out/load-process.ts')))
      await load.ask({ kind: 'connect', target, readers, groups: 1 })
      return load
    }
    await (await connect(firstReaders)).ask({ kind: 'phase', ...fewEvents })
    const before = await rest(subject, effort.settleMs)
    const startedAt = performance.now()
    const load = await connect(effort.connections)
    const connectSeconds = (performance.now() - startedAt) / 1000
    const cpuMicrosPerConnection = ((await subject.watch.now()).cpuMicros - before.cpuMicros) / effort.connections
    const subscribed = await rest(subject, effort.settleMs)
    await load.ask({ kind: 'phase', ...fewEvents })
    await delay(2 * effort.settleMs)
    const asItIs = await subject.watch.now()
    const collected = await rest(subject, effort.settleMs)
    const kibibytes = (bytes: number) => bytes / 1024 / effort.connections
    const row: MemoryRow = {
      system: name,
      connections: effort.connections,
      connectSeconds,
      cpuMicrosPerConnection,
      subscribed: kibibytes(subscribed.rssBytes - before.rssBytes),
      resident: kibibytes(asItIs.rssBytes - before.rssBytes),
      collected: kibibytes(collected.rssBytes - before.rssBytes),
      heap: kibibytes(collected.heapBytes - before.heapBytes),
    }
    rows.push(row)
    console.log(
      `${effort.connections} connections: ${name}: ${row.subscribed.toFixed(1)} KiB each, ${row.resident.toFixed(1)} after events, ${row.collected.toFixed(1)} after collecting, ${connectSeconds.toFixed(1)} s to connect`,
    )
  }
  return rows
}

/** What is left once garbage is gone; what is freed in the background takes its moment. */
async function rest(subject: Subject, settleMs: number) {
  for (let times = 0; times < 2; times++) {
    await subject.watch.now('collected')
    await delay(settleMs)
  }
  return subject.watch.now('collected')
}
