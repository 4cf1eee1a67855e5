import { once } from 'node:events'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createOutbox, type OutboxOptions } from '../../src/transport/websocket/frames.ts'
import { until } from '../harness/wait.ts'
import { createFrameReader, type ReadFrame } from './strict-frames.ts'

let opened: (() => void)[] = []
afterEach(() => {
  for (const close of opened) close()
  opened = []
})

/** Both ends of a TCP connection, and of the library's socket as much as the outbox asks of it. */
async function openPair() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const reader = dial((server.address() as AddressInfo).port, '127.0.0.1')
  const [carrier] = (await once(server, 'connection')) as [Socket]
  carrier.setNoDelay(true)
  const read = createFrameReader()
  const frames: ReadFrame[] = []
  reader.on('data', chunk => void frames.push(...read(chunk)))
  opened.push(() => {
    reader.destroy()
    carrier.destroy()
    server.close()
  })
  const socket = { readyState: 1, OPEN: 1 }
  const writes = vi.spyOn(carrier, 'write')
  return { carrier, reader, frames, socket, writes, texts: () => frames.map(({ text }) => text) }
}

type Pair = Awaited<ReturnType<typeof openPair>>

function outboxWith(options: Partial<OutboxOptions> = {}) {
  const sent = { messages: 0 }
  const outbox = createOutbox({ maxBytes: 64 * 1024, maxTotalBytes: 1024 * 1024, sent, ...options })
  return { ...outbox, sent, framesTo: ({ socket, carrier }: Pair) => outbox.framesTo(socket as never, carrier) }
}

const bytes = (text: string) => Buffer.from(text)

describe('frames', () => {
  test('are what the RFC says at every bound of its lengths, whichever part of a message is long', async () => {
    const pair = await openPair()
    const frames = outboxWith({ maxBytes: 10_000_000 }).framesTo(pair)
    const bounds = [0, 1, 124, 125, 126, 127, 128, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 200_000]
    const messages = bounds.flatMap(length =>
      [0, 1, Math.floor(length / 2), length].map(own => ['h'.repeat(Math.min(own, length)), 'b'.repeat(length - Math.min(own, length))] as const),
    )
    for (const [head, body] of messages) frames.send(bytes(head), bytes(body))
    await until('all of them', () => pair.frames.length === messages.length)
    expect(pair.texts()).toEqual(messages.map(([head, body]) => head + body))
    for (const [head, body] of messages) {
      frames.send(bytes(head), bytes(body))
      frames.flush()
    }
    await until('all of them, one by one', () => pair.frames.length === 2 * messages.length)
    expect(pair.texts().slice(messages.length)).toEqual(messages.map(([head, body]) => head + body))
  })

  test('carry any text, in any mixture of turns and of ways to send', async () => {
    const pair = await openPair()
    const frames = outboxWith({ maxBytes: 10_000_000 }).framesTo(pair)
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.nat({ max: 40_000 }).map(length => 'ü'.repeat(length)),
    )
    const step = fc.record({ head: text, body: text, way: fc.constantFrom('send', 'sendText', 'deliver', 'deliverText'), endsTurn: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async steps => {
        const from = pair.frames.length
        for (const { head, body, way, endsTurn } of steps) {
          if (way === 'send') frames.send(bytes(head), bytes(body))
          else if (way === 'sendText') frames.sendText(head + body)
          else if (way === 'deliver') void frames.deliver(bytes(head), bytes(body))
          else void frames.deliverText(head + body)
          if (endsTurn) await turn()
        }
        await until('all of them', () => pair.frames.length === from + steps.length)
        expect(pair.texts().slice(from)).toEqual(steps.map(({ head, body }) => head + body))
      }),
      { numRuns: 40 },
    )
  })

  test('of one turn leave each socket in one write, and are counted', async () => {
    const pairs = await Promise.all(Array.from({ length: 5 }, openPair))
    const outbox = outboxWith()
    const all = pairs.map(pair => outbox.framesTo(pair))
    for (let number = 0; number < 8; number += 1) for (const frames of all) frames.send(bytes(`${number} `), bytes('for all'))
    expect(pairs.map(({ writes }) => writes.mock.calls.length)).toEqual([0, 0, 0, 0, 0])
    await until('them', () => pairs.every(({ frames }) => frames.length === 8))
    expect(pairs.map(({ writes }) => writes.mock.calls.length)).toEqual([1, 1, 1, 1, 1])
    expect(outbox.sent.messages).toBe(40)
  })

  test('that answer leave with the end of the answer, and a source that always has another one is held up', async () => {
    const pair = await openPair()
    const frames = outboxWith({ maxBytes: 10_000_000 }).framesTo(pair)
    void frames.deliverText('answer').then(() => frames.deliverText('its end'))
    await until('both', () => pair.frames.length === 2)
    expect(pair.writes).toHaveBeenCalledTimes(1)
    let hasTurned = false
    setImmediate(() => {
      hasTurned = true
    })
    let count = 0
    for (; !hasTurned; count += 1) await frames.deliverText('x'.repeat(1_000))
    expect(count).toBeLessThan(20)
    await until('them', () => pair.frames.length === 2 + count)
  })

  test('go before what is written behind a flush, and none goes behind a close frame', async () => {
    const pair = await openPair()
    const outbox = outboxWith()
    const frames = outbox.framesTo(pair)
    frames.sendText('first')
    frames.flush()
    pair.carrier.write(Buffer.from([0x89, 1, 0x70]))
    frames.sendText('second')
    const left = frames.deliverText('third')
    pair.socket.readyState = 2
    pair.carrier.write(Buffer.from([0x88, 2, 0x03, 0xe8]))
    await left
    frames.sendText('fourth')
    await frames.deliverText('fifth')
    await until('the close frame', () => pair.frames.some(({ opcode }) => opcode === 8))
    await turn()
    expect(pair.frames).toEqual([
      { opcode: 1, text: 'first' },
      { opcode: 9, text: 'p' },
      { opcode: 8, text: '' },
    ])
    expect(outbox.sent.messages).toBe(3)
  })

  test('are told to have left, however much is sent in one turn', async () => {
    const [one, other] = [await openPair(), await openPair()]
    const outbox = outboxWith({ maxBytes: 100_000_000, maxTotalBytes: 100_000_000 })
    const [toOne, toOther] = [outbox.framesTo(one), outbox.framesTo(other)]
    const left: string[] = []
    void toOther.deliverText('small').then(() => left.push('small'))
    void toOne.deliver(bytes('large '), Buffer.alloc(17_000_000, 'l')).then(() => left.push('large'))
    void toOther.deliverText('another').then(() => left.push('another'))
    await until('all to have left', () => left.length === 3)
    await until('all to have come', () => one.frames.length === 1 && other.frames.length === 2)
    expect(other.texts()).toEqual(['small', 'another'])
    expect(one.frames[0]?.text.length).toBe(17_000_006)
  })

  test('for a reader that reads slowly are its own, whatever is written to others meanwhile', async () => {
    const [slow, quick] = [await openPair(), await openPair()]
    const outbox = outboxWith({ maxBytes: 100_000_000 })
    const [toSlow, toQuick] = [outbox.framesTo(slow), outbox.framesTo(quick)]
    slow.reader.pause()
    const sent: string[] = []
    for (let number = 0; slow.carrier.writableLength < 200_000; number += 1) {
      sent.push(`slow ${number} ${'s'.repeat(4_000)}`)
      toSlow.sendText(sent.at(-1) ?? '')
      toQuick.sendText(`quick ${number} ${'q'.repeat(4_000)}`)
      await turn()
    }
    slow.reader.resume()
    await until('all of it', () => slow.frames.length === sent.length && quick.frames.length === sent.length, 20_000)
    expect(slow.texts()).toEqual(sent)
    expect(quick.texts().every(text => text.startsWith('quick') && text.endsWith('q'))).toBe(true)
  })
})

