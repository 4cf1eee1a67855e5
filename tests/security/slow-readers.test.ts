import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { collectionOf, newName } from '../collections/world.ts'
import { type Person, signUp, useServers } from '../harness/client.ts'
import { until } from '../harness/wait.ts'

/** Far less than a batch weighs, so that readers fall behind all the time. */
const WS_MAX_BUFFERED_BYTES = '16384'
const range = (count: number) => Array.from({ length: count }, (_, index) => index)

/** Reads a little, and then nothing for a while, over and over. */
function stutter(wsUrl: string, person: Person, collection: string, query: string) {
  const socket = new WebSocket(wsUrl, 'graphql-transport-ws')
  const keys: string[] = []
  const errors: string[] = []
  let ready = false
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { token: person.accessToken } })))
  socket.on('message', raw => {
    const message = JSON.parse(String(raw))
    if (message.type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { collection } } }))
    if (message.type === 'next') {
      if (message.payload.errors) errors.push(JSON.stringify(message.payload.errors))
      const item = message.payload.data?.recordChanges
      if (item?.__typename === 'FeedReady') ready = true
      else if (item) keys.push(`${item.record.key} ${item.record.version}`)
    }
    if (message.type === 'error') errors.push(JSON.stringify(message.payload))
    // Every so often it reads nothing for a while.
    if (keys.length % 50 === 1) {
      socket.pause()
      setTimeout(() => socket.resume(), 30)
    }
  })
  socket.on('error', error => errors.push(String(error)))
  socket.on('close', (code, why) => errors.push(`closed ${code} ${why}`))
  return { keys, errors, isReady: () => ready, socket }
}
const plain =
  'subscription ($collection: String!) { recordChanges(collection: $collection) { __typename cursor ... on RecordChange { record { key version value owner { id email } } } } }'
const other =
  'subscription ($collection: String!) { recordChanges(collection: $collection) { __typename ... on RecordChange { record { key version value } } } }'

describe('a reader that stutters', () => {
  const servers = useServers('embedded', { env: { WS_MAX_BUFFERED_BYTES } })
  test('gets all of several batches once and in order', async () => {
    const ann = await signUp(servers.one.url)
    const name = newName()
    const box = collectionOf(ann, name)
    await box.put('first', 1)
    const readers = range(6).map(index => stutter(servers.one.wsUrl, ann, name, index % 2 ? plain : other))
    await until('feeds', () => readers.every(reader => reader.isReady()))
    const pad = 'x'.repeat(100)
    await Promise.all([
      ...range(2).map(batch => box.putAll(range(2_500).map(index => box.input(`b${batch}.${index}`, pad)))),
      ...range(30).map(index => box.put(`s${index}`, 'y'.repeat(3_000))),
    ])
    await box.putAll(range(500).map(index => box.input(`b0.${index}`, pad)))
    await until('all of it', () => readers.every(reader => reader.keys.length >= 5_530 || reader.errors.length > 0), 60_000)
    for (const { keys, errors } of readers) {
      expect(errors).toEqual([])
      expect(keys).toEqual(readers[0]?.keys)
      expect(new Set(keys).size).toBe(5_530)
    }
    for (const reader of readers) reader.socket.terminate()
  }, 90_000)
})

describe('a reader that stutters while the log is pruned', () => {
  const servers = useServers('embedded', { env: { WS_MAX_BUFFERED_BYTES, FEED_MAX_CHANGES: '100', CLEANUP_INTERVAL_MS: '50' } })
  test('gets what is next, or is told to start anew', async () => {
    const ann = await signUp(servers.one.url)
    const name = newName()
    const box = collectionOf(ann, name)
    await box.put('first', 1)
    const readers = range(4).map(index => stutter(servers.one.wsUrl, ann, name, index % 2 ? plain : other))
    await until('feeds', () => readers.every(reader => reader.isReady()))
    const order: string[] = []
    for (const batch of range(6)) {
      const results = await box.putAll(range(800).map(index => box.input(`b${batch}.${index}`, 'x'.repeat(150))))
      order.push(...results.map(({ record }) => `${record.key} ${record.version}`))
    }
    await until('all of it', () => readers.every(reader => reader.keys.length >= order.length || reader.errors.length > 0), 60_000)
    for (const { keys, errors } of readers) {
      expect(keys).toEqual(order.slice(0, keys.length))
      if (keys.length < order.length) expect(errors[0]).toContain('RESYNC_REQUIRED')
    }
    for (const reader of readers) reader.socket.terminate()
  }, 90_000)
})
