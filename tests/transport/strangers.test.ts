import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createStrangers } from '../../src/transport/websocket/strangers.ts'

describe('strangers', () => {
  const late: string[] = []
  const loud: string[] = []
  const limits = (maxMs: number) => createStrangers<string>({ maxMs, onLate: name => late.push(name), onExcess: name => loud.push(name) })
  beforeEach(() => {
    vi.useFakeTimers()
    late.length = 0
    loud.length = 0
  })
  afterEach(() => void vi.useRealTimers())

  test('are late each at their own time, once, unless they were heard or are gone', () => {
    const strangers = limits(1_000)
    const carriers = Array.from({ length: 10 }, () => new PassThrough())
    for (const [index, carrier] of carriers.entries()) {
      strangers.add(carrier, `${index}`)
      vi.advanceTimersByTime(100)
    }
    for (const [index, carrier] of carriers.entries()) {
      if (index % 3 === 1) strangers.heard(carrier)
      if (index % 3 === 2) strangers.remove(carrier)
    }
    expect(late).toEqual(['0'])
    vi.advanceTimersByTime(299)
    expect(late).toEqual(['0'])
    vi.advanceTimersByTime(1)
    expect(late).toEqual(['0', '3'])
    vi.advanceTimersByTime(10_000)
    expect(late).toEqual(['0', '3', '6', '9'])
    // Whoever comes when nobody was left is looked after as well.
    strangers.add(new PassThrough(), 'last')
    vi.advanceTimersByTime(999)
    expect(late).toHaveLength(4)
    vi.advanceTimersByTime(1)
    expect(late.at(-1)).toBe('last')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('may send so much until they are let in, heard or not, and nothing of them is kept behind that', async () => {
    const strangers = limits(0)
    const [one, other] = [new PassThrough(), new PassThrough()]
    strangers.add(one, 'one')
    strangers.add(other, 'other')
    strangers.heard(one)
    strangers.remove(other)
    for (const carrier of [one, other]) {
      carrier.emit('data', Buffer.alloc(16 * 1024))
      expect(loud).toEqual([])
    }
    for (const carrier of [one, other, one]) carrier.emit('data', Buffer.alloc(1))
    expect(loud).toEqual(['one'])
    expect([one.listenerCount('data'), other.listenerCount('data')]).toEqual([0, 0])
    vi.advanceTimersByTime(1_000_000)
    expect(late).toEqual([])
  })
})
