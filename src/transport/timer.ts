/** setTimeout holds 2^31 - 1 ms; anything longer would fire at once. */
const longestMs = 2 ** 31 - 1

interface Due {
  readonly actions: Set<() => void>
  timer: NodeJS.Timeout
}

/** By the time it is. Tokens end at whole seconds, so thousands of them share a timer. */
const dues = new Map<number, Due>()

/** Calls at that time of day, however far away. */
export function callAt(at: Date, action: () => void): void {
  const atMs = at.getTime()
  const due = dues.get(atMs) ?? arm(atMs)
  due.actions.add(action)
}

/** Not any more. */
export function cancelAt(at: Date, action: () => void): void {
  const atMs = at.getTime()
  const due = dues.get(atMs)
  due?.actions.delete(action)
  if (!due || due.actions.size > 0) return
  clearTimeout(due.timer)
  dues.delete(atMs)
}

function arm(atMs: number): Due {
  const due: Due = { actions: new Set(), timer: start() }
  dues.set(atMs, due)
  return due

  function start(): NodeJS.Timeout {
    const leftMs = Math.max(0, atMs - Date.now())
    return setTimeout(leftMs > longestMs ? startAgain : fire, Math.min(leftMs, longestMs)).unref()
  }
  function startAgain(): void {
    due.timer = start()
  }
  function fire(): void {
    dues.delete(atMs)
    for (const action of due.actions) action()
  }
}
