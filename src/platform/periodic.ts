import type { Logger } from './logger.ts'

/** Runs `work` again and again, `intervalMs` after the last time ended; what it throws is logged. Ends with the run under way. */
export function periodically(intervalMs: number, what: string, work: () => Promise<void>, logger: Logger): AsyncDisposable {
  let timer: NodeJS.Timeout
  let running: Promise<void> = Promise.resolve()
  let isOver = false

  function schedule(): void {
    if (isOver) return
    timer = setTimeout(() => {
      running = work()
        .catch(error => logger.warn({ err: error }, `could not ${what}; trying again later`))
        .finally(schedule)
    }, intervalMs)
  }
  schedule()

  return {
    async [Symbol.asyncDispose]() {
      isOver = true
      clearTimeout(timer)
      await running
    },
  }
}
