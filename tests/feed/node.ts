import { type Config, loadConfig } from '../../src/config.ts'
import type { Change, NewChange } from '../../src/feed/change.ts'
import { createFeed, type Feed } from '../../src/feed/feed.ts'
import type { Bus } from '../../src/platform/bus.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { type Database, openDatabase } from '../../src/platform/database.ts'
import { createLogger, type Logger } from '../../src/platform/logger.ts'
import { createMemoryBus } from '../../src/platform/memory-bus.ts'
import type { Keys } from '../../src/platform/secrets.ts'
import { environmentOf, type Mode } from '../harness/modes.ts'

export const silent: Logger = createLogger('silent')
const cursorKeys: Keys = [new Uint8Array(32).fill(7)]

/** A database with its tables, and what feeds over it need. */
export interface World extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>
  readonly config: Config
  readonly database: Database
  /** A node's feed over this database; without a bus it has one of its own, and hears of other nodes by looking at the log alone. */
  feed(options?: { bus?: Bus; healIntervalMs?: number; database?: Database; cursorKeys?: Keys }): Feed
  /** Another node's connections to the same database. */
  connect(): Promise<Database>
}

export async function startWorld(mode: Mode, variables: Readonly<Record<string, string>> = {}): Promise<World> {
  const stack = new AsyncDisposableStack()
  const { env } = stack.use(await environmentOf(mode))
  const config = loadConfig({ ...env, ...variables })
  const database = stack.use(await openDatabase(config, silent))
  return {
    env,
    config,
    database,
    feed: ({ bus, healIntervalMs = 3_600_000, ...given } = {}) =>
      stack.use(
        createFeed({ database, clock: systemClock, logger: silent, cursorKeys, bus: bus ?? createMemoryBus(silent), healIntervalMs, ...given }),
      ),
    connect: async () => stack.use(await openDatabase(config, silent)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

export const changeOf = (payload: unknown): NewChange => ({ kind: 'test', payload, actorId: null, clientId: null, clientCounter: null })

let streams = 0
export async function newStream(feed: Feed): Promise<string> {
  const id = `stream_${process.pid}_${streams++}`
  await feed.transact(tx => feed.open(tx, id, 'test'))
  return id
}

export const append = (feed: Feed, streamId: string, ...payloads: unknown[]): Promise<readonly Change[]> =>
  feed.transact(tx => feed.append(tx, streamId, payloads.map(changeOf)))

/** An event that shows what its reader got. */
export interface SeenEvent {
  readonly __typename: string
  readonly cursor: string
  readonly seq?: number
  readonly payload?: unknown
}

export const subscribe = (
  feed: Feed,
  streamId: string,
  after: string | null = null,
  hold: Parameters<Feed['subscribe']>[0]['hold'] = async () => () => {},
) =>
  feed.subscribe({
    streamId,
    after,
    toEvent: ({ seq, payload }) => ({ __typename: 'Seen', cursor: feed.cursors.encode(streamId, seq), seq, payload }) satisfies SeenEvent,
    hold,
  })

/** A reader that takes whatever comes until it is stopped. */
export async function read(feed: Feed, streamId: string, after: string | null = null) {
  const subscription = await subscribe(feed, streamId, after)
  const ready = ((await subscription.next()).value as SeenEvent).cursor
  const seen: SeenEvent[] = []
  const ended = (async () => {
    for await (const event of subscription) seen.push(event as SeenEvent)
  })()
  return {
    /** The cursor that FeedReady gave. */
    ready,
    seen,
    seqs: () => seen.map(event => event.seq),
    cursor: () => seen.at(-1)?.cursor ?? ready,
    ended,
    stop: async () => {
      await subscription.return()
      await ended
    },
  }
}

export const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
