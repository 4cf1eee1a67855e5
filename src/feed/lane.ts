import { DatabaseLostError } from '../platform/database.ts'

/**
 * Group commit: jobs for one key that come in one turn of the event loop go together, and so do those that come while another batch
 * of that key is under way; in the order in which they came. With nobody waiting a job starts at the end of its turn.
 */
export interface Lane<Job, Outcome> {
  /** Settles with this job's own outcome or error, whatever becomes of its neighbours. */
  submit(key: string, job: Job): Promise<Outcome>
  /** Whether jobs for this key are under way or waiting. */
  isBusy(key: string): boolean
}

/** One answer for each job, in order: an `Error` is that job's alone. */
export type RunBatch<Job, Outcome> = (key: string, jobs: readonly Job[]) => Promise<readonly (Outcome | Error)[]>

interface Waiting<Job, Outcome> {
  readonly job: Job
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

/** Tells those of a batch what became of them. */
type Answer = () => void

export function createLane<Job, Outcome>(run: RunBatch<Job, Outcome>, maxJobs = 128): Lane<Job, Outcome> {
  const queues = new Map<string, Waiting<Job, Outcome>[]>()

  /** The next batch is on its way before those of the last one are answered: the database need not wait for that. */
  async function drain(key: string, queue: Waiting<Job, Outcome>[]): Promise<void> {
    let answer: Answer | null = null
    while (queue.length > 0) {
      if (answer) setImmediate(answer)
      answer = await settle(key, queue.splice(0, maxJobs))
    }
    queues.delete(key)
    answer?.()
  }

  async function settle(key: string, batch: readonly Waiting<Job, Outcome>[]): Promise<Answer> {
    try {
      const outcomes = await run(
        key,
        batch.map(({ job }) => job),
      )
      return () =>
        batch.forEach(({ resolve, reject }, index) => {
          const outcome = outcomes[index]
          if (outcome instanceof Error) reject(outcome)
          else resolve(outcome as Outcome)
        })
    } catch (error) {
      // A transaction fails as a whole; alone, each job shows whether it was the one at fault. Where the database is gone none of
      // them was, and since the batch may have taken effect all the same, trying again is for whoever has an idempotency key.
      if (batch.length > 1 && !(error instanceof DatabaseLostError)) {
        for (const member of batch) (await settle(key, [member]))()
        return () => {}
      }
      return () => {
        for (const { reject } of batch) reject(error)
      }
    }
  }

  return {
    isBusy: key => queues.has(key),
    submit(key, job) {
      return new Promise((resolve, reject) => {
        const queue = queues.get(key)
        const waiting = { job, resolve, reject }
        if (queue) queue.push(waiting)
        else {
          const fresh = [waiting]
          queues.set(key, fresh)
          setImmediate(drain, key, fresh)
        }
      })
    },
  }
}
