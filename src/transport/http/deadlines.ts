interface Waiting {
  readonly atMs: number
  readonly action: () => void
}

/** Acts once so much time is over, unless that is called off by the answer. There is one timer for all of them. */
export function createDeadlines(afterMs: number): (action: () => void) => () => void {
  /** Whoever has waited longest first. */
  const waiting = new Set<Waiting>()
  let isArmed = false

  function arm(inMs: number): void {
    isArmed = true
    setTimeout(look, inMs).unref()
  }

  function look(): void {
    isArmed = false
    for (const each of waiting) {
      const leftMs = each.atMs - performance.now()
      if (leftMs > 0) return void arm(leftMs)
      waiting.delete(each)
      each.action()
    }
  }

  return action => {
    const each = { atMs: performance.now() + afterMs, action }
    waiting.add(each)
    if (!isArmed) arm(afterMs)
    return () => waiting.delete(each)
  }
}
