import { print } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { codeOf, type Person, sharedServers, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { setAccess } from '../harness/operations.ts'
import { until } from '../harness/wait.ts'
import { createFolder, deleteFolder } from './folders-operations.ts'
import { noteChanges, publishNote } from './operations.ts'
import { create, encryptedText, followNote, followNotebook, remove, restore, trash, update } from './world.ts'

describe.each(modes)('feeds of notes on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let bob: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    bob = await signUp(servers.one.url, 'bob')
  })

  test('tell all that happens, whatever path it came by, and go on behind every cursor without a seam', async () => {
    const { id, cursor } = await create(ann, { title: 'x' })
    const neighbour = await create(ann)
    await ann.run(setAccess, { input: { resourceId: id, userId: bob.id, access: 'WRITE' } })
    await using fromStart = await followNote(servers.one, ann, id, cursor)
    await using fromStartThere = await followNotebook(servers.other, ann, cursor)
    const folderId = (await ann.run(createFolder, { input: { name: 'f' } })).createFolder.folder.id
    await update(bob, { id, title: 'by bob' })
    await update(ann, { id: neighbour.id, starred: true })
    await update(ann, { id, folderId })
    await ann.run(deleteFolder, { input: { id: folderId } })
    await ann.run(publishNote, { input: { id, title: 'open', content: 'x' } })
    await update(ann, { id, ...encryptedText() })
    await trash(ann, id)
    await restore(ann, id)
    await remove(ann, neighbour.id)
    const ofNote = ['title', 'folder', 'folder', 'publication', 'content', 'trashedAt', 'trashedAt']
    const items = (await fromStart.got(1 + ofNote.length)).slice(1)
    expect(items.map(item => item.__typename === 'NoteChange' && item.noteId)).toEqual(ofNote.map(() => id))
    const fields = items.map(item => (item.__typename === 'NoteChange' ? item.changedFields : []))
    for (const [index, field] of ofNote.entries()) if (field !== 'content') expect(fields[index]).toContain(field)
    expect([...(fields[4] ?? [])].sort()).toEqual(['encryptedContent', 'encryptedTitle', 'iv', 'publication', 'salt', 'title'])
    const all = (await fromStartThere.got(1 + 12)).slice(1)
    expect(all.filter(item => 'noteId' in item && item.noteId === id).map(item => item.cursor)).toEqual(items.map(item => item.cursor))

    // From each place, with changes that come while the feed opens.
    for (const [index, from] of items.entries()) {
      const live = update(bob, { id, tags: [`${index}`] })
      await using feed = await followNote(index % 2 ? servers.one : servers.other, index % 2 ? ann : bob, id, from.cursor)
      await live
      await until('the live change', () => feed.items.some(item => item.__typename === 'NoteChange' && item.changedFields.includes('tags')))
      const rest = items.slice(index + 1).map(item => item.cursor)
      expect(feed.items.slice(0, 1 + rest.length).map(item => item.cursor)).toEqual([from.cursor, ...rest])
      const seen = feed.items.map(item => item.cursor)
      expect(new Set(seen).size).toBe(seen.length)
    }
    for (const [index, from] of all.entries()) {
      await using feed = await followNotebook(servers.other, ann, from.cursor)
      const rest = (await feed.got(all.length - index)).slice(1, all.length - index)
      expect(rest.map(item => item.cursor)).toEqual(all.slice(index + 1).map(item => item.cursor))
    }
  })

  test('take cursors of their own notebook only', async () => {
    const [mine, foreign] = [await create(ann), await create(bob)]
    for (const cursor of [foreign.cursor, '', 'x', `${mine.cursor}x`]) {
      expect(await codeOf(followNote(servers.one, ann, mine.id, cursor))).toBe('BAD_USER_INPUT')
      expect(await codeOf(followNotebook(servers.one, ann, cursor))).toBe('BAD_USER_INPUT')
    }
  })

  test('give many readers who ask the same the same, at once and in order', async () => {
    const { id } = await create(ann)
    await ann.run(setAccess, { input: { resourceId: id, userId: bob.id, access: 'READ' } })
    const readers = await Promise.all(Array.from({ length: 8 }, (_, index) => followNote(servers.other, index % 2 ? ann : bob, id)))
    const other = await followNote(servers.other, ann, (await create(ann)).id)
    for (let count = 0; count < 20; count++) await update(ann, { id, title: `${count}` })
    const [first, ...others] = await Promise.all(readers.map(async reader => (await reader.got(21)).slice(1)))
    expect(new Set(first?.map(item => item.cursor)).size).toBe(20)
    for (const items of others) expect(items.map(item => item.cursor)).toEqual(first?.map(item => item.cursor))
    expect(other.items).toHaveLength(1)
    for (const reader of [...readers, other]) await reader[Symbol.asyncDispose]()
  })

  test('give those who come late nothing of what was encrypted or deleted meanwhile', async () => {
    const { id, cursor } = await create(ann, { title: 'plain' })
    const gone = await create(ann, { title: 'gone' })
    await using early = await followNotebook(servers.one, ann, cursor)
    await update(ann, { id, title: 'plain still' })
    await update(ann, { id: gone.id, content: 'gone too' })
    await early.got(4)
    await update(ann, { id, ...encryptedText() })
    await remove(ann, gone.id)
    await early.got(6)
    await using late = await followNotebook(servers.one, ann, cursor)
    const notes = (await late.got(6)).slice(1).map(item => (item.__typename === 'NoteChange' ? item.note : undefined))
    for (const note of notes) if (note) expect(note).toMatchObject({ id, ...encryptedText(), title: null })
    expect(notes.map(note => note?.id ?? null)).toEqual([null, id, null, id, null])
  })

  test('come as server-sent events too', async () => {
    const { id, cursor } = await create(ann)
    await update(ann, { id, title: 'before' })
    const response = await fetch(servers.other.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${ann.accessToken}` },
      body: JSON.stringify({ query: print(noteChanges), variables: { noteId: id, after: cursor } }),
    })
    let text = ''
    const reading = (async () => {
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk
    })().catch(() => undefined)
    const changes = () => [...text.matchAll(/"changedFields":(\[[^\]]*\])/g)].map(([, fields = '']) => JSON.parse(fields))
    await until('what came before', () => changes().length === 1)
    await update(ann, { id, tags: ['live'] })
    await until('what comes live', () => changes().length === 2)
    expect(changes()).toEqual([['title'], ['tags']])
    await ann.post(JSON.stringify({ query: 'mutation { logout { endedSessions } }' }))
    await reading
    expect(text).toContain('TOKEN_REVOKED')
    ann = await signUp(servers.one.url, 'ann')
  })
})

describe.each(modes)('a notebook that forgets, on %s', mode => {
  const servers = useServers(mode, { env: { FEED_MAX_CHANGES: '10', CLEANUP_INTERVAL_MS: '50' } })

  test('sends readers that stand too far back to the state, whose cursor leads on', async () => {
    const ann = await signUp(servers.one.url, 'ann')
    const { id, cursor } = await create(ann)
    for (let count = 0; count < 30; count++) await update(ann, { id, title: `${count}` })
    await until(
      'the sweep',
      async () => (await codeOf(followNote(servers.one, ann, id, cursor).then(feed => feed[Symbol.asyncDispose]()))) === 'RESYNC_REQUIRED',
    )
    expect(await codeOf(followNotebook(servers.one, ann, cursor))).toBe('RESYNC_REQUIRED')
    const fresh = await create(ann)
    await using feed = await followNotebook(servers.one, ann, fresh.cursor)
    await update(ann, { id, title: 'after' })
    expect((await feed.got(2))[1]).toMatchObject({ changedFields: ['title'], noteId: id })
  })
})
