import { Client as Connection } from 'pg'
import { expect, test } from 'vitest'
import { environmentOf } from '../harness/modes.ts'
import { startServer } from '../harness/server.ts'
import { cursorOf, followInbox, inChat, newChat, peopleOf, shortOf } from './world.ts'

test('the text of a deleted message is in no table and in no event any more, and never was in a log', async () => {
  await using environment = await environmentOf('postgres+redis')
  await using server = await startServer({ ...environment.env, LOG_LEVEL: 'trace' })
  const database = new Connection({ connectionString: environment.env['DATABASE_URL'] })
  await database.connect()
  try {
    const { ann, ben } = await peopleOf(server.url, 'ann', 'ben')
    const id = await newChat(ann, [ben])
    const tablesWith = async (text: string) => {
      const { rows: tables } = await database.query<{ name: string }>(
        `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`,
      )
      const found: string[] = []
      for (const { name } of tables) {
        const { rows } = await database.query<{ has: boolean }>(`select coalesce(bool_or(strpos(t::text, $1) > 0), false) as has from ${name} t`, [
          text,
        ])
        if (rows[0]?.has) found.push(name)
      }
      return found
    }
    // One group of readers, which keeps what it rendered for those who come a little later.
    await using feed = await inChat(ben, id).follow(server.wsUrl)
    await using inbox = await followInbox(server.wsUrl, ben)
    const { message } = await inChat(ann, id).send('xyzzy one', { idempotencyKey: 'xyzzy is sent' })
    await inChat(ann, id).edit(message.id, 'xyzzy two')
    await feed.got(3)
    expect(await tablesWith('xyzzy two')).toEqual(['messages'])
    expect(await tablesWith('xyzzy one')).toEqual([])
    await inChat(ann, id).remove(message.id)
    expect(await tablesWith('xyzzy two')).toEqual([])
    await feed.got(4)
    await inbox.got(4)
    await using later = await inChat(ben, id).follow(server.wsUrl, cursorOf(feed.items[0]))
    await using laterInbox = await followInbox(server.wsUrl, ben, cursorOf(inbox.items[0]))
    for (const reader of [later, laterInbox])
      expect((await reader.got(4)).map(shortOf)).toEqual(['FeedReady', 'MessageSent null', 'MessageEdited null', `MessageDeleted ${message.id}`])
    expect(JSON.stringify(server.logs)).not.toContain('xyzzy')
  } finally {
    await database.end()
  }
})
