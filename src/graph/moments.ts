import type { FrameSink } from '../feed/fan-out.ts'

type Payload = Uint8Array

/** How old a payload may be when it is given to one more reader: what an event shows beside itself may change. */
const keptMs = 1_000
/** Messages that may go to a reader in one turn of the event loop without a look at whether they left. */
const mostTogether = 32

/**
 * Renders events of the moment: readers of one group who are given the same object share what it looks like, though each reads
 * at their own pace. Those who gather the feeds of their own streams are given objects of their own, with cursors of their own.
 */
export function createMoments() {
  const rendered = new WeakMap<object, Map<string, { readonly payload: Payload | Promise<Payload>; readonly atMs: number }>>()

  return (event: object, groupKey: string, render: (event: object) => Payload | Promise<Payload>): Payload | Promise<Payload> => {
    const ofEvent = rendered.get(event) ?? new Map()
    rendered.set(event, ofEvent)
    const atMs = performance.now()
    const known = ofEvent.get(groupKey)
    if (known && atMs - known.atMs < keptMs) return known.payload
    const payload = render(event)
    ofEvent.set(groupKey, { payload, atMs })
    return payload
  }
}

/** Sends what a source yields, each thing when the one before it has left, so that the source can leave out what is no longer so. Yields nothing. */
export function sendEach<Event>(
  source: AsyncIterable<Event>,
  { sink, head, render }: { readonly sink: FrameSink; readonly head: Uint8Array; readonly render: (event: Event) => Payload | Promise<Payload> },
): AsyncIterableIterator<never> {
  const iterator = source[Symbol.asyncIterator]()
  let together = 0
  let isOver = false

  async function send(): Promise<IteratorResult<never>> {
    for (;;) {
      const next = await iterator.next()
      if (next.done || isOver) return { done: true, value: undefined }
      const payload = await render(next.value)
      if (isOver) return { done: true, value: undefined }
      together += 1
      if (together < mostTogether && sink.isIdle()) sink.send(head, payload)
      else {
        together = 0
        await sink.deliver(head, payload)
      }
    }
  }

  return {
    next: send,
    async return() {
      isOver = true
      await iterator.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
