import { describe, expect, test } from 'vitest'
import type { ImportFolderInput } from '../generated/graphql.ts'
import { type Person, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import { modes } from '../harness/modes.ts'
import { deleteFolder } from './folders-operations.ts'
import { countNotes, importNotebook, listingChanges, readImportedFolder, readImportedNote, readNotebook } from './listing-operations.ts'
import { folderWith, idsIn, newFolderId, newNoteId, noteWith, put } from './listing-world.ts'

const time = (minute: number) => new Date(Date.UTC(2023, 5, 1, 12, minute, 0, 789)).toISOString()
const refused = (code: string, field: string) => ({ code, field })
const secret = { encryptedTitle: 'dGl0bGU=', encryptedContent: 'Y29udGVudA==', iv: 'iv', salt: 'salt' }

describe.each(modes)('on %s', mode => {
  const servers = sharedServers(mode)
  const someone = () => signUp(servers.one.url, 'anna')
  const refusal = (person: Person, input: Parameters<typeof put>[1]) => refusalOf(put(person, input))

  test('notes and folders keep all that is known of them', async () => {
    const anna = await someone()
    const folder = folderWith({ name: 'Ordner', color: '#a1b2c3', position: 7, createdAt: time(1), updatedAt: time(2) })
    const plain = noteWith({
      folderId: folder.id,
      type: 'CODE',
      title: 'Ein Titel 🗒',
      content: '\ttab, "quotes" \\ and\r\nlines',
      tags: ['b', 'a,{}"\\', 'b'],
      starred: true,
      archived: true,
      hidden: true,
      trashedAt: time(5),
      createdAt: time(3),
      updatedAt: time(4),
    })
    const encrypted = noteWith({ ...secret, createdAt: time(6) })
    expect(await put(anna, { folders: [folder], notes: [plain, encrypted] })).toEqual({
      importedFolderIds: [folder.id],
      importedNoteIds: [plain.id, encrypted.id],
      skippedIds: [],
    })
    const elsewhere = anna.at(servers.other.url)
    expect((await elsewhere.run(readImportedFolder, { id: folder.id })).folder).toEqual({
      name: 'Ordner',
      color: '#a1b2c3',
      position: 7,
      isDefault: false,
      parent: null,
      createdAt: time(1),
      updatedAt: time(2),
    })
    const nothing = { title: null, content: null, encryptedTitle: null, encryptedContent: null, iv: null, salt: null }
    const made = {
      folder: null,
      type: 'NOTE',
      ...nothing,
      tags: [],
      starred: false,
      archived: false,
      hidden: false,
      trashedAt: null,
      version: 1,
      viewerAccess: 'ADMIN',
    }
    const { id: _, folderId: __, ...attributes } = plain
    expect((await elsewhere.run(readImportedNote, { id: plain.id })).note).toEqual({
      ...made,
      ...attributes,
      folder: { id: folder.id },
      tags: ['b', 'a,{}"\\'],
    })
    expect((await elsewhere.run(readImportedNote, { id: encrypted.id })).note).toEqual({ ...made, ...secret, createdAt: time(6), updatedAt: time(6) })
  })

  test('each folder and note is one change of the notebook, folders before what is in them', async () => {
    const anna = await someone()
    const { notebook } = await anna.run(readNotebook, {})
    const [top, middle, bottom] = [folderWith(), folderWith(), folderWith()] as [ImportFolderInput, ImportFolderInput, ImportFolderInput]
    const note = noteWith({ folderId: bottom.id })
    await put(anna, { folders: [{ ...bottom, parentId: middle.id }, { ...middle, parentId: top.id }, top], notes: [note] })
    await put(anna, { folders: [top], notes: [note] })
    const last = noteWith()
    await put(anna, { notes: [last] })
    await using reader = await followFeed(
      servers.other.wsUrl,
      anna.accessToken,
      listingChanges,
      { after: notebook.cursor },
      data => data.notebookChanges,
    )
    const [, ...changes] = await reader.got(6)
    expect(changes.map(change => ({ ...change, cursor: null }))).toEqual([
      ...[top, middle, bottom].map(({ id }) => ({ __typename: 'FolderChange', cursor: null, operation: 'CREATED', folderId: id, changedFields: [] })),
      ...[note, last].map(({ id }) => ({ __typename: 'NoteChange', cursor: null, operation: 'CREATED', noteId: id, changedFields: [] })),
    ])
  })

  test('a thousand folders and a thousand notes come in at once, and not one more', async () => {
    const anna = await someone()
    const folders = Array.from({ length: 1_000 }, (_, index) => folderWith({ name: `F${index}` }))
    for (const [index, folder] of folders.entries())
      folder.parentId = folders[Math.trunc((index - 1) / 3)]?.id === folder.id ? null : (folders[Math.trunc((index - 1) / 3)]?.id ?? null)
    const notes = folders.map(({ id }) => noteWith({ folderId: id, title: 'one of many' }))
    const { importedFolderIds, importedNoteIds } = await put(anna, { folders: folders.toReversed(), notes })
    expect([importedFolderIds.length, importedNoteIds.length]).toEqual([1_000, 1_000])
    expect((await anna.run(countNotes, { folderId: folders[0]?.id ?? null })).noteCounts.all).toBe(1_000)
    expect(await refusal(anna, { notes: Array.from({ length: 1_001 }, () => noteWith()) })).toEqual(refused('BAD_USER_INPUT', 'input.notes'))
    expect(await refusal(anna, { folders: Array.from({ length: 1_001 }, () => folderWith()) })).toEqual(refused('BAD_USER_INPUT', 'input.folders'))
  })

  test('what is there is skipped and stays as it is, so that an import can be run again', async () => {
    const anna = await someone()
    const folder = folderWith({ name: 'first' })
    const note = noteWith({ title: 'first', folderId: folder.id })
    await put(anna, { folders: [folder], notes: [note] })
    const more = [folderWith({ parentId: folder.id }), noteWith({ folderId: folder.id })] as const
    expect(
      await put(anna, {
        folders: [{ ...folder, name: 'second', parentId: more[0].id }, more[0]],
        notes: [{ ...note, title: 'second', folderId: null }, more[1]],
      }),
    ).toEqual({
      importedFolderIds: [more[0].id],
      importedNoteIds: [more[1].id],
      skippedIds: expect.arrayContaining([folder.id, note.id]),
    })
    expect((await anna.run(readImportedNote, { id: note.id })).note).toMatchObject({ title: 'first', folder: { id: folder.id }, version: 1 })
    expect((await anna.run(readImportedFolder, { id: folder.id })).folder).toMatchObject({ name: 'first', parent: null })
  })

  test('a call that is repeated with its key does nothing and gets the first answer', async () => {
    const anna = await someone()
    const input = { folders: [folderWith()], notes: [noteWith(), noteWith()], idempotencyKey: 'import-once' }
    const first = await anna.run(importNotebook, { input })
    expect(first.importNotebook.importedNoteIds.length).toBe(2)
    expect(await anna.at(servers.other.url).run(importNotebook, { input })).toEqual(first)
    expect(await refusalOf(anna.run(importNotebook, { input: { ...input, notes: [] } }))).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
  })

  test('folders that are put behind their siblings come in their order', async () => {
    const anna = await someone()
    const top = folderWith()
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(name => folderWith({ name, parentId: top.id })) as [
      ImportFolderInput,
      ImportFolderInput,
      ImportFolderInput,
      ImportFolderInput,
    ]
    await put(anna, { folders: [top, a, { ...b, position: 5 }] })
    await put(anna, { folders: [c, d] })
    const positions = await Promise.all([top, a, b, c, d].map(async ({ id }) => (await anna.run(readImportedFolder, { id })).folder?.position))
    expect(positions).toEqual([3, 6, 5, 7, 8])
  })

  test('one that can’t be taken refuses all, and is named by its index', async () => {
    const anna = await someone()
    const good = { folder: folderWith(), note: noteWith() }
    const cases: [Parameters<typeof put>[1], { code: string; field: string }][] = [
      [{ notes: [good.note, { id: 'note_1' }] }, refused('BAD_USER_INPUT', 'input.notes.1.id')],
      [{ notes: [good.note, { id: newFolderId() }] }, refused('BAD_USER_INPUT', 'input.notes.1.id')],
      [{ notes: [good.note, good.note] }, refused('BAD_USER_INPUT', 'input.notes.1.id')],
      [{ notes: [good.note, noteWith({ title: 'x'.repeat(1_001) })] }, refused('BAD_USER_INPUT', 'input.notes.1.title')],
      [{ notes: [good.note, noteWith({ content: '\0' })] }, refused('BAD_USER_INPUT', 'input.notes.1.content')],
      [{ notes: [good.note, noteWith({ ...secret, salt: null })] }, refused('BAD_USER_INPUT', 'input.notes.1.salt')],
      [{ notes: [good.note, noteWith({ ...secret, title: 'plain' })] }, refused('BAD_USER_INPUT', 'input.notes.1.title')],
      [{ notes: [good.note, noteWith({ tags: ['a', ''] })] }, refused('BAD_USER_INPUT', 'input.notes.1.tags.1')],
      [{ notes: [good.note, noteWith({ folderId: newFolderId() })] }, refused('BAD_USER_INPUT', 'input.notes.1.folderId')],
      [{ notes: [good.note, noteWith({ createdAt: '1969-12-31T23:59:59.999Z' })] }, refused('BAD_USER_INPUT', 'input.notes.1.createdAt')],
      [{ notes: [good.note, noteWith({ updatedAt: '2999-01-01T00:00:00.000Z' })] }, refused('CLOCK_SKEW', 'input.notes.1.updatedAt')],
      [{ notes: [good.note, noteWith({ trashedAt: '2999-01-01T00:00:00.000Z' })] }, refused('CLOCK_SKEW', 'input.notes.1.trashedAt')],
      [{ folders: [good.folder, { id: newNoteId(), name: 'x' }] }, refused('BAD_USER_INPUT', 'input.folders.1.id')],
      [{ folders: [good.folder, folderWith({ name: ' ' })] }, refused('BAD_USER_INPUT', 'input.folders.1.name')],
      [{ folders: [good.folder, folderWith({ color: 'red' })] }, refused('BAD_USER_INPUT', 'input.folders.1.color')],
      [{ folders: [good.folder, folderWith({ position: -1 })] }, refused('BAD_USER_INPUT', 'input.folders.1.position')],
      [{ folders: [good.folder, folderWith({ parentId: newFolderId() })] }, refused('BAD_USER_INPUT', 'input.folders.1.parentId')],
    ]
    for (const [input, expected] of cases)
      expect([input, await refusal(anna, { ...input, notes: input.notes ?? [good.note], folders: input.folders ?? [good.folder] })]).toEqual([
        input,
        expected,
      ])
    expect(await idsIn(anna)).toEqual([])
    expect((await anna.run(readImportedFolder, { id: good.folder.id })).folder).toBeNull()
  })

  test('folders that go round in a circle are refused, whatever their order', async () => {
    const anna = await someone()
    const [a, b, c] = [folderWith(), folderWith(), folderWith()] as [ImportFolderInput, ImportFolderInput, ImportFolderInput]
    expect((await refusal(anna, { folders: [{ ...a, parentId: a.id }] }))?.code).toBe('BAD_USER_INPUT')
    const circle = [
      { ...a, parentId: b.id },
      { ...b, parentId: c.id },
      { ...c, parentId: a.id },
    ]
    for (const folders of [circle, circle.toReversed(), [circle[1], circle[0], circle[2]] as ImportFolderInput[]]) {
      const refusing = await refusal(anna, { folders: [folderWith(), ...folders] })
      expect(refusing).toEqual({ code: 'BAD_USER_INPUT', field: expect.stringMatching(/^input\.folders\.[123]\.parentId$/) })
    }
    // In two goes: the first is there already, at the top, and stays there.
    await put(anna, { folders: [a] })
    await put(anna, { folders: circle })
    expect((await anna.run(readImportedFolder, { id: a.id })).folder?.parent).toBeNull()
    expect((await anna.run(readImportedFolder, { id: b.id })).folder?.parent).toEqual({ id: c.id })
  })

  test('folders nest as deep as those that are made one by one, over several imports too', async () => {
    const anna = await someone()
    const chain = Array.from({ length: 65 }, () => folderWith())
    for (const [index, folder] of chain.entries()) folder.parentId = chain[index - 1]?.id ?? null
    expect(await refusal(anna, { folders: chain.toReversed() })).toEqual(refused('BAD_USER_INPUT', 'input.folders.0.parentId'))
    await put(anna, { folders: chain.slice(0, 60) })
    expect(await refusal(anna, { folders: chain.slice(60) })).toEqual(refused('BAD_USER_INPUT', 'input.folders.4.parentId'))
    await put(anna, { folders: chain.slice(60, 64) })
  })

  test('ids of others, and of what was deleted, are taken', async () => {
    const [anna, ben] = [await someone(), await someone()]
    const folder = folderWith()
    const note = noteWith()
    await put(anna, { folders: [folder], notes: [note] })
    expect(await refusal(ben, { notes: [noteWith(), note] })).toEqual(refused('ALREADY_EXISTS', 'input.notes.1.id'))
    expect(await refusal(ben, { folders: [folderWith(), folder] })).toEqual(refused('ALREADY_EXISTS', 'input.folders.1.id'))
    expect(await refusal(ben, { notes: [noteWith({ folderId: folder.id })] })).toEqual(refused('BAD_USER_INPUT', 'input.notes.0.folderId'))
    expect(await refusal(ben, { folders: [folderWith({ parentId: folder.id })] })).toEqual(refused('BAD_USER_INPUT', 'input.folders.0.parentId'))
    await anna.run(deleteFolder, { input: { id: folder.id } })
    expect(await refusal(anna, { folders: [folder] })).toEqual(refused('ALREADY_EXISTS', 'input.folders.0.id'))
    expect(await idsIn(ben)).toEqual([])
  })

  test('of two imports at once that bring the same, one brings it and the other skips it', async () => {
    const anna = await someone()
    const input = { folders: Array.from({ length: 20 }, () => folderWith()), notes: Array.from({ length: 50 }, () => noteWith()) }
    const outcomes = await Promise.all([put(anna, input), put({ ...anna, ...anna.at(servers.other.url) }, input), put(anna, input)])
    expect(outcomes.map(({ importedNoteIds, skippedIds }) => [importedNoteIds.length, skippedIds.length]).sort()).toEqual([
      [0, 70],
      [0, 70],
      [50, 0],
    ])
  })

  test('of two users who bring the same id at once, one gets it', async () => {
    const people = [await someone(), await someone(), await someone()]
    const note = noteWith()
    const outcomes = await Promise.all(people.map(person => refusal(person, { notes: [note] })))
    expect(outcomes.filter(outcome => outcome === null).length).toBe(1)
    for (const outcome of outcomes) if (outcome) expect(outcome).toEqual(refused('ALREADY_EXISTS', 'input.notes.0.id'))
  })
})
