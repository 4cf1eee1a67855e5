import { join } from 'node:path'
import { createBudget, type Effort } from '../effort.ts'
import { startChild } from '../load/child.ts'
import type { Mode, Stage, Subject } from '../stage.ts'
import { keepApart } from '../vitals/cores.ts'
import { ask, fillNotebook } from './notes.ts'
import type { QueryOrder, QueryOutcome } from './orders.ts'

export type QueryName = 'viewer' | 'notes'

export interface QueryRound extends QueryOutcome {
  readonly cpuMicros: number
}

export interface QueryRow {
  readonly system: string
  readonly query: QueryName
  readonly rounds: QueryRound[]
}

interface System {
  readonly name: string
  readonly subject: Subject
  readonly token: string | null
  readonly queries: Partial<Readonly<Record<QueryName, string>>>
}

export const names = {
  postgres: 'Tidemark, PostgreSQL',
  nodes: 'Tidemark, PostgreSQL + Redis',
  yoga: 'graphql-yoga',
  apollo: '@apollo/server',
  mercurius: 'mercurius',
  postgraphile: 'PostGraphile',
} as const

const listed = 50
export const queries = {
  viewer: '{ viewer { id displayName role } }',
  notes: `{ notes(first: ${listed}) { nodes { id title folder { id name } } } }`,
}

export async function runQueries(stage: Stage, effort: Effort['queries']): Promise<readonly QueryRow[]> {
  await using resources = new AsyncDisposableStack()
  const systems = await startSystems(stage, resources)
  for (const system of systems) await check(system)
  keepApart(systems.map(({ subject }) => subject.pid))
  const load = resources.use(startChild<QueryOrder>(join(import.meta.dirname, 'load-process.ts')))
  const { connections } = effort
  const cells = (['viewer', 'notes'] as const).flatMap(query =>
    systems.flatMap(system => (system.queries[query] === undefined ? [] : [{ system, row: { system: system.name, query, rounds: [] } as QueryRow }])),
  )
  const budget = createBudget(effort.budgetSeconds)
  for (let round = 0; round <= effort.rounds && budget.allows(round); round++)
    for (const { system, row } of cells) {
      const { subject, token } = system
      // The first round is for everybody’s compilers.
      const seconds = round === 0 ? effort.warmUpSeconds : effort.seconds
      const before = await subject.watch.now()
      const outcome = await load.ask<QueryOutcome>({ port: subject.port, token, query: system.queries[row.query] as string, connections, seconds })
      const cpuMicros = ((await subject.watch.now()).cpuMicros - before.cpuMicros) / outcome.allQueries
      if (round > 0) row.rounds.push({ ...outcome, cpuMicros })
      console.log(
        `${row.query}, round ${round}: ${row.system}: ${outcome.perSecond.toFixed(0)}/s, ${cpuMicros.toFixed(0)} µs, load ${outcome.loadCpu.toFixed(2)}`,
      )
    }
  return cells.map(({ row }) => row)
}

async function startSystems(stage: Stage, resources: AsyncDisposableStack): Promise<readonly System[]> {
  const fill = async (name: string, mode: Mode) => {
    const subject = await stage.ours(mode, resources)
    await fillNotebook(subject)
    return { name, subject, token: subject.people[0].token, queries }
  }
  const ours = await Promise.all([fill(names.postgres, 'postgres'), fill(names.nodes, 'postgres+redis')])
  // The others read copies of the rows of the first.
  const [{ subject }] = ours
  const ownerId = subject.people[0].userId
  const peer = async (kind: 'yoga' | 'apollo' | 'mercurius' | 'postgraphile', queries: System['queries']): Promise<System> => ({
    name: names[kind],
    subject: await stage.peer(`${kind}.js`, [], { DATABASE_URL: subject.databaseUrl as string, OWNER_ID: ownerId }, resources),
    token: null,
    queries,
  })
  const listOf = `notes: allNotes(first: ${listed}, condition: { ownerId: "${ownerId}" }, orderBy: [UPDATED_AT_DESC, PRIMARY_KEY_DESC])`
  const peers = await Promise.all([
    peer('yoga', queries),
    peer('apollo', queries),
    peer('mercurius', queries),
    peer('postgraphile', { notes: `{ ${listOf} { nodes { id: rowId title folder: folderByFolderId { id: rowId name } } } }` }),
  ])
  return [...ours, ...peers]
}

interface Notes {
  readonly nodes: readonly { readonly title: string; readonly folder: { readonly name: string } }[]
}

/** @throws Error when somebody does not say what the others say */
async function check({ name, subject, token, queries }: System): Promise<void> {
  const url = `http://127.0.0.1:${subject.port}/graphql`
  if (queries.viewer !== undefined) {
    const { viewer } = await ask<{ viewer: { displayName: string } | null }>(url, token, queries.viewer)
    if (!viewer?.displayName) throw new Error(`${name} knows no viewer.`)
  }
  if (queries.notes === undefined) return
  const { notes } = await ask<{ notes: Notes }>(url, token, queries.notes)
  const first = notes.nodes[0]
  if (notes.nodes.length !== listed || first?.title !== 'The note with the number 119' || first.folder.name !== 'Folder 4')
    throw new Error(`${name} lists other notes: ${JSON.stringify(notes).slice(0, 500)}`)
}
