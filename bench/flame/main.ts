/** Where the server's time goes while events fan out, while many write and while many ask: a flame graph of each, in bench/results/flame. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDocument } from '../../examples/replay/api.ts'
import type { Order } from '../fan-out/orders.ts'
import { followed } from '../fan-out/systems.ts'
import { startChild } from '../load/child.ts'
import { fillNotebook } from '../queries/notes.ts'
import type { QueryOrder } from '../queries/orders.ts'
import { queries } from '../queries/run.ts'
import { createStage, type Ours } from '../stage.ts'
import { keepApart } from '../vitals/cores.ts'
import type { WriteOrder } from '../writes/orders.ts'
import { flamePage } from './page.ts'
import { type Call, type CpuProfile, hottest, readProfile } from './tree.ts'

const seconds = 5
const folder = join(import.meta.dirname, '../results/flame')
const loadOf = (part: string) => join(import.meta.dirname, `../${part}/load-process.ts`)

const scenes: Readonly<Record<string, { readonly title: string; play(ours: Ours, resources: AsyncDisposableStack): Promise<unknown> }>> = {
  'fan-out': {
    title: 'A thousand readers of one stream, eight events in flight',
    async play(ours, resources) {
      const load = resources.use(startChild<Order>(loadOf('fan-out')))
      await load.ask({ kind: 'connect', target: await followed('ours', ours).open(), readers: 1_000, groups: 1 })
      await load.ask({ kind: 'phase', inFlight: 8, perSecond: null, seconds })
    },
  },
  'fan-out-alone': {
    title: 'A thousand readers of one stream in as many groups, eight events in flight',
    async play(ours, resources) {
      const load = resources.use(startChild<Order>(loadOf('fan-out')))
      await load.ask({ kind: 'connect', target: await followed('ours', ours).open(), readers: 1_000, groups: 1_000 })
      await load.ask({ kind: 'phase', inFlight: 8, perSecond: null, seconds })
    },
  },
  writes: {
    title: 'Thirty-two writers over sockets, eighty documents',
    async play({ url, port, people }, resources) {
      const owners: { token: string; documentIds: string[] }[] = []
      for (const person of people) {
        const made = await Promise.all(Array.from({ length: 10 }, () => createDocument(url, [person], 'one of many')))
        owners.push({ token: person.token, documentIds: made.map(({ id }) => id) })
      }
      await resources.use(startChild<WriteOrder>(loadOf('writes'))).ask({ port, owners, carrier: 'socket', writers: 32, seconds, pauseMs: 0 })
    },
  },
  'queries-viewer': {
    title: 'The viewer, over HTTP',
    play: ({ port, people }, resources) =>
      resources.use(startChild<QueryOrder>(loadOf('queries'))).ask({ port, token: people[0].token, query: queries.viewer, connections: 32, seconds }),
  },
  'queries-notes': {
    title: 'Fifty notes with their folders, over HTTP',
    async play(ours, resources) {
      await fillNotebook(ours)
      const load = resources.use(startChild<QueryOrder>(loadOf('queries')))
      await load.ask({ port: ours.port, token: ours.people[0].token, query: queries.notes, connections: 32, seconds })
    },
  },
}

await using resources = new AsyncDisposableStack()
const stage = await createStage(resources)
mkdirSync(folder, { recursive: true })
for (const [name, { title, play }] of Object.entries(scenes)) {
  const profiles = mkdtempSync(join(tmpdir(), 'tidemark-profiles-'))
  try {
    {
      await using scene = new AsyncDisposableStack()
      const ours = await stage.ours('postgres', scene, profiles)
      keepApart([ours.pid])
      await play(ours, scene)
    }
    const all = readProfile(largestIn(profiles))
    writeFileSync(join(folder, `${name}.html`), flamePage(title, all))
    console.log(`\n${title}\n${listOf(all)}`)
  } finally {
    rmSync(profiles, { recursive: true, force: true })
  }
}

/** Of the server, and not of a thread beside it. */
function largestIn(profiles: string): CpuProfile {
  const paths = readdirSync(profiles).map(name => join(profiles, name))
  const [largest] = paths.sort((a, b) => statSync(b).size - statSync(a).size)
  if (largest === undefined) throw new Error('The server left no profile.')
  return JSON.parse(readFileSync(largest, 'utf8')) as CpuProfile
}

function listOf(all: Call): string {
  return hottest(all, 12)
    .map(({ name, share }) => `${(share * 100).toFixed(1).padStart(5)} %  ${name}`)
    .join('\n')
}
