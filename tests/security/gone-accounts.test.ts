import { describe, expect, test } from 'vitest'
import { putRecords } from '../collections/operations.ts'
import { type Person, password, signUp } from '../harness/client.ts'
import { setAccess } from '../harness/operations.ts'
import type { Server } from '../harness/server.ts'
import { among, range, useTwoNodes } from './two-nodes.ts'

const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map(item => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)

describe('accounts that go while their things are written by many on two nodes', () => {
  const nodes = useTwoNodes({ CLEANUP_INTERVAL_MS: '200' })
  const { servers, codes, call, count } = nodes

  test('leave nothing of theirs, nothing half, and nobody waiting', async () => {
    const people = await Promise.all(range(6).map(index => signUp((servers[index % 2] as Server).url, `p${index}`)))
    const names = ['a', 'b', 'c']
    for (const person of people) await person.run(putRecords, { input: { items: names.map(collection => ({ collection, key: 'k', value: 1 })) } })
    const { rows: ids } = await nodes.database.query<{ id: string; owner_id: string }>('select id, owner_id from collections')
    const notes: { id: string; owner: Person }[] = []
    const folders: { id: string; owner: Person }[] = []
    for (const { id, owner_id } of ids)
      for (const other of people) {
        const owner = people.find(person => person.id === owner_id) as Person
        if (other !== owner) await owner.run(setAccess, { input: { resourceId: id, userId: other.id, access: 'WRITE' } })
      }
    for (const owner of people)
      for (const _ of range(3)) {
        const folder = (await call(owner, 'createFolder', '{ folder { id } }', { name: 'f' })) as { folder: { id: string } }
        folders.push({ id: folder.folder.id, owner })
        const note = (await call(owner, 'createNote', '{ note { id } }', { title: 't', folderId: folder.folder.id })) as { note: { id: string } }
        notes.push({ id: note.note.id, owner })
        for (const other of people)
          if (other !== owner)
            await call(owner, 'setAccess', '{ member { access } }', { resourceId: note.note.id, userId: other.id, access: 'WRITE' })
      }
    codes.clear()
    const until = Date.now() + 8_000
    const gone = new Set<Person>()
    const worker = async (seed: number) => {
      while (Date.now() < until) {
        const by = among(people)
        const note = among(notes)
        const owned = among(folders)
        const act = (seed + Math.floor(Math.random() * 11)) % 11
        if (act <= 3) {
          const items = shuffled(people)
            .slice(0, 4)
            .flatMap(owner =>
              shuffled(names).map(collection => ({
                collection,
                owner: owner.id,
                key: among(['k', 'l', 'm']),
                value: Math.random(),
                ...(Math.random() < 0.3 && { ttlSeconds: 1 }),
              })),
            )
          await call(by, 'putRecords', '{ results { applied } }', { items })
        } else if (act === 4)
          await call(among(people), 'setAccess', '{ member { access } }', { resourceId: among(ids).id, userId: among(people).id, access: 'WRITE' })
        else if (act === 5)
          await call(by, 'putRecord', '{ applied }', { collection: among([...names, 'new']), owner: among(people).id, key: 'k', value: 2 })
        else if (act === 6) await call(by, 'updateNote', '{ note { id } }', { id: note.id, content: String(Math.random()) })
        else if (act === 7)
          await call(by, 'addAttachment', '{ attachment { id } }', {
            noteId: note.id,
            mimeType: 'image/png',
            encryptedData: 'A'.repeat(4000),
            iv: 'i',
            salt: 's',
          })
        else if (act >= 8 && Math.random() > 0.15)
          await call(by, 'putRecords', '{ results { applied } }', {
            items: shuffled(people.filter(person => !gone.has(person) || Math.random() < 0.1))
              .slice(0, 3)
              .flatMap(owner => shuffled(names).map(collection => ({ collection, owner: owner.id, key: 'z', value: 1, ttlSeconds: 1 }))),
          })
        else if (act === 8)
          await call(note.owner, 'trashNote', '{ note { id } }', { id: note.id }).then(() => call(note.owner, 'emptyTrash', '{ deletedIds }', {}))
        else if (act === 9) await call(owned.owner, 'deleteFolder', '{ deletedId }', { id: owned.id })
        else await call(among(people), 'removeAccess', '{ removedUserId }', { resourceId: among([...ids, ...notes]).id, userId: among(people).id })
      }
    }
    const reaper = async () => {
      for (const person of people.slice(0, 4)) {
        await new Promise(resolve => setTimeout(resolve, 1_300))
        gone.add(person)
        await call(person, 'deleteAccount', '{ deletedId }', { password })
      }
    }
    await Promise.all([...range(10).map(worker), reaper()])
    const goneIds = [...gone].map(person => `'${person.id}'`).join(',')
    const deleted = await count(`select 1 from users where deleted_at is not null and id in (${goneIds})`)
    for (const sql of [
      `select 1 from collections where owner_id in (${goneIds})`,
      'select 1 from records where collection_id not in (select id from collections)',
      `select 1 from memberships where user_id in (${goneIds})`,
      "select 1 from memberships where resource_id like 'col_%' and resource_id not in (select id from collections)",
      "select 1 from memberships where resource_id like 'note_%' and resource_id not in (select id from notes)",
      `select 1 from notes where owner_id in (${goneIds})`,
      `select 1 from folders where owner_id in (${goneIds})`,
      `select 1 from notebooks where owner_id in (${goneIds})`,
      'select 1 from attachments where note_id not in (select id from notes)',
      'select 1 from attachment_chunks where attachment_id not in (select id from attachments)',
      'select 1 from notes where folder_id is not null and folder_id not in (select id from folders)',
      'select 1 from note_revisions where note_id not in (select id from notes)',
      'select 1 from notebooks b where attachment_bytes <> coalesce((select sum(size_bytes) from attachments a join notes n on n.id = a.note_id where n.owner_id = b.owner_id), 0)',
      'select 1 from streams s where head - floor <> (select count(*) from changes c where c.stream_id = s.id)',
      'select 1 from changes c join (select stream_id, min(seq) lo, max(seq) hi, count(*) n from changes group by 1) m using (stream_id) where m.hi - m.lo + 1 <> m.n',
      // What the feed says last of each record is what is there.
      "select 1 from (select distinct on (stream_id, payload->>'id') stream_id, payload from changes where stream_id like 'col_%' order by stream_id, payload->>'id', seq desc) l join records r on r.id = l.payload->>'id' where r.version <> (l.payload->>'version')::bigint",
    ])
      expect(await count(sql), sql).toBe(0)
    expect([...codes.keys()].filter(name => name.includes('INTERNAL') || name.includes('UNAVAILABLE'))).toEqual([])
    expect(deleted).toBe(gone.size)
  }, 240_000)
})
