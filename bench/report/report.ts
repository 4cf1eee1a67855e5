import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { count, table } from './numbers.ts'
import { drawAll } from './plots.ts'
import { type Circumstances, type Part, parts, type Results } from './results.ts'
import { fanOutTables, memoryTable, queryTable, writeTable } from './tables.ts'
import { judge } from './targets.ts'

const root = join(import.meta.dirname, '../..')
const marks = ['<!-- bench -->', '<!-- /bench -->'] as const

/** Writes tables and pictures into a folder. @returns the text */
export function writeReport(folder: string, results: Results): string {
  mkdirSync(folder, { recursive: true })
  const drawings = drawAll(results)
  for (const { file, svg } of drawings) writeFileSync(join(folder, file), svg)
  const pictures = (start: string) =>
    drawings
      .filter(({ file }) => file.startsWith(start))
      .map(({ file, alt }) => `![${alt}](${file})`)
      .join('\n\n')
  const text = `# How fast

${heads(results)}

What is compared runs in the same minutes on the same machine, in turns, and every figure is a median over the rounds. Rates
depend on the machine; **CPU for each request is steadier**, and ratios are steadier still. Load: the share of a core that
made the load; near 1, it is what was measured.

## To reach

${judge(results).table}

${results.fanout ? `## Fan-out\n\n${aboutFanOut}\n\n${pictures('fan-out')}\n\n${fanOutTables(results)}\n` : ''}
${results.memory ? `## Memory\n\n${aboutMemory}\n\n${pictures('memory')}\n\n${memoryTable(results)}\n` : ''}
${results.writes ? `## Writes\n\n${aboutWrites(results)}\n\n${pictures('writes')}\n\n${writeTable(results)}\n` : ''}
${results.queries ? `## Queries\n\n${aboutQueries}\n\n${pictures('queries')}\n\n${queryTable(results)}\n` : ''}`
  writeFileSync(join(folder, 'speed.md'), `${text.replaceAll(/\n{3,}/g, '\n\n').trimEnd()}\n`)
  return text
}

/** What the README shows of it. */
export function writeReadme(results: Results): void {
  const path = join(root, 'README.md')
  const readme = readFileSync(path, 'utf8')
  const [start, end] = marks
  if (!readme.includes(start) || !readme.includes(end)) throw new Error(`README.md lacks ${start} … ${end}, where the figures go.`)
  const shown = ['fan-out-cpu.svg', 'fan-out-rate.svg', 'writes-1000.svg', 'queries-viewer.svg']
  const pictures = drawAll(results)
    .filter(({ file }) => shown.includes(file))
    .map(({ file, alt }) => `![${alt}](bench/results/${file})`)
  const { table, reached, measured } = judge(results)
  const details = ['<details>', `<summary>What was to be reached: ${reached} of ${measured}</summary>`, '', table, '', '</details>', '']
  const text = [start, '', ...pictures.flatMap(picture => [picture, '']), ...details].join('\n')
  writeFileSync(path, `${readme.slice(0, readme.indexOf(start))}${text}${readme.slice(readme.indexOf(end))}`)
}

function heads(results: Results): string {
  const rows = parts.flatMap(part => {
    const measured = results[part]
    return measured ? [[part, ...cells(measured.circumstances, measured.seconds)]] : []
  })
  const [any] = parts.flatMap(part => results[part]?.circumstances ?? [])
  const peers = Object.entries(any?.peers ?? {}).map(([name, version]) => `${name} ${version}`)
  const isBusy = parts.some(part => (results[part]?.circumstances.loadBefore ?? 0) > 1)
  return [
    table(['', 'measured at', 'commit', 'effort', 'took', 'Node', 'database', 'machine', 'load before'], rows, 8),
    ...(isBusy ? ['**The machine was busy with other work: these figures show that the bench runs, and nothing else.**'] : []),
    any?.isPinned
      ? 'The server that is measured has a core of its own (`taskset`), in all parts but the writes; what makes the load, the databases and Redis share the other.'
      : '`taskset` or a second core was not there: the server that is measured shares its core with the load.',
    `Beside it: ${peers.join(', ')}; \`NODE_ENV=production\` for all. Tidemark has all its limits on, set so high that none is met: every operation and every message is counted.`,
  ].join('\n\n')
}

