import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'

/** What goes back for an order. */
type Reply = { readonly answer: unknown } | { readonly failure: string }

export interface Child<Order> extends AsyncDisposable {
  /** @throws Error with what went wrong in the process, or that it ended */
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
      const replied = once(child, 'message', given) as Promise<[Reply]>
      child.send(order)
      try {
        const [reply] = await Promise.race([replied, ended])
        if ('failure' in reply) throw new Error(reply.failure)
        return reply.answer as Answer
      } finally {
        given.abort()
        for (const left of [replied, ended]) left.catch(() => {})
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
  const reply = (reply: Reply) => process.send?.(reply)
  process.on('message', (order: Order) => {
    work(order).then(
      answer => reply({ answer }),
      error => reply({ failure: error instanceof Error ? error.message : String(error) }),
    )
  })
}
