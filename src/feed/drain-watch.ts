/** Time between looks at sockets that are waited for. */
const drainCheckMs = 20

/** Resolves when it is so: a reader's socket has drained, say, or the reader is gone. One timer looks after all who wait. */
export function createDrainWatch(): (isSo: () => boolean) => Promise<void> {
  const waiting = new Map<() => boolean, () => void>()
  let timer: NodeJS.Timeout | null = null

  function look(): void {
    for (const [isSo, resolve] of waiting) {
      if (!isSo()) continue
      waiting.delete(isSo)
      resolve()
    }
    if (waiting.size > 0 || !timer) return
    clearInterval(timer)
    timer = null
  }

  return isSo =>
    new Promise(resolve => {
      waiting.set(isSo, resolve)
      timer ??= setInterval(look, drainCheckMs)
    })
}