describe('slow readers', () => {
  const frame = bytes('x'.repeat(8_000))

  /** Sends to readers that do not read, until each is said to be behind. */
  async function stall(outbox: ReturnType<typeof outboxWith>, count: number, kilobytesEach: number) {
    const pairs = await Promise.all(Array.from({ length: count }, openPair))
    for (const { reader } of pairs) reader.pause()
    const all = pairs.map(pair => outbox.framesTo(pair))
    for (const [index, frames] of all.entries())
      while (!frames.isBehind() && (pairs[index]?.carrier.writableLength ?? 0) < kilobytesEach * 1024) {
        frames.send(bytes(''), frame)
        frames.flush()
      }
    return { pairs, all, held: () => pairs.reduce((sum, { carrier }) => sum + carrier.writableLength, 0) }
  }

  test('hold no more than one of them may', async () => {
    const { all, pairs } = await stall(outboxWith(), 1, 1_000)
    expect(all[0]?.isBehind()).toBe(true)
    expect(pairs[0]?.carrier.writableLength).toBeGreaterThan(64 * 1024)
    expect(pairs[0]?.carrier.writableLength).toBeLessThan(64 * 1024 + 2 * frame.length)
    pairs[0]?.reader.resume()
    await until('it to have drained', () => all[0]?.hasDrained())
    expect(all[0]?.isBehind()).toBe(false)
  })

  test('hold no more than all of them may together, which is nothing to those who read', async () => {
    const outbox = outboxWith({ maxBytes: 10_000_000, maxTotalBytes: 300 * 1024 })
    const quick = outbox.framesTo(await openPair())
    const { all, pairs, held } = await stall(outbox, 6, 100)
    await until('a look', () => all.filter(frames => frames.isBehind()).length === 6)
    expect(held()).toBeGreaterThan(300 * 1024)
    expect(held()).toBeLessThan(300 * 1024 + 6 * 3 * frame.length)
    expect(quick.isBehind()).toBe(false)
    pairs[0]?.carrier.destroy()
    pairs[1]?.carrier.destroy()
    pairs[2]?.reader.resume()
    pairs[3]?.reader.resume()
    await until('the others to have room again', () => all.slice(4).every(frames => frames.hasDrained() && !frames.isBehind()))
  })

  test('are given of a large message what others are given, without a copy', async () => {
    const outbox = outboxWith({ maxBytes: 100_000_000, maxTotalBytes: 1_000_000_000 })
    const pairs = await Promise.all(Array.from({ length: 4 }, openPair))
    const body = Buffer.alloc(300_000, 'z')
    for (const pair of pairs) {
      pair.reader.pause()
      outbox.framesTo(pair).send(bytes('head '), body)
    }
    await turn()
    for (const { writes } of pairs) expect(writes.mock.calls.some(([chunk]) => chunk === body)).toBe(true)
    for (const { reader } of pairs) reader.resume()
    await until('all', () => pairs.every(({ frames }) => frames.length === 1))
    expect(pairs.every(({ frames }) => frames[0]?.text === `head ${body}`)).toBe(true)
  })
})
