/** setTimeout holds 2^31 - 1 ms; anything longer would fire at once. */
const longestMs = 2 ** 31 - 1

/** Calls at that time of day, however far away. Answers with what cancels it. */
export function callAt(at: Date, action: () => void): () => void {
  let timer = arm()
  function arm(): NodeJS.Timeout {
    const leftMs = Math.max(0, at.getTime() - Date.now())
    const next = leftMs > longestMs ? () => (timer = arm()) : action
    return setTimeout(next, Math.min(leftMs, longestMs)).unref()
  }
  return () => clearTimeout(timer)
}
