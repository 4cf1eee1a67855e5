import { join } from 'node:path'
import { createDocument } from '../../examples/replay/api.ts'
import { loadConfig } from '../../src/config.ts'
import { crowdOf } from '../../tests/transport/crowd.ts'
import type { Effort } from '../effort.ts'
import { names } from '../fan-out/systems.ts'
import { startChild } from '../load/child.ts'
import { ask } from '../queries/notes.ts'
import type { Ours, Stage } from '../stage.ts'
import { keepApart } from '../vitals/cores.ts'
import { mustOpen } from '../vitals/files.ts'
import type { Came, Crowd, Order } from './orders.ts'

export interface StormRound {
  readonly back: Came
  /** Of the server’s process, until all were back. */
  readonly cpuSeconds: number
}

export interface StormRow {
  readonly system: string
  readonly sockets: number
  /** Users whose sockets these are. */
  readonly people: number
  readonly rounds: StormRound[]
}

const documents = 20
const missedChanges = 3

/** All sockets of a server are gone, something happens, and all come back at the same moment. */
export async function runStorm(stage: Stage, effort: Effort['storm']): Promise<readonly StormRow[]> {
  const rows: StormRow[] = []
  for (const [name, mode] of [[names.memory, 'embedded'] as const, [names.nodes, 'postgres+redis'] as const]) {
    await using resources = new AsyncDisposableStack()
    const subject = await stage.ours(mode, resources)
    mustOpen(effort.sockets)
    keepApart([subject.pid])
    const crowd = await crowdFor(subject, effort.sockets)
    const load = resources.use(startChild<Order>(join(import.meta.dirname, 'load-process.ts')))
    await load.ask<Came>({ kind: 'come', crowd, changes: 0 })
    const row: StormRow = { system: name, sockets: effort.sockets, people: crowd.tokens.length, rounds: [] }
    let changes = 0
    for (let round = 1; round <= effort.rounds; round++) {
      await load.ask({ kind: 'drop' })
      for (let missed = 0; missed < missedChanges; missed++) await pushEverywhere(subject, crowd, ++changes)
      const before = await subject.watch.now()
      const back = await load.ask<Came>({ kind: 'come', crowd, changes })
      const cpuSeconds = ((await subject.watch.now()).cpuMicros - before.cpuMicros) / 1e6
      await pushEverywhere(subject, crowd, ++changes)
      const { faults } = await load.ask<Came>({ kind: 'wait', changes })
      row.rounds.push({ back: { ...back, faults }, cpuSeconds })
      console.log(
        `storm: ${name}: ${effort.sockets} sockets back in ${back.seconds.toFixed(1)} s (CPU ${cpuSeconds.toFixed(1)} s), ${back.refused} refused ${back.reason}, ${faults} faults`,
      )
    }
    rows.push(row)
  }
  return rows
}

/** Each socket is somebody else's, where there is a database to put so many people into. */
async function crowdFor({ env, url, port, databaseUrl, people }: Ours, sockets: number): Promise<Crowd> {
  const documentIds: string[] = []
  for (let count = 0; count < documents; count++) documentIds.push((await createDocument(url, people, 'followed')).id)
  const tokens = databaseUrl === null ? people.map(({ token }) => token) : await crowdOf(loadConfig(env), sockets, documentIds)
  return { port, sockets, tokens, documentIds }
}

async function pushEverywhere({ url, people: [owner] }: Ours, { documentIds }: Crowd, value: number): Promise<void> {
  const query = 'mutation ($input: PushDeltaInput!) { pushDelta(input: $input) { applied } }'
  const push = (documentId: string) =>
    ask(url, owner.token, query, { input: { documentId, clientId: 'writer', clock: { writer: value }, writes: [{ path: 'count', value }] } })
  await Promise.all(documentIds.map(push))
}
