import { basename, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CpuProfile } from '../vitals/vitals.ts'

/** A function where it was called from; times in microseconds. */
export interface Call {
  readonly name: string
  total: number
  self: number
  readonly callees: Map<string, Call>
}

const root = new URL('../..', import.meta.url)

/** Waiting, and the profiler itself. */
const notWork = new Set(['(idle)', 'post node:inspector'])

/** Calls of one function from one place are one, whatever line they came from; what is no work is left out. */
export function readProfile({ nodes, samples, timeDeltas }: CpuProfile): Call {
  const selfTimes = new Map<number, number>()
  for (const [index, id] of samples.entries()) selfTimes.set(id, (selfTimes.get(id) ?? 0) + Math.max(0, timeDeltas[index] ?? 0))
  const byId = new Map(nodes.map(node => [node.id, node]))
  const all: Call = { name: 'all', total: 0, self: 0, callees: new Map() }

  function add(id: number, parent: Call): number {
    const node = byId.get(id)
    if (!node) return 0
    const name = nameOf(node.callFrame)
    if (notWork.has(name)) return 0
    const call = parent.callees.get(name) ?? { name, total: 0, self: 0, callees: new Map() }
    parent.callees.set(name, call)
    const self = selfTimes.get(id) ?? 0
    const total = self + (node.children ?? []).reduce((sum, child) => sum + add(child, call), 0)
    call.self += self
    call.total += total
    return total
  }
  for (const child of nodes[0]?.children ?? []) all.total += add(child, all)
  return all
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName || '(anonymous)'
  if (!url) return name
  if (!url.startsWith('file:')) return `${name} ${url}`
  const path = relative(fileURLToPath(root), fileURLToPath(url))
  const [, dependency] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? []
  return dependency ? `${name} ${dependency}/${basename(path)}` : `${name} ${path}:${lineNumber + 1}`
}

/** The functions that took most time themselves, wherever they were called from. */
export function hottest(all: Call, count: number): readonly { readonly name: string; readonly share: number }[] {
  const selfTimes = new Map<string, number>()
  const visit = (call: Call) => {
    selfTimes.set(call.name, (selfTimes.get(call.name) ?? 0) + call.self)
    for (const callee of call.callees.values()) visit(callee)
  }
  visit(all)
  return [...selfTimes]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([name, self]) => ({ name, share: self / all.total }))
}
