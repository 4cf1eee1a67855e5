import { setTimeout as delay } from 'node:timers/promises'
import { monotonicMs } from './load.ts'

/** How a server's process does at one moment, by its own /metrics. */
export interface Vitals {
  readonly atMs: number
  readonly cpuSeconds: number
  readonly rssMiB: number
  readonly heapMiB: number
}

const names = { cpuSeconds: 'process_cpu_seconds_total', rss: 'process_resident_memory_bytes', heap: 'nodejs_heap_size_used_bytes' }

async function vitalsOf(port: number): Promise<Vitals> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const sampleOf = (name: string) => Number(new RegExp(`^${name} ([\\d.e+-]+)`, 'm').exec(text)?.[1])
  const mebi = 1024 * 1024
  return { atMs: monotonicMs(), cpuSeconds: sampleOf(names.cpuSeconds), rssMiB: sampleOf(names.rss) / mebi, heapMiB: sampleOf(names.heap) / mebi }
}

/** Takes samples as long as the work goes on, the moments before and after it included. */
export async function watchVitals<Outcome>(port: number, everyMs: number, work: Promise<Outcome>): Promise<[Outcome, readonly Vitals[]]> {
  const samples = [await vitalsOf(port)]
  let over = false
  const finished = work.finally(() => {
    over = true
  })
  while (!over) {
    await Promise.race([delay(everyMs), finished])
    samples.push(await vitalsOf(port))
  }
  return [await finished, samples]
}
