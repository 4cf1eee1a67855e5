import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import type { Bus } from '../../src/platform/bus.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { openBus } from '../../src/platform/open-bus.ts'
import { openRedis } from '../../src/platform/redis.ts'
import { openRedisBus } from '../../src/platform/redis-bus.ts'
import { freshRedisUrl } from '../harness/modes.ts'
import type { Service } from '../harness/postgres.ts'
import { startProxy, type TcpProxy } from '../harness/proxy.ts'
import { startRedis } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'

const logger = createLogger('silent')
const collect = () => {
  const messages: unknown[] = []
  return { messages, listener: (message: unknown) => void messages.push(message) }
}

describe.each(['memory', 'redis'])('the bus, %s', kind => {
  let bus: Bus
  let lost = 0
  beforeAll(async () => {
    const url = kind === 'redis' ? await freshRedisUrl() : undefined
    bus = await openBus(loadConfig({ REDIS_URL: url }), logger, { onLost: () => lost++ })
  })
  afterAll(() => bus?.[Symbol.asyncDispose]())

  test('carries what was published after subscribing, in order, to every listener of the topic', async () => {
    const [first, second, other] = [collect(), collect(), collect()]
    await bus.subscribe('order', first.listener)
    await Promise.all([bus.subscribe('order', second.listener), bus.subscribe('other', other.listener)])
    for (let number = 0; number < 500; number++) void bus.publish('order', { number })
    await until('all arrive', () => second.messages.length === 500)
    expect(first.messages).toEqual(Array.from({ length: 500 }, (_, number) => ({ number })))
    expect(second.messages).toEqual(first.messages)
    expect(other.messages).toEqual([])
  })

  test('keeps JSON as it is, and gives what is no JSON as JSON has it', async () => {
    const { messages, listener } = collect()
    await bus.subscribe('json', listener)
    const kinds = [
      null,
      true,
      0,
      -1.5e-7,
      9007199254740991,
      '',
      '10.5',
      'null',
      '"',
      'ü🌊\u0000\u2028',
      [],
      {},
      [[1], { a: [null] }],
      { '': { 'a.b': '\n' } },
    ]
    for (const kind of kinds) await bus.publish('json', kind)
    await bus.publish('json', { at: new Date(0), gone: undefined })
    await bus.publish('json', undefined)
    await until('all arrive', () => messages.length === kinds.length + 2)
    expect(messages).toStrictEqual([...kinds, { at: '1970-01-01T00:00:00.000Z' }, null])
  })

  test('a listener never sees the object that was sent', async () => {
    const { messages, listener } = collect()
    await bus.subscribe('copy', listener)
    const sent = { list: [1] }
    await bus.publish('copy', sent)
    sent.list.push(2)
    await until('it arrives', () => messages.length)
    expect(messages).toEqual([{ list: [1] }])
  })

  test('drops and counts what has no JSON, without rejecting', async () => {
    const { messages, listener } = collect()
    await bus.subscribe('cycle', listener)
    const before = lost
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    await bus.publish('cycle', cycle)
    await bus.publish('cycle', { big: 1n })
    await bus.publish('cycle', 'end')
    await until('the next one arrives', () => messages.length)
    expect(messages).toEqual(['end'])
    expect(lost - before).toBe(2)
  })

  test('carries messages of several megabytes', async () => {
    const { messages, listener } = collect()
    await bus.subscribe('big', listener)
    const big = 'x🌊'.repeat(1_000_000)
    await bus.publish('big', { big })
    await until('it arrives', () => messages.length)
    expect(messages[0]).toEqual({ big })
  })

  test('stops after unsubscribing, however often that is said, and lets the others go on', async () => {
    const [leaves, stays] = [collect(), collect()]
    const unsubscribe = await bus.subscribe('leave', leaves.listener)
    const unsubscribeOther = await bus.subscribe('leave', stays.listener)
    unsubscribe()
    unsubscribe()
    await bus.publish('leave', 1)
    await until('the other one hears', () => stays.messages.length === 1)
    unsubscribeOther()
    const again = collect()
    await bus.subscribe('leave', again.listener)
    await bus.publish('leave', 2)
    await until('it hears again', () => again.messages.length === 1)
    expect([leaves.messages, stays.messages, again.messages]).toEqual([[], [1], [2]])
  })

  test('a listener that throws, or leaves while it listens, does not keep the message from the others', async () => {
    const { messages, listener } = collect()
    await bus.subscribe('throw', () => {
      throw new Error('mine')
    })
    const leave = await bus.subscribe('throw', () => leave())
    await bus.subscribe('throw', listener)
    await bus.publish('throw', 1)
    await bus.publish('throw', 2)
    await until('both arrive', () => messages.length === 2)
  })

  test('serves a thousand topics', async () => {
    const heard = new Set<number>()
    const topics = Array.from({ length: 1_000 }, (_, number) => number)
    const leave = await Promise.all(topics.map(number => bus.subscribe(`many:${number}`, message => heard.add(message as number))))
    await Promise.all(topics.map(number => bus.publish(`many:${number}`, number)))
    await until('all arrive', () => heard.size === 1_000)
    for (const unsubscribe of leave) unsubscribe()
    await bus.ping()
  })
})

