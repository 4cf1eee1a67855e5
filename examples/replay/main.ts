/** Three clients write a book together, going offline and coming back at random; in the end all of them and the server hold the same. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startServer } from '../../tests/harness/server.ts'
import { createDocument, type Person, readFields, register } from './api.ts'
import { type Client, createClient } from './client.ts'
import { firstDifference, hashOf } from './compare.ts'
import { seededRandom } from './random.ts'
import { dealOut, type Edit, readLines } from './text.ts'

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', multiple: true },
    text: { type: 'string' },
    lines: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
  },
})
/** Names, and how far their clocks are off: enough for writes to be overtaken by older ones. */
const writers = [
  { name: 'ada', clockSkewMs: 0 },
  { name: 'ben', clockSkewMs: -2_000 },
  { name: 'cleo', clockSkewMs: 1_500 },
]
const idleMs = 30_000

/** Writes down what the script says, online or not. */
async function work(client: Client, script: readonly (readonly Edit[])[], random: () => number): Promise<void> {
  client.goOnline()
  for (const edits of script) {
    client.edit(edits)
    if (client.isOnline) {
      while (client.waiting > 3) await delay(1)
      if (random() < 0.08) await client.goOffline(random() < 0.5 ? 'cut' : 'closed')
    } else {
      await delay(random() * 20)
      if (random() < 0.15) client.goOnline()
    }
  }
  if (!client.isOnline) client.goOnline()
}

/** Waits until everything was pushed and has come to everybody. */
async function settle(clients: readonly Client[]): Promise<void> {
  let before = ''
  for (let since = Date.now(); ; await delay(10)) {
    const applied = clients.reduce((sum, { counts }) => sum + counts.applied, 0)
    if (clients.every(({ waiting, seen }) => waiting === 0 && seen.length >= applied)) return
    const state = clients.map(({ name, waiting, seen }) => `${name} has ${waiting} to push and saw ${seen.length}`).join(', ')
    if (state !== before) since = Date.now()
    before = state
    if (Date.now() - since > idleMs) throw new Error(`Nothing happens any more: ${state} of ${applied} deltas.`)
  }
}

function compare(what: string, documents: ReadonlyMap<string, Record<string, unknown>>): boolean {
  const [[first, expected], ...others] = [...documents] as [[string, Record<string, unknown>], ...[string, Record<string, unknown>][]]
  const differing = others.flatMap(([name, fields]) => {
    const difference = firstDifference(expected, fields)
    return difference === null ? [] : [`  ${first} and ${name} differ, first in ${difference}`]
  })
  for (const line of differing) console.log(line)
  if (differing.length === 0)
    console.log(`${what}: ${Object.keys(expected).length} lines, ${hashOf(expected)}, the same for ${[...documents.keys()].join(', ')}`)
  return differing.length === 0
}

/** Everybody is to see every delta once, and all of them in the same order. */
function compareFeeds(clients: readonly Client[]): boolean {
  const [first] = clients
  const wrong = clients.filter(({ seen }) => new Set(seen).size !== seen.length || seen.join() !== first?.seen.join())
  for (const { name } of wrong) console.log(`  ${name} saw deltas twice, or in another order than ${first?.name}`)
  if (wrong.length === 0)
    console.log(`the feed: ${first?.seen.length} deltas, each once and in the same order for ${clients.map(({ name }) => name).join(', ')}`)
  return wrong.length === 0
}

async function replay(urls: readonly string[]): Promise<boolean> {
  const lines = readLines(options.text, Number(options.lines))
  const bytes = [...lines.values()].reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)
  const scripts = dealOut(lines, writers.length, seededRandom(Number(options.seed)))
  const urlOf = (index: number) => urls[index % urls.length] as string
  const people = (await Promise.all(writers.map(({ name }, index) => register(urlOf(index), name)))) as [Person, ...Person[]]
  const document = await createDocument(urlOf(0), people, 'Replay')
  const clients = writers.map(({ name, clockSkewMs }, index) =>
    createClient({ name, clockSkewMs, document, url: urlOf(index), person: people[index] as Person }),
  )
  console.log(`${lines.size} lines, ${(bytes / 1e6).toFixed(2)} MB, ${clients.length} clients at ${[...new Set(urls)].join(', ')}`)

  const total = () => {
    const sum = (pick: keyof Client['counts']) => clients.reduce((sum, { counts }) => sum + counts[pick], 0)
    return `${sum('edits')} edits in ${sum('pushes')} pushes, ${sum('superseded')} superseded, ${sum('reconnects')} reconnects, ${sum('repeats')} pushes sent again`
  }
  const startedAt = Date.now()
  const seconds = () => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`
  const progress = setInterval(
    () => process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${seconds()}: ${total()}` : `${seconds()}: ${total()}\n`),
    process.stdout.isTTY ? 200 : 5_000,
  )
  const compareAll = async (what: string, more: [string, Record<string, unknown>][] = []) => {
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[K')
    const servers = await Promise.all(
      urls.map(async url => [`the server at ${new URL(url).host}`, await readFields(url, people[0], document.id)] as const),
    )
    return compare(what, new Map([...clients.map(({ name, replica }) => [name, replica.fields()] as const), ...servers, ...more]))
  }
  try {
    const scripted = Promise.all(clients.map((client, index) => work(client, scripts[index] ?? [], seededRandom(Number(options.seed) + index))))
    const failed = clients.map(client => client.failed)
    await Promise.race([scripted.then(() => settle(clients)), ...failed])
    const isSame = await compareAll('after the edits')

    // One of them proofreads: what the others changed and deleted becomes the text again.
    const [proofreader] = clients as [Client, ...Client[]]
    await delay(Math.max(...writers.map(({ clockSkewMs }) => clockSkewMs)))
    const corrections = proofreader.replica.corrections(lines)
    for (let at = 0; at < corrections.length; at += 200) proofreader.edit(corrections.slice(at, at + 200))
    await Promise.race([settle(clients), ...failed])
    const isText = await compareAll('after proofreading', [['the text itself', Object.fromEntries(lines)]])
    const isOrdered = compareFeeds(clients)
    console.log(`${total()}, ${seconds()}`)
    return isSame && isText && isOrdered
  } finally {
    clearInterval(progress)
    await Promise.all(clients.map(client => client.goOffline('closed')))
  }
}

const folder = mkdtempSync(join(tmpdir(), 'tidemark-replay-'))
try {
  await using server = options.url ? undefined : await startServer({ DATA_DIR: folder, LOG_LEVEL: 'info' })
  const isSame = await replay(options.url ?? [server?.url ?? ''])
  console.log(isSame ? 'All of them hold the same document.' : 'They hold different documents.')
  process.exitCode = isSame ? 0 : 1
  await server?.stop()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
