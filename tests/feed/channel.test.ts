import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/feed/change.ts'
import { createChannel } from '../../src/feed/channel.ts'
import { range } from './node.ts'

const change = (seq: number): Change => ({
  streamId: 's',
  seq,
  kind: 'test',
  payload: seq,
  actorId: null,
  clientId: null,
  clientCounter: null,
  at: new Date(0),
})

/** A log in memory, of which each look at it can be held up. */
function openLog(head: number, floor = 0) {
  const log = { head, floor, looks: 0, hold: Promise.resolve() }
  const channel = createChannel({
    streamId: 's',
    position: head,
    async readLog(after) {
      log.looks += 1
      const found = range(Math.max(after, log.floor) + 1, log.head)
        .slice(0, 200)
        .map(change)
      await log.hold
      return found
    },
    async readExtent() {
      const { head, floor } = log
      await log.hold
      return { head, floor }
    },
    onError: () => {},
  })
  return { log, channel }
}

const settled = async () => {
  for (let count = 0; count < 10; count++) await turn()
}

describe('a channel', () => {
  test('takes the next change straight from the bus, without a look at the log', () => {
    const { log, channel } = openLog(0)
    log.head = 2
    channel.offer(change(1))
    channel.offer(change(2))
    expect([channel.position, log.looks]).toEqual([2, 0])
    expect(channel.recent(0)?.map(({ seq }) => seq)).toEqual([1, 2])
  })

  test('any other number sends it to the log; what was seen is not taken again', async () => {
    const { log, channel } = openLog(0)
    log.head = 5
    for (const seq of [3, 1, 3, 2, 5, 5, 1]) channel.offer(change(seq))
    await settled()
    expect(channel.recent(0)?.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
  })

  test('word of changes that do not exist does not hide one that comes meanwhile', async () => {
    const { log, channel } = openLog(5)
    const held = Promise.withResolvers<void>()
    log.hold = held.promise
    channel.offer(change(1_000))
    log.head = 6
    channel.offer(change(6))
    held.resolve()
    await settled()
    expect(channel.position).toBe(6)
    log.head = 7
    channel.offer(change(7))
    expect(channel.position).toBe(7)
  })

  test('steps over what was pruned, and then no longer gives what lies before as if it were whole', async () => {
    const { log, channel } = openLog(0)
    log.head = 3
    for (const seq of [1, 2, 3]) channel.offer(change(seq))
    log.head = 400
    log.floor = 400
    await channel.advanceTo(400)
    expect(channel.position).toBe(400)
    expect(channel.recent(2)).toBeNull()
    expect(channel.recent(3)).toBeNull()
    log.head = 500
    await channel.advanceTo(500)
    expect(channel.recent(450)?.map(({ seq }) => seq)).toEqual(range(451, 500))
  })

  test('an error of the log leaves it where it was, and the next look goes on', async () => {
    let fails = true
    const channel = createChannel({
      streamId: 's',
      position: 0,
      readLog: async after => (fails ? Promise.reject(new Error('gone')) : [change(after + 1)]),
      readExtent: async () => ({ head: 2, floor: 0 }),
      onError: () => {},
    })
    await expect(channel.advanceTo(2)).rejects.toThrow('gone')
    fails = false
    await channel.advanceTo(2)
    expect(channel.position).toBe(2)
  })
})
