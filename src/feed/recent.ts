import type { Change } from './change.ts'

const maxChanges = 256
const maxBytes = 4 * 1024 * 1024

/** The last changes of a stream, without holes, so that readers who keep up never go to the log. */
export interface Recent {
  push(change: Change): void
  clear(): void
  /** What came behind `seq`, in order; null when that goes further back than is kept. */
  after(seq: number): readonly Change[] | null
}

export function createRecent(): Recent {
  let kept: { change: Change; bytes: number }[] = []
  let bytes = 0

  function clear(): void {
    kept = []
    bytes = 0
  }

  return {
    clear,
    push(change) {
      if (change.seq !== (kept.at(-1)?.change.seq ?? 0) + 1) clear()
      const size = JSON.stringify(change.payload).length
      kept.push({ change, bytes: size })
      bytes += size
      let excess = 0
      while (kept.length - excess > 1 && (kept.length - excess > maxChanges || bytes > maxBytes)) bytes -= kept[excess++]?.bytes ?? 0
      if (excess > 0) kept = kept.slice(excess)
    },
    after(seq) {
      const first = kept[0]?.change.seq
      if (first === undefined || seq < first - 1) return null
      return kept.slice(seq - first + 1).map(({ change }) => change)
    },
  }
}
