export interface Percentiles {
  readonly count: number
  readonly p50: number
  /** Not a number with less than a hundred samples, as is the next one with less than a thousand. */
  readonly p99: number
  readonly p999: number
}

const perMs = 100
const leastForP99 = 100
const leastForP999 = 1_000

/** Times up to ten seconds, in steps of 10 µs; recording one costs next to nothing. */
export function createHistogram() {
  const buckets = new Uint32Array(1_000_000)
  let count = 0
  const percentile = (share: number) => {
    let left = Math.ceil(share * count)
    for (let index = 0; index < buckets.length; index++) {
      left -= buckets[index] ?? 0
      if (left <= 0) return index / perMs
    }
    return Number.NaN
  }
  return {
    record(ms: number) {
      const index = Math.min(buckets.length - 1, (ms * perMs) | 0)
      buckets[index] = (buckets[index] ?? 0) + 1
      count++
    },
    percentiles(): Percentiles {
      if (count === 0) return { count, p50: Number.NaN, p99: Number.NaN, p999: Number.NaN }
      const rare = (share: number, least: number) => (count < least ? Number.NaN : percentile(share))
      return { count, p50: percentile(0.5), p99: rare(0.99, leastForP99), p999: rare(0.999, leastForP999) }
    },
  }
}
