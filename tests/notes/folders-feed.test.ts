import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Person, sharedServers, signUp } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import { modes } from '../harness/modes.ts'
import { setAccess } from '../harness/operations.ts'
import { importIntoFolders, notebookGist, noteChangesIn } from './folders-operations.ts'
import { foldersOf, type NotebookItem } from './folders-world.ts'

/** What an event says, without when. */
const gist = (item: NotebookItem | undefined) => {
  if (item?.__typename === 'FolderChange') return [item.operation, item.folderId, item.changedFields, item.folder?.name ?? null]
  return item?.__typename === 'NoteChange' ? [item.operation, item.noteId, item.changedFields] : item?.__typename
}

describe.each(modes)('changes of folders on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let folders: ReturnType<typeof foldersOf>
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    folders = foldersOf(ann)
    await folders.list()
  })

  test('are told by the defaults already', async () => {
    const ben = await signUp(servers.one.url, 'ben')
    await using feed = await foldersOf(ben).follow(servers.one.wsUrl)
    const start = feed.items[0]?.cursor ?? ''
    const made = await foldersOf(ben).list()
    await foldersOf(ben).make({ name: 'mine' })
    expect((await feed.got(2)).slice(1).map(gist)).toEqual([['CREATED', expect.any(String), [], 'mine']])
    // Before the feed was opened there was no notebook; all that came with it is behind the start of that.
    expect(made.map(folder => folder.name)).toEqual(['Personal', 'Work', 'Projects'])
    expect(start).not.toBe('')
  })

  test('are told on every node as they were made: who, when, which fields', async () => {
    await using feed = await folders.follow(servers.other.wsUrl)
    const before = Date.now()
    const home = await folders.make({ name: 'home', color: '#123' })
    const room = await folders.make({ name: 'room', parentId: home.id })
    await folders.change({ id: room.id, name: 'kitchen', color: '#fff' })
    await folders.change({ id: room.id, name: 'kitchen' })
    await folders.change({ id: room.id, parentId: null })
    await folders.change({ id: home.id, color: null, parentId: room.id })
    await folders.remove(room.id)
    const items = await feed.got(8)
    expect(items.slice(1).map(item => gist(item)?.slice(0, 3))).toEqual([
      ['CREATED', home.id, []],
      ['CREATED', room.id, []],
      ['UPDATED', room.id, ['name', 'color']],
      ['UPDATED', room.id, ['parent', 'position']],
      ['UPDATED', home.id, ['color', 'parent', 'position']],
      ['UPDATED', home.id, ['parent', 'position']],
      ['DELETED', room.id, []],
    ])
    expect(items.at(-1)).toMatchObject({ folder: null, by: { id: ann.id } })
    expect(items.at(-2)).toMatchObject({ folder: (await folders.list()).at(-1) })
    for (const item of items.slice(1)) {
      expect(Date.parse('at' in item ? item.at : '')).toBeGreaterThanOrEqual(before)
      expect(Date.parse('at' in item ? item.at : '')).toBeLessThanOrEqual(Date.now())
    }
    await folders.remove(home.id)
    expect(await feed.got(9)).toHaveLength(9)
  })

  test('are told of no folder but those whose position is another after reordering', async () => {
    const home = await folders.make({ name: 'home' })
    const ids: string[] = []
    for (const name of ['a', 'b', 'c', 'd']) ids.push((await folders.make({ name, parentId: home.id })).id)
    const [a = '', b = '', c = '', d = ''] = ids
    await using feed = await folders.follow(servers.other.wsUrl)
    await folders.reorder(home.id, ids)
    await folders.reorder(home.id, [a, c, b, d])
    expect((await feed.got(3)).slice(1).map(gist)).toEqual([
      ['UPDATED', c, ['position'], 'c'],
      ['UPDATED', b, ['position'], 'b'],
    ])
    await folders.make({ name: 'end' })
    expect((await feed.got(4)).at(-1)).toMatchObject({ operation: 'CREATED', folder: { name: 'end' } })
  })

  test('tell where everything went from a deleted folder, the notes first, and members of a note hear of theirs', async () => {
    const eve = await signUp(servers.one.url, 'eve')
    const home = await folders.make({ name: 'home' })
    const goes = await folders.make({ name: 'goes', parentId: home.id })
    const inner = await folders.make({ name: 'inner', parentId: goes.id })
    const [noteId, deeper] = [await folders.note(goes.id), await folders.note(inner.id)]
    await ann.run(setAccess, { input: { resourceId: noteId, userId: eve.id, access: 'READ' } })
    await using feed = await folders.follow(servers.other.wsUrl)
    await folders.remove(goes.id)
    const items = await feed.got(4)
    expect(items.slice(1).map(gist)).toEqual([
      ['UPDATED', noteId, ['folder']],
      ['UPDATED', inner.id, ['parent', 'position'], 'inner'],
      ['DELETED', goes.id, [], null],
    ])
    expect(items[1]).toMatchObject({ note: { version: 2, folder: { id: home.id } } })
    expect(items[2]).toMatchObject({ folder: { parent: { id: home.id }, position: 1, noteCount: 1 } })
    expect(await folders.readNote(deeper)).toMatchObject({ version: 1, folder: { id: inner.id } })
    expect(await foldersOf(eve).readNote(noteId)).toMatchObject({ version: 2, folder: null })
  })

  test('show where a note is to its owner, and to no member of it who follows in the same words', async () => {
    const eve = await signUp(servers.one.url, 'eve')
    const home = await folders.make({ name: 'home' })
    const goes = await folders.make({ name: 'goes', parentId: home.id })
    const noteId = await folders.note(goes.id)
    await ann.run(setAccess, { input: { resourceId: noteId, userId: eve.id, access: 'ADMIN' } })
    const follow = (by: Person) => followFeed(servers.one.wsUrl, by.accessToken, noteChangesIn, { noteId }, data => data.noteChanges)
    await using own = await follow(ann)
    await using shared = await follow(eve)
    await folders.remove(goes.id)
    expect((await own.got(2))[1]).toMatchObject({ changedFields: ['folder'], note: { folder: { id: home.id } } })
    expect((await shared.got(2))[1]).toMatchObject({ changedFields: ['folder'], note: { folder: null } })
  })

  test('show the folder as it is when they are read late, and nothing of one that is gone', async () => {
    const early = await folders.follow(servers.other.wsUrl)
    const after = early.items[0]?.cursor ?? ''
    await early[Symbol.asyncDispose]()
    const [kept, gone] = [await folders.make({ name: 'first' }), await folders.make({ name: 'secret' })]
    await folders.change({ id: kept.id, name: 'second' })
    await folders.remove(gone.id)
    await using late = await folders.follow(servers.other.wsUrl, after)
    expect((await late.got(5)).slice(1).map(gist)).toEqual([
      ['CREATED', kept.id, [], 'second'],
      ['CREATED', gone.id, [], null],
      ['UPDATED', kept.id, ['name'], 'second'],
      ['DELETED', gone.id, [], null],
    ])
    expect(JSON.stringify(late.items)).not.toContain('secret')
  })

  test('of ten thousand notes in a folder that is deleted are all told', { timeout: 120_000 }, async () => {
    const home = await folders.make({ name: 'home' })
    const full = await folders.make({ name: 'full', parentId: home.id })
    for (let batch = 0; batch < 10; batch++) {
      const notes = Array.from({ length: 1_000 }, (_, index) => ({
        id: `note_${v7()}`,
        folderId: full.id,
        title: `note ${batch} ${index}`,
        content: 'words',
      }))
      await ann.run(importIntoFolders, { input: { notes } })
    }
    expect(await folders.read(full.id)).toMatchObject({ noteCount: 10_000 })
    await using feed = await followFeed(servers.other.wsUrl, ann.accessToken, notebookGist, {}, data => data.notebookChanges)
    await folders.remove(full.id)
    const items = await feed.got(10_002, 60_000)
    expect(items.at(-1)).toMatchObject({ operation: 'DELETED', folderId: full.id })
    const told = items.filter(item => item.__typename === 'NoteChange')
    expect(new Set(told.map(item => item.noteId)).size).toBe(10_000)
    for (const item of told) expect(item).toMatchObject({ operation: 'UPDATED', changedFields: ['folder'] })
    expect(await folders.readNote(told[4_999]?.noteId ?? '')).toMatchObject({ version: 2, folder: { id: home.id } })
    expect(await folders.read(home.id)).toMatchObject({ noteCount: 10_000, children: [] })
  })
})
