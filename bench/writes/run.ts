import { join } from 'node:path'
import { Client } from 'pg'
import { createDocument } from '../../examples/replay/api.ts'
import { createBudget, type Effort } from '../effort.ts'
import { type Child, startChild } from '../load/child.ts'
import type { Mode, Ours, Stage } from '../stage.ts'
import { createBaselines } from './baseline.ts'
import type { WriteOrder, WriteOutcome, WriteRound } from './orders.ts'

export interface WriteRow {
  /** A mode of ours, or the name of what it is held against. */
  readonly system: string
  /** `direct`: no server stands between. */
  readonly carrier: 'http' | 'socket' | 'direct'
  readonly documents: number
  readonly writers: number
  /** Whether answers were followed by a pause, so that those who are answered together do not push together. */
  readonly isDeferred: boolean
  readonly rounds: WriteRound[]
}

export interface Writes {
  readonly rows: readonly WriteRow[]
  /** Of the documents on PostgreSQL: how many pushes were acknowledged, and how many changes the log holds of them. */
  readonly acknowledged: number
  readonly stored: number
}

interface Place {
  readonly subject: Ours
  /** Each person's own documents. */
  readonly owners: WriteOrder['owners']
  /** The one document of so many writers: what others have put into it would be carried along. */
  readonly hot: ReadonlyMap<number, string>
  acknowledged: number
}

/** What is to be reached in one mode takes longer for all of them, and says the same. */
const isMeasured = (mode: Mode, carrier: 'http' | 'socket', documents: number, writers: number) =>
  mode === 'postgres' || (writers === 32 && (mode === 'postgres+redis' || (carrier === 'socket' && documents === 1)))

export async function runWrites(stage: Stage, effort: Effort['writes']): Promise<Writes> {
  await using resources = new AsyncDisposableStack()
  const placeFor = async (mode: Mode): Promise<Place> => {
    const subject = await stage.ours(mode, resources)
    const owners = await documentsOf(subject, mode === 'embedded' ? 0 : Math.max(...effort.documents))
    const hot = new Map<number, string>()
    for (const { count } of effort.writers) hot.set(count, (await createDocument(subject.url, subject.people, 'hot')).id)
    return { subject, owners, hot, acknowledged: 0 }
  }
  const places = new Map(await Promise.all(effort.modes.map(async mode => [mode, await placeFor(mode)] as const)))
  const postgres = places.get('postgres') as Place
  const baselines = await createBaselines(postgres.subject.databaseUrl as string, resources)
  const load = resources.use(startChild<WriteOrder>(join(import.meta.dirname, 'load-process.ts')))
  for (const baseline of baselines) await baseline.run(warmWriters, Math.max(...effort.documents), 1)
  for (const [mode, place] of places) await warmUp(load, mode, place, effort)

  const rows: WriteRow[] = []
  const rowOf = (row: Omit<WriteRow, 'rounds'>): WriteRow => {
    const found = rows.find(other => Object.entries(row).every(([name, value]) => other[name as keyof WriteRow] === value))
    if (found) return found
    const made = { ...row, rounds: [] }
    rows.push(made)
    return made
  }
  const note = (row: WriteRow, round: WriteRound) => {
    row.rounds.push(round)
    const how = `${row.carrier}${row.isDeferred ? ', deferred' : ''}`
    console.log(
      `${row.writers} on ${row.documents}: ${row.system} ${how}: ${round.perSecond.toFixed(0)}/s, ${round.cpuMicros.toFixed(0)} µs, p99 ${round.p99.toFixed(1)} ms`,
    )
  }

  const budget = createBudget(effort.budgetSeconds)
  const mostRounds = Math.max(...effort.writers.map(({ rounds }) => rounds))
  for (let round = 1; round <= mostRounds && budget.allows(round); round++)
    for (const documents of effort.documents)
      for (const { count: writers, rounds } of effort.writers) {
        if (round > rounds) continue
        for (const baseline of baselines)
          note(
            rowOf({ system: baseline.name, carrier: 'direct', documents, writers, isDeferred: false }),
            await baseline.run(writers, documents, effort.seconds),
          )
        for (const [mode, place] of places)
          for (const carrier of ['http', 'socket'] as const) {
            if (!isMeasured(mode, carrier, documents, writers)) continue
            const cell = { system: mode, carrier, documents, writers, isDeferred: false }
            const plain = await measure(load, place, { carrier, documents, writers, seconds: effort.seconds, pauseMs: 0 })
            note(rowOf(cell), plain)
            if (mode !== 'postgres' || writers !== 32) continue
            // Twice as many, each of which rests as long as it waits: as many are on their way, and nothing bunches them.
            const deferred = { carrier, documents, writers: writers * 2, seconds: effort.seconds, pauseMs: plain.p50 * 2 }
            note(rowOf({ ...cell, isDeferred: true }), await measure(load, place, deferred, writers))
          }
      }
  return { rows, acknowledged: postgres.acknowledged, stored: await changesOf(postgres) }
}

const warmWriters = 32

/** What nothing has compiled yet is ten times as slow: each server first takes thousands of pushes by each way that is measured. */
async function warmUp(load: Child<WriteOrder>, mode: Mode, place: Place, { documents, warmUpSeconds }: Effort['writes']): Promise<void> {
  for (const carrier of ['http', 'socket'] as const)
    for (const count of documents) {
      if (!isMeasured(mode, carrier, count, warmWriters)) continue
      const seconds = warmUpSeconds / documents.length
      const { perSecond } = await measure(load, place, { carrier, documents: count, writers: warmWriters, seconds, pauseMs: 0 })
      console.log(`warm-up: ${mode} ${carrier}, ${count} documents: ${perSecond.toFixed(0)}/s`)
    }
}

async function measure(
  load: Child<WriteOrder>,
  place: Place,
  { documents, ...cell }: Omit<WriteOrder, 'port' | 'owners'> & { readonly documents: number },
  hotOf = cell.writers,
): Promise<WriteRound> {
  const { subject } = place
  const owners = place.owners.map(({ token, documentIds }) => ({
    token,
    documentIds: documents === 1 ? [place.hot.get(hotOf) as string] : documentIds,
  }))
  const before = await subject.watch.now()
  const { allPushes, ...outcome } = await load.ask<WriteOutcome>({ port: subject.port, owners, ...cell })
  place.acknowledged += allPushes
  return { ...outcome, cpuMicros: ((await subject.watch.now()).cpuMicros - before.cpuMicros) / allPushes }
}

/** As many documents, shared out: whoever made one owns it. */
async function documentsOf({ url, people }: Ours, count: number): Promise<WriteOrder['owners']> {
  return Promise.all(
    people.map(async person => {
      const documentIds: string[] = []
      while (documentIds.length < count / people.length) documentIds.push((await createDocument(url, [person], 'one of many')).id)
      return { token: person.token, documentIds }
    }),
  )
}

/** All changes but those that documents begin with. */
async function changesOf({ subject, owners, hot }: Place): Promise<number> {
  const client = new Client({ connectionString: subject.databaseUrl as string })
  await client.connect()
  const documentIds = [...hot.values(), ...owners.flatMap(owner => owner.documentIds)]
  const { rows } = await client.query('SELECT coalesce(sum(head), 0)::int AS changes FROM streams WHERE id = ANY ($1)', [documentIds])
  await client.end()
  return rows[0].changes
}
