import type { Metric, Registry } from 'prom-client'

type Three<Value> = readonly [Value, Value, Value]

export interface HistogramOptions {
  readonly name: string
  readonly help: string
  readonly labelNames: Three<string>
  /** Upper bounds in seconds, the smallest first. */
  readonly bounds: readonly number[]
}

/** Counts how long things took, by three labels. */
export interface Histogram {
  /** The labels stand in the order of their names. */
  observe(seconds: number, first: string, second: string, third: string): void
  /** All labels together: how many took at most so long, by that time in seconds. */
  totals(): Map<number, number>
}

interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** How many took longer than the bound before and no longer than this one. */
  readonly counts: number[]
  sum: number
}

/**
 * A histogram that its registry shows like those of the library. To observe is a look-up and two additions; the library checks and joins
 * all labels each time, and everything is observed twice.
 */
export function createHistogram(registry: Registry, { name, help, labelNames, bounds }: HistogramOptions): Histogram {
  const all = new Map<string, Series>()
  const ends = [...bounds, Number.POSITIVE_INFINITY]

  function createSeries(key: string, values: Three<string>): Series {
    const labels = Object.fromEntries(labelNames.map((label, index) => [label, values[index] ?? '']))
    const series = { labels, counts: ends.map(() => 0), sum: 0 }
    all.set(key, series)
    return series
  }

  function shown({ labels, counts, sum }: Series) {
    let upTo = 0
    const buckets = ends.map((end, index) => {
      upTo += counts[index] ?? 0
      return { metricName: `${name}_bucket`, labels: { le: end === Number.POSITIVE_INFINITY ? '+Inf' : end, ...labels }, value: upTo }
    })
    return [...buckets, { metricName: `${name}_sum`, labels, value: sum }, { metricName: `${name}_count`, labels, value: upTo }]
  }

  const metric = { name, help, type: 'histogram', aggregator: 'sum', get: async () => ({ ...metric, values: [...all.values()].flatMap(shown) }) }
  // That is all that a registry asks of a metric.
  registry.registerMetric(metric as unknown as Metric)

  return {
    observe(seconds, first, second, third) {
      const key = `${first} ${second} ${third}`
      const series = all.get(key) ?? createSeries(key, [first, second, third])
      let place = 0
      while (place < bounds.length && seconds > (bounds[place] ?? 0)) place += 1
      series.counts[place] = (series.counts[place] ?? 0) + 1
      series.sum += seconds
    },
    totals() {
      let upTo = 0
      return new Map(
        ends.map((end, index) => {
          for (const { counts } of all.values()) upTo += counts[index] ?? 0
          return [end, upTo]
        }),
      )
    },
  }
}
