import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'

export interface Child<Order> extends AsyncDisposable {
  /** @throws Error with what the process wrote when it ends instead of answering */
  ask<Answer>(order: Order): Promise<Answer>
}

/** A process that makes load: one order at a time, one answer to each. */
export function startChild<Order extends object>(path: string): Child<Order> {
  const child: ChildProcess = fork(path, { serialization: 'advanced' })
  return {
    async ask<Answer>(order: Order) {
      const given = new AbortController()
      const ended = once(child, 'exit', given).then(([code]) => {
        throw new Error(`${basename(path)} ended with ${code}.`)
      })
      const answer = once(child, 'message', given) as Promise<[Answer]>
      child.send(order)
      try {
        return (await Promise.race([answer, ended]))[0]
      } finally {
        given.abort()
        for (const left of [answer, ended]) left.catch(() => {})
      }
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) {
        child.kill()
        await once(child, 'exit')
      }
    },
  }
}

/** The other side of it. */
export function obey<Order>(work: (order: Order) => Promise<unknown>): void {
  process.on('message', (order: Order) => {
    work(order).then(
      answer => process.send?.(answer ?? null),
      error => {
        console.error(error)
        process.exit(1)
      },
    )
  })
}
