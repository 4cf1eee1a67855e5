import { expect, test } from 'vitest'
import { createReader } from '../../src/signals/reader.ts'
import type { Signal } from '../../src/signals/signal.ts'

const signal = (client: string, state: unknown, clock = 1): Signal => ({ key: { owner: 'ann', client }, state, clock })

test('a slow reader gets the newest of each key, and nothing of what came between', async () => {
  const reader = createReader(() => {})
  for (let clock = 0; clock < 10_000; clock++) reader.offer(signal(`${clock % 3}`, clock, clock))
  const seen = [await reader.next(), await reader.next(), await reader.next()].map(({ value }) => value.state)
  expect(seen).toEqual([9_999, 9_997, 9_998])
  const next = reader.next()
  reader.offer(signal('0', 'late'))
  expect((await next).value.state).toBe('late')
})

test('those who came and went while the reader slept cost nothing', async () => {
  const reader = createReader(() => {})
  reader.offer(signal('known', 'x'))
  await reader.next()
  for (let client = 0; client < 10_000; client++) {
    reader.offer(signal(`${client}`, 'x'))
    reader.offer(signal(`${client}`, null))
  }
  reader.offer(signal('known', null))
  expect((await reader.next()).value).toEqual(signal('known', null))
  const waiting = reader.next()
  reader.offer(signal('last', 'x'))
  expect((await waiting).value.key.client).toBe('last')
})

test('return ends a read that waits, and tells that it is over, once', async () => {
  let ends = 0
  const reader = createReader(() => ends++)
  const waiting = [reader.next(), reader.next()]
  expect(await reader.return()).toEqual({ done: true, value: undefined })
  expect(await Promise.all(waiting)).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ])
  reader.end()
  await reader.return()
  reader.offer(signal('a', 1))
  expect(await reader.next()).toEqual({ done: true, value: undefined })
  expect(ends).toBe(1)
})

test('fail rejects the read that waits, or the next one, and what was pending is gone', async () => {
  const waits = createReader(() => {})
  const waiting = waits.next()
  waits.fail(new Error('over'))
  await expect(waiting).rejects.toThrow('over')
  expect((await waits.next()).done).toBe(true)

  const sleeps = createReader(() => {})
  sleeps.offer(signal('a', 1))
  sleeps.fail(new Error('over'))
  await expect(sleeps.next()).rejects.toThrow('over')
  expect((await sleeps.next()).done).toBe(true)
})
