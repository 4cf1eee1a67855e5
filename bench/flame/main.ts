/**
 * Where the server's time goes while events fan out, while many write and while many ask: a flame graph of each in bench/results/flame.html,
 * and in flame.md the functions that took most.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDocument } from '../../examples/replay/api.ts'
import type { Order } from '../fan-out/orders.ts'
import { followed } from '../fan-out/systems.ts'
import { startChild } from '../load/child.ts'
import { commitNow } from '../places.ts'
import { fillNotebook } from '../queries/notes.ts'
import type { QueryOrder } from '../queries/orders.ts'
import { queries } from '../queries/run.ts'
import { table } from '../report/numbers.ts'
import { createStage, type Ours } from '../stage.ts'
import { keepApart } from '../vitals/cores.ts'
import type { WriteOrder } from '../writes/orders.ts'
import { type FlameGraph, flamePage } from './page.ts'
import { type Call, hottest, readProfile } from './tree.ts'

const seconds = { warmUp: 3, profiled: 5 }
const readers = 1_000
const shownCalls = 12
const percent = (share: number) => (share * 100).toFixed(1)
const results = join(import.meta.dirname, '../results')
const loadOf = (part: string) => join(import.meta.dirname, `../${part}/load-process.ts`)

interface Scene {
  readonly title: string
  /** Gets everything ready and warm, and gives what is to be looked at. */
  prepare(ours: Ours, resources: AsyncDisposableStack): Promise<(seconds: number) => Promise<unknown>>
}

const scenes: readonly Scene[] = [
  {
    title: 'A thousand readers of one stream, one event at a time',
    prepare: (ours, resources) => follow(ours, 1, 1, resources),
  },
  {
    title: 'A thousand readers of one stream, eight events in flight',
    prepare: (ours, resources) => follow(ours, 1, 8, resources),
  },
  {
    title: 'A thousand readers of one stream in as many groups, eight events in flight',
    prepare: (ours, resources) => follow(ours, readers, 8, resources),
  },
  {
    title: 'Thirty-two writers over sockets, eighty documents',
    async prepare({ url, port, people }, resources) {
      const owners: { token: string; documentIds: string[] }[] = []
      for (const person of people) {
        const made = await Promise.all(Array.from({ length: 10 }, () => createDocument(url, [person], 'one of many')))
        owners.push({ token: person.token, documentIds: made.map(({ id }) => id) })
      }
      const load = resources.use(startChild<WriteOrder>(loadOf('writes')))
      return warmed(seconds => load.ask({ port, owners, carrier: 'socket', writers: 32, seconds, pauseMs: 0 }))
    },
  },
  {
    title: 'The viewer, over HTTP',
    prepare: (ours, resources) => query(ours, queries.viewer, resources),
  },
  {
    title: 'Fifty notes with their folders, over HTTP',
    async prepare(ours, resources) {
      await fillNotebook(ours)
      return query(ours, queries.notes, resources)
    },
  },
]

async function follow(ours: Ours, groups: number, inFlight: number, resources: AsyncDisposableStack) {
  const load = resources.use(startChild<Order>(loadOf('fan-out')))
  await load.ask({ kind: 'connect', target: await followed('ours', ours).open(), readers, groups })
  const play = (inFlight: number) => (seconds: number) => load.ask({ kind: 'phase', inFlight, perSecond: null, seconds })
  // In bursts there are more events to get warm by.
  await warmed(play(8))
  return warmed(play(inFlight))
}

function query({ port, people }: Ours, query: string, resources: AsyncDisposableStack) {
  const load = resources.use(startChild<QueryOrder>(loadOf('queries')))
  return warmed(seconds => load.ask({ port, token: people[0].token, query, connections: 32, seconds }))
}

async function warmed(play: (seconds: number) => Promise<unknown>) {
  await play(seconds.warmUp)
  return play
}

await using resources = new AsyncDisposableStack()
const stage = await createStage(resources)
const graphs: FlameGraph[] = []
for (const { title, prepare } of scenes) {
  await using scene = new AsyncDisposableStack()
  const ours = await stage.ours('postgres', scene)
  keepApart([ours.pid])
  const play = await prepare(ours, scene)
  const all = readProfile(await ours.watch.profile(() => play(seconds.profiled)))
  graphs.push({ title, all })
  console.log(`\n${title}\n${listOf(all)}`)
}
writeFileSync(join(results, 'flame.html'), flamePage(graphs))
const text = `# Where the time goes

\`npm run bench:flame\` at ${commitNow()}, Node ${process.version}, on PostgreSQL: shares of the CPU time of the server’s process that functions took
themselves, wherever they were called from. Names without a place are the machine’s: \`writeBuffer\` and \`writev\` are the writes to sockets.
The graphs are in [\`flame.html\`](flame.html), to open in a browser.

${graphs.map(({ title, all }) => `## ${title}\n\n${tableOf(all)}`).join('\n\n')}
`
writeFileSync(join(results, 'flame.md'), text)

function listOf(all: Call): string {
  return hottest(all, shownCalls)
    .map(({ name, share }) => `${percent(share).padStart(5)} %  ${name}`)
    .join('\n')
}

function tableOf(all: Call): string {
  return table(
    ['', '%'],
    hottest(all, shownCalls).map(({ name, share }) => [`\`${name}\``, percent(share)]),
  )
}
