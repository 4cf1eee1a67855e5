import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { environmentOf } from '../harness/modes.ts'
import { startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { atNode, inChat, newChat, peopleOf } from './world.ts'

test.each(['embedded', 'postgres', 'postgres+redis'] as const)(
  'messages sent again after kill -9 are there once each, and keep the place they were acknowledged at, on %s',
  async mode => {
    await using environment = await environmentOf(mode)
    let server = await startServer(environment.env)
    try {
      const { ann, ben } = await peopleOf(server.url, 'ann', 'ben')
      const id = await newChat(ann, [ben])
      const intents = Array.from({ length: 300 }, (_, index) => ({ content: `message ${index}`, idempotencyKey: `key ${v7()}` }))
      const acknowledged = new Map<string, string>()
      for (let round = 0; round < 3; round++) {
        const me = inChat(atNode(ann, server.url), id)
        const before = acknowledged.size
        let left = intents.filter(({ content }) => !acknowledged.has(content))
        const sending = Promise.all(
          Array.from({ length: 12 }, async () => {
            for (let intent = left.shift(); intent; intent = left.shift()) {
              const { content, idempotencyKey } = intent
              const { cursor } = await me.send(content, { idempotencyKey })
              acknowledged.set(content, cursor)
            }
          }),
        ).catch(() => {
          left = []
        })
        await until('some messages', () => acknowledged.size >= before + 60)
        await server.kill()
        await sending
        server = await startServer(environment.env)
      }
      expect(acknowledged.size).toBeLessThan(intents.length)
      const me = inChat(atNode(ann, server.url), id)
      const again = await Promise.all(intents.map(({ content, idempotencyKey }) => me.send(content, { idempotencyKey })))
      const cursors = new Map(again.map(({ message, cursor }) => [message.content, cursor]))
      for (const [content, cursor] of acknowledged) expect(cursors.get(content)).toBe(cursor)
      const { nodes } = await inChat(atNode(ben, server.url), id).page({ first: 500 })
      expect(nodes.map(({ content }) => content).toSorted()).toEqual(intents.map(({ content }) => content).toSorted())
      expect((await inChat(atNode(ben, server.url), id).look())?.unreadCount).toBe(intents.length)
    } finally {
      await server.kill()
    }
  },
  180_000,
)