describe('the bus over Redis', () => {
  let redis: Service
  let proxy: TcpProxy
  let bus: Bus
  let other: Bus
  let admin: Redis
  let lost = 0
  const open = (url: string) => openRedisBus({ url, logger, onLost: () => lost++, heartbeatIntervalMs: 100 })
  beforeAll(async () => {
    redis = await startRedis()
    admin = new Redis(redis.url)
    admin.on('error', () => {})
  })
  afterAll(async () => {
    admin?.disconnect()
    await redis?.[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    proxy = await startProxy(redis.port)
    ;[bus, other] = await Promise.all([open(proxy.through(redis.url)), open(redis.url)])
  })
  afterEach(async () => {
    await Promise.all([bus?.[Symbol.asyncDispose](), other?.[Symbol.asyncDispose]()])
    await proxy?.[Symbol.asyncDispose]()
  })
  const doubts = (of: Bus) => {
    const seen = { count: 0 }
    of.onDoubt(() => seen.count++)
    return seen
  }

  test('hears nothing of another deployment on the same Redis', async () => {
    const stranger = await openRedisBus({ url: redis.url, logger, deployment: 'another' })
    const { messages, listener } = collect()
    await bus.subscribe('shared', listener)
    await stranger.publish('shared', 'of the stranger')
    await other.publish('shared', 'of the own')
    await until('the own message', () => messages.includes('of the own'))
    expect(messages).toEqual(['of the own'])
    await stranger[Symbol.asyncDispose]()
  })

  test('restores its subscriptions when its connection is killed, and only then tells of the doubt', async () => {
    const { messages, listener } = collect()
    for (let number = 0; number < 1_200; number++) void bus.subscribe(`killed:${number}`, () => {})
    await bus.subscribe('killed', listener)
    const heard = new Promise<void>(resolve => bus.onDoubt(resolve)).then(() => other.publish('killed', 'after the doubt'))
    await admin.client('KILL', 'TYPE', 'pubsub')
    await heard
    await until('it is heard', () => messages.includes('after the doubt'))
    await bus.ping()
  })

  test('notices a link that takes everything and passes on nothing, and replaces it', async () => {
    const { messages, listener } = collect()
    await bus.subscribe('silent', listener)
    const seen = doubts(bus)
    proxy.swallow()
    await expect(bus.ping()).rejects.toThrow()
    await until('there is doubt', () => seen.count)
    proxy.flow()
    await until('it is back', () =>
      bus.ping().then(
        () => true,
        () => false,
      ),
    )
    await other.publish('silent', 1)
    await until('messages get through', () => messages.length === 1)
  })

  test('while Redis is stopped nothing rejects or waits, and afterwards all goes on', async () => {
    const [before, during] = [collect(), collect()]
    await bus.subscribe('stopped', before.listener)
    const leave = await bus.subscribe('left', () => {})
    const seen = doubts(bus)
    lost = 0
    await redis.kill()
    await until('it is noticed', () =>
      bus.ping().then(
        () => false,
        () => true,
      ),
    )
    for (let number = 0; number < 1_000; number++) await bus.publish('stopped', number)
    expect(lost).toBe(1_000)
    await bus.subscribe('during', during.listener)
    leave()
    expect(seen.count).toBe(0)
    await redis.restart()
    await until('both are back', () =>
      Promise.all([bus.ping(), other.ping()]).then(
        () => true,
        () => false,
      ),
    )
    await until('there is doubt', () => seen.count)
    await until('subscriptions are back', async () => {
      await other.publish('stopped', 'again')
      await other.publish('during', 'again')
      return before.messages.length && during.messages.length
    })
    expect(await admin.pubsub('CHANNELS', 'tidemark:0::left')).toEqual([])
  })

  test('tells the other nodes when messages for them were lost', async () => {
    proxy.refuse()
    await until('it is noticed', () =>
      bus.ping().then(
        () => false,
        () => true,
      ),
    )
    await bus.publish('for others', 1)
    const seen = doubts(other)
    proxy.accept()
    await until('the other one doubts', () => seen.count)
  })

  test('listeners of one topic share one subscription', async () => {
    const leave = await Promise.all(Array.from({ length: 20 }, () => bus.subscribe('shared', () => {})))
    expect(await admin.pubsub('NUMSUB', 'tidemark:0::shared')).toEqual(['tidemark:0::shared', 1])
    for (const unsubscribe of leave) unsubscribe()
    await until('it is left', async () => (await admin.pubsub('CHANNELS', 'tidemark:0::shared')).length === 0)
  })

  test('keeps databases of one Redis apart', async () => {
    const { messages, listener } = collect()
    await bus.subscribe('apart', listener)
    const elsewhere = await open(redis.url.replace(/0$/, '7'))
    await elsewhere.publish('apart', 'elsewhere')
    await other.publish('apart', 'here')
    await until('it arrives', () => messages.length)
    await elsewhere[Symbol.asyncDispose]()
    expect(messages).toEqual(['here'])
  })
})

describe('at start', () => {
  test('a Redis that is not there stops it with a sentence that keeps the password to itself', async () => {
    const config = loadConfig({ REDIS_URL: 'redis://user:hidden-word@127.0.0.1:1' })
    for (const open of [openBus, openRedis]) {
      const fault = await open(config, logger).then(
        () => null,
        error => error,
      )
      expect(fault?.name).toBe('StartError')
      expect(fault.message).toMatch(/^REDIS_URL: Redis at 127\.0\.0\.1:1 can't be used \(.*ECONNREFUSED/)
      expect(fault.message).not.toContain('hidden-word')
    }
  })

  test('so does one that wants another password, or none may use', async () => {
    await using redis = await startRedis()
    const admin = new Redis(redis.url)
    await admin.config('SET', 'requirepass', 'right')
    await admin.acl('SETUSER', 'mute', 'on', '>word', '~*', '+@all', 'resetchannels')
    admin.disconnect()
    const opened = (login: string) => openBus(loadConfig({ REDIS_URL: redis.url.replace('//', `//${login}`) }), logger)
    await expect(opened('')).rejects.toThrow(/REDIS_URL: .*NOAUTH/)
    await expect(opened(':wrong@')).rejects.toThrow(/REDIS_URL: .*WRONGPASS/)
    await expect(opened('mute:word@')).rejects.toThrow(/REDIS_URL: .*PUBLISH and SUBSCRIBE/)
    await (await opened(':right@'))[Symbol.asyncDispose]()
  })

  test('so does one that accepts and says nothing', async () => {
    await using silent = await startProxy(1)
    silent.swallow()
    await expect(openBus(loadConfig({ REDIS_URL: `redis://127.0.0.1:${silent.port}` }), logger)).rejects.toThrow('REDIS_URL')
  })
})

test('the connection for commands rejects at once while Redis is away, and comes back', async () => {
  await using redis = await startRedis()
  const commands = await openRedis(loadConfig({ REDIS_URL: redis.url }), logger)
  if (!commands) throw new Error('there is none')
  await commands.set('key', 'value')
  await redis.kill()
  await until('it is noticed', () => commands.status !== 'ready')
  // Not the error of a command that nobody answered in time.
  await expect(commands.get('key')).rejects.toThrow(/isn't writeable/)
  await redis.restart()
  await until('it is back', () =>
    commands.ping().then(
      () => true,
      () => false,
    ),
  )
  commands.disconnect()
  expect(await openRedis(loadConfig({}), logger)).toBeNull()
})
