import { describe, expect, test } from 'vitest'
import { signUp, useServers } from '../harness/client.ts'
import { createDocument, pushDelta } from '../harness/operations.ts'
import { until } from '../harness/wait.ts'
import { openSocket, type RawSocket } from './raw-socket.ts'

const stalled = 15
const others = 15
const changes = 60
/** All of them are more than the buffers of the system between two sockets hold. */
const characters = 100_000
const maxTotalBytes = 4 * 1024 * 1024

interface Followed {
  readonly writes?: readonly { readonly value: string }[]
}

describe('readers that stall', () => {
  const servers = useServers('postgres', {
    env: {
      WS_MAX_CONNECTIONS_PER_USER: '0',
      WS_MAX_BUFFERED_BYTES: String(1024 * 1024),
      WS_MAX_TOTAL_BUFFERED_BYTES: String(maxTotalBytes),
    },
  })

  const waitingBytes = async () =>
    Number(/^tidemark_waiting_bytes (\d+)/m.exec(await (await fetch(`http://127.0.0.1:${servers.one.port}/metrics`)).text())?.[1])

  test('hold a bounded amount together, hold nobody up, and have missed nothing once they read on', async () => {
    const person = await signUp(servers.one.url)
    const { createDocument: made } = await person.run(createDocument, { input: {} })
    const { id } = made.document
    await using stack = new AsyncDisposableStack()

    /** Each asks in words of its own, so that nothing of what waits for them is the same. */
    async function open(index: number): Promise<{ readonly socket: RawSocket; readonly seen: number[] }> {
      const socket = stack.use(await openSocket(servers.one.wsUrl))
      await socket.init({ token: person.accessToken })
      const query = `subscription ($id: ID!) { feed${index}: documentChanges(documentId: $id) { ... on DocumentDelta { writes { value } } } }`
      socket.send({ id: 'feed', type: 'subscribe', payload: { query, variables: { id } } })
      await socket.next()
      return { socket, seen: [] }
    }
    async function read({ socket, seen }: Awaited<ReturnType<typeof open>>, index: number): Promise<void> {
      while (seen.length < changes) {
        const { payload } = await socket.next()
        const { writes } = (payload as { data: Record<string, Followed> }).data[`feed${index}`] ?? {}
        seen.push(Number.parseInt(writes?.[0]?.value ?? '', 10))
      }
    }

    const readers = await Promise.all(Array.from({ length: stalled + others }, (_, index) => open(index)))
    const [still, quick] = [readers.slice(0, stalled), readers.slice(stalled)]
    for (const { socket } of still) socket.socket.pause()
    const reading = quick.map((reader, index) => read(reader, stalled + index))
    let mostBytes = 0
    for (let count = 1; count <= changes; count++) {
      const value = `${count} `.padEnd(characters, '.')
      await person.run(pushDelta, { input: { documentId: id, clientId: 'writer', clock: { writer: count }, writes: [{ path: 'text', value }] } })
      if (count % 10 === 0) mostBytes = Math.max(mostBytes, await waitingBytes())
    }
    await Promise.all(reading)
    expect(mostBytes).toBeGreaterThan(maxTotalBytes / 2)
    // Each is given one thing at least, and whoever is told that it is too much has been given it.
    expect(mostBytes).toBeLessThan(maxTotalBytes + stalled * 2 * characters)
    expect(still.every(({ seen }) => seen.length === 0)).toBe(true)

    for (const { socket } of still) socket.socket.resume()
    await Promise.all(still.map(read))
    const all = Array.from({ length: changes }, (_, index) => index + 1)
    for (const { seen } of readers) expect(seen).toEqual(all)
    await until('nothing waits', async () => (await waitingBytes()) === 0)
  })
})