const cells = ({ at, commit, effort, node, postgres, cores, loadBefore }: Circumstances, seconds: number) => [
  at.slice(0, 16).replace('T', ' '),
  commit,
  effort,
  `${count(Math.round(seconds))} s`,
  node,
  postgres,
  cores,
  loadBefore.toFixed(1),
]

const aboutFanOut = `All readers have a socket of their own and follow the same stream; somebody sends an event, and it counts as delivered once its
last byte is read at a reader. The message is the same for all, byte for byte up to the order of its keys (a WebSocket text
of 152 bytes with a value of 64). *One at a time*: the next event is sent when all readers have the one before. *Eight in
flight*: eight are sent at once, and as many again as have arrived everywhere. *Unhurried*: four a second, whatever becomes of
them. CPU is that of the server’s whole process, taking the event in included: for Tidemark a \`pushDelta\` that is signed in,
checked, limited, merged and **durably stored** before it is sent, and a stream in which nothing is lost on the way; for yoga,
Apollo and mercurius a mutation that does nothing but publish (Apollo through Redis), and for raw \`ws\` a message that is sent
on to all, and both forget who is not there. Nobody else signs anybody in or limits anything. \`ws, send\` is what everybody
writes; \`prebuilt\` makes the frame once and writes it to each socket past \`ws\`; \`joined\` also joins the events of one turn of the event
loop into one write, which is what Tidemark does. Groups: readers with the same operation share one execution; with as many
groups as readers, nobody shares anything. Each reader counts what it gets, and all must have got the same in the same order.`

const aboutMemory = `Resident memory of the server’s process with so many subscribed and idle connections, less that with the first 500 after
collecting garbage; as it is when all are connected, and after collecting garbage once more. Buffers in the kernel are not in
it, for nobody.`

const aboutWrites = ({
  writes,
}: Results) => `Each writer pushes one field of 64 characters with \`pushDelta\`, and pushes again once it is answered. Beside it, pgbench and this
project’s driver (\`pg\`, from Node.js) put the same rows into copies of the same tables in one prepared statement
(\`bench/writes/push.sql\`: upsert, head, change), with a connection for each writer; Tidemark has 20. Everything is durable
(fsync) but the embedded database. Here all processes share all cores, as pgbench does with its database. Tidemark also
checks the token, the access, the limits and the input, and publishes; pgbench does none of that.

Replies that come together make writers push together, which flatters whoever writes in groups. *Deferred* is the control: twice
as many writers, each of which rests after its answer for a time chosen anew, on average as long as an answer takes. As many
pushes are on their way, and nothing bunches them. p50 and p99 are from send to answer, in ms (of pgbench: the mean).

Acknowledged on PostgreSQL: ${count(writes?.measured.acknowledged ?? 0)}; changes in the log afterwards: ${count(writes?.measured.stored ?? 0)}.`

const aboutQueries = `Over HTTP connections that stay open, 32 at once, each of which asks again once it is answered. *viewer* is \`{ viewer { id
displayName role } }\`: Tidemark checks the token and its session, and counts every limit (on PostgreSQL + Redis: in Redis);
yoga, Apollo and mercurius answer it out of memory and ask nobody who they are. *50 notes* is a page of 120 notes with their
folders, out of PostgreSQL for everybody: copies of the same rows with the same index for the others, with one query for the
notes and one for the folders (DataLoader; mercurius by its own loaders), PostGraphile as it plans it.`

export const isPart = (name: string): name is Part => parts.includes(name as Part)
