import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Effort } from '../effort.ts'
import type { Order } from '../fan-out/orders.ts'
import { startSystems } from '../fan-out/systems.ts'
import { startChild } from '../load/child.ts'
import type { Stage, Subject } from '../stage.ts'
import { keepApart } from '../vitals/cores.ts'

export interface MemoryRow {
  readonly system: string
  readonly connections: number
  readonly connectSeconds: number
  /** Of the server while it is connected to and subscribed at. */
  readonly cpuMicrosPerConnection: number
  /** Resident, of the whole process. */
  readonly kibibytesPerConnection: number
  readonly heapKibibytesPerConnection: number
}

/** So that what a server makes once, at its first connections, is there before. */
const firstReaders = 500

export async function runMemory(stage: Stage, effort: Effort['memory']): Promise<readonly MemoryRow[]> {
  await using resources = new AsyncDisposableStack()
  const systems = await startSystems(stage, resources)
  keepApart(systems.map(({ subject }) => subject.pid))
  const rows: MemoryRow[] = []
  for (const { name, subject, open } of systems) {
    await using sockets = new AsyncDisposableStack()
    const target = await open()
    const connect = (readers: number) =>
      sockets.use(startChild<Order>(join(import.meta.dirname, '../fan-out/load-process.ts'))).ask({ kind: 'connect', target, readers, groups: 1 })
    await connect(firstReaders)
    const before = await rest(subject, effort.settleMs)
    const startedAt = performance.now()
    await connect(effort.connections)
    const connectSeconds = (performance.now() - startedAt) / 1000
    const cpuMicrosPerConnection = ((await subject.watch.now()).cpuMicros - before.cpuMicros) / effort.connections
    const after = await rest(subject, effort.settleMs)
    const kibibytesOf = (name: 'rssBytes' | 'heapBytes') => (after[name] - before[name]) / 1024 / effort.connections
    const kibibytesPerConnection = kibibytesOf('rssBytes')
    rows.push({
      system: name,
      connections: effort.connections,
      connectSeconds,
      cpuMicrosPerConnection,
      kibibytesPerConnection,
      heapKibibytesPerConnection: kibibytesOf('heapBytes'),
    })
    console.log(
      `${effort.connections} connections: ${name}: ${kibibytesPerConnection.toFixed(1)} KiB each, ${connectSeconds.toFixed(1)} s to connect`,
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
