import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bulkTable } from '../bulk/table.ts'
import { about } from './about.ts'
import { count, table } from './numbers.ts'
import { drawAll } from './plots.ts'
import { type Circumstances, type Part, parts, type Results } from './results.ts'
import { summary } from './summary.ts'
import { fanOutTables, memoryTable, queryTable, slowTable, startTable, stormTable, writeTable } from './tables.ts'
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

${summary(results)}

## The run

${heads(results)}

What is compared runs in the same minutes on the same machine, in turns, and every figure is a median over the rounds. Rates
depend on the machine; **CPU for each request is steadier**, and ratios are steadier still. Load: the share of a core that
made the load; near 1, it is what was measured.

## To reach

${judge(results).table}

Where the server’s time goes while it is at that: [\`flame.md\`](flame.md).

${sections.map(section => sectionOf(section, results, pictures)).join('\n\n')}`
  writeFileSync(join(folder, 'speed.md'), `${text.replaceAll(/\n{3,}/g, '\n\n').trimEnd()}\n`)
  return text
}

interface Section {
  readonly part: Part
  readonly title: string
  /** What the names of its pictures begin with. */
  readonly pictures?: string
  readonly table: (results: Results) => string
}

const sections: readonly Section[] = [
  { part: 'fanout', title: 'Fan-out', pictures: 'fan-out', table: fanOutTables },
  { part: 'memory', title: 'Memory', pictures: 'memory', table: memoryTable },
  { part: 'slow', title: 'Slow readers', table: slowTable },
  { part: 'storm', title: 'All come back at once', table: stormTable },
  { part: 'writes', title: 'Writes', pictures: 'writes', table: writeTable },
  { part: 'bulk', title: 'In bulk', table: ({ bulk }) => bulkTable(bulk?.measured.taken ?? []) },
  { part: 'queries', title: 'Queries', pictures: 'queries', table: queryTable },
  { part: 'start', title: 'Start', table: startTable },
]

function sectionOf({ part, title, pictures, table }: Section, results: Results, show: (start: string) => string): string {
  if (!results[part]) return ''
  return [`## ${title}`, about(results)[part], ...(pictures === undefined ? [] : [show(pictures)]), table(results)].join('\n\n')
}

/** What the README shows of it. */
export function writeReadme(results: Results): void {
  const path = join(root, 'README.md')
  const readme = readFileSync(path, 'utf8')
  const [start, end] = marks
  if (!readme.includes(start) || !readme.includes(end)) throw new Error(`README.md lacks ${start} … ${end}, where the figures go.`)
  const shown = ['fan-out-cpu.svg', 'fan-out-rate.svg', 'fan-out-groups.svg', 'writes-1000.svg']
  const pictures = drawAll(results)
    .filter(({ file }) => shown.includes(file))
    .map(({ file, alt }) => `![${alt}](bench/results/${file})`)
  const { table, reached, measured } = judge(results)
  const details = ['<details>', `<summary>All that was to be reached: ${reached} of ${measured}</summary>`, '', table, '', '</details>', '']
  const text = [start, '', summary(results), '', ...pictures.flatMap(picture => [picture, '']), ...details].join('\n')
  writeFileSync(path, `${readme.slice(0, readme.indexOf(start))}${text}${readme.slice(readme.indexOf(end))}`)
}

function heads(results: Results): string {
  const rows = parts.flatMap(part => {
    const measured = results[part]
    return measured ? [[part, ...cells(measured.circumstances, measured.seconds)]] : []
  })
  const [any] = parts.flatMap(part => results[part]?.circumstances ?? [])
  const peers = Object.entries(any?.peers ?? {}).map(([name, version]) => `${name} ${version}`)
  return [
    table(['', 'measured at', 'commit', 'effort', 'took', 'Node', 'database', 'machine', 'load before'], rows, 8),
    any?.isPinned
      ? 'The server that is measured has a core of its own (`taskset`), in all parts but the writes, bulk and the start; what makes the load, the databases and Redis share the other.'
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

export const isPart = (name: string): name is Part => parts.includes(name as Part)
