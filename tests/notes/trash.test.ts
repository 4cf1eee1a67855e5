import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { codeOf, type Person, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { setAccess } from '../harness/operations.ts'
import { until } from '../harness/wait.ts'
import { createFolder, deleteFolder } from './folders-operations.ts'
import { createNote, deleteNote, emptyTrash, listNotes, publishNote, readRevisions, restoreNote, trashNote, updateNote } from './operations.ts'
import { create, followNote, followNotebook, read, remove, restore, trash, update } from './world.ts'

describe.each(modes)('a note that goes, on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let bob: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    bob = await signUp(servers.one.url, 'bob')
  })
  const share = (id: string, access: 'READ' | 'WRITE' | 'ADMIN') => ann.run(setAccess, { input: { resourceId: id, userId: bob.id, access } })
  const trashed = async (by: Person) => (await by.run(listNotes, { filter: { trashed: true }, first: 500 })).notes.nodes.map(({ id }) => id)
  const empty = async (by: Person, input = {}) => (await by.run(emptyTrash, { input })).emptyTrash.deletedIds

  test('is in the trash once, can be read there, and comes back as it was', async () => {
    const note = await create(ann, { title: 'x', content: 'text', tags: ['t'] })
    await update(ann, { id: note.id, starred: true, archived: true })
    await using feed = await followNotebook(servers.other, ann)
    const gone = await trash(ann, note.id)
    expect(gone).toMatchObject({ title: 'x', starred: true, archived: true, version: 3, trashedAt: expect.any(String) })
    expect(await trash(ann, note.id)).toEqual(gone)
    expect(await read(ann, note.id)).toMatchObject(gone)
    expect(await trashed(ann)).toContain(note.id)
    const back = await restore(ann, note.id)
    expect(back).toEqual({ ...gone, trashedAt: null, version: 4, updatedAt: back.updatedAt })
    expect(await restore(ann, note.id)).toEqual(back)
    expect(await trashed(ann)).not.toContain(note.id)
    await update(ann, { id: note.id, title: 'y' })
    expect((await feed.got(4)).slice(1)).toMatchObject([
      { operation: 'UPDATED', changedFields: ['trashedAt'] },
      { operation: 'UPDATED', changedFields: ['trashedAt'] },
      { operation: 'UPDATED', changedFields: ['title'] },
    ])
  })

  test('comes back into its folder, or above it when that is gone', async () => {
    const folder = async (name: string, parentId: string | null = null) =>
      (await ann.run(createFolder, { input: { name, parentId } })).createFolder.folder.id
    const above = await folder('above')
    const below = await folder('below', above)
    const { id } = await create(ann, { folderId: below })
    await trash(ann, id)
    expect(await restore(ann, id)).toMatchObject({ folder: { id: below } })
    await trash(ann, id)
    await ann.run(deleteFolder, { input: { id: below } })
    expect(await restore(ann, id)).toMatchObject({ folder: { id: above } })
    await trash(ann, id)
    await ann.run(deleteFolder, { input: { id: above } })
    expect(await restore(ann, id)).toMatchObject({ folder: null })
  })

  test('into the trash is public no more, and its feed says so', async () => {
    const { id } = await create(ann)
    await ann.run(publishNote, { input: { id, title: 'open', content: 'to all' } })
    await using feed = await followNote(servers.one, ann, id)
    await trash(ann, id)
    expect((await feed.got(2))[1]).toMatchObject({ changedFields: ['trashedAt', 'publication'] })
    await restore(ann, id)
    expect((await feed.got(3))[2]).toMatchObject({ changedFields: ['trashedAt'] })
  })

  test('for good is told to owner and members who follow it, and is there for nobody afterwards', async () => {
    const { id, cursor } = await create(ann, { title: 'x' })
    await share(id, 'READ')
    await update(ann, { id, title: 'y' })
    await using anns = await followNote(servers.one, ann, id, cursor)
    await using bobs = await followNote(servers.other, bob, id, cursor)
    await using notebook = await followNotebook(servers.other, ann, cursor)
    expect(await remove(ann, id)).toBe(id)
    for (const feed of [anns, bobs, notebook])
      expect((await feed.got(3)).slice(1)).toMatchObject([
        { operation: 'UPDATED', noteId: id },
        { operation: 'DELETED', noteId: id, changedFields: [], note: null, by: { id: ann.id } },
      ])
    for (const person of [ann, bob]) {
      expect(await read(person, id)).toBeNull()
      expect(await codeOf(followNote(servers.other, person, id))).toBe('NOT_FOUND')
      expect(await codeOf(followNote(servers.other, person, id, cursor))).toBe('NOT_FOUND')
      for (const again of [trash, restore, remove]) expect(await codeOf(again(person, id))).toBe('NOT_FOUND')
      expect(await codeOf(person.ask(updateNote, { input: { id, title: 'z' } }))).toBe('NOT_FOUND')
      expect((await person.run(readRevisions, { id })).note).toBeNull()
      expect(await codeOf(person.ask(setAccess, { input: { resourceId: id, userId: bob.id, access: 'READ' } }))).toBe('NOT_FOUND')
      expect(await refusalOf(person.ask(createNote, { input: { id } }))).toEqual({ code: 'ALREADY_EXISTS', field: 'input.id' })
    }
  })

  test('for good is gone once for one idempotency key, and trashed and restored once', async () => {
    const { id } = await create(ann)
    const key = (name: string) => ({ id, idempotencyKey: `${name}-${id}` })
    await ann.run(trashNote, { input: key('trash') })
    await ann.run(restoreNote, { input: key('restore') })
    expect((await ann.run(trashNote, { input: key('trash') })).trashNote.note).toMatchObject({ trashedAt: null, version: 3 })
    for (let count = 0; count < 3; count++) expect(await ann.run(deleteNote, { input: key('delete') })).toEqual({ deleteNote: { deletedId: id } })
    expect(await codeOf(ann.ask(deleteNote, { input: { id } }))).toBe('NOT_FOUND')
    expect(await codeOf(bob.ask(deleteNote, { input: key('delete') }))).toBe('NOT_FOUND')
    const other = await create(ann)
    expect(await codeOf(ann.ask(deleteNote, { input: { ...key('delete'), id: other.id } }))).toBe('IDEMPOTENCY_MISMATCH')
  })

  test('with the trash goes with all that is in it, and nothing else does', async () => {
    const cyd = await signUp(servers.one.url, 'cyd')
    const [kept, one, two] = [await create(cyd), await create(cyd), await create(cyd)]
    const anns = await create(ann)
    await ann.run(setAccess, { input: { resourceId: anns.id, userId: cyd.id, access: 'ADMIN' } })
    for (const { id } of [one, two, anns]) await trash(cyd, id)
    await using feed = await followNotebook(servers.other, cyd)
    const input = { idempotencyKey: `empty-${v7()}` }
    expect(await empty(cyd, input)).toEqual([one.id, two.id])
    expect((await feed.got(3)).slice(1)).toMatchObject([
      { operation: 'DELETED', noteId: one.id },
      { operation: 'DELETED', noteId: two.id },
    ])
    const three = await create(cyd)
    await trash(cyd, three.id)
    expect(await empty(cyd, input)).toEqual([one.id, two.id])
    expect(await empty(cyd)).toEqual([three.id])
    expect(await empty(cyd)).toEqual([])
    expect((await cyd.run(emptyTrash, {})).emptyTrash.deletedIds).toEqual([])
    expect(await read(cyd, kept.id)).toMatchObject({ trashedAt: null })
    expect(await read(cyd, anns.id)).toMatchObject({ trashedAt: expect.any(String) })
    expect((await cyd.run(listNotes, {})).notes.nodes.map(({ id }) => id)).toEqual([kept.id])
  })

  test('while it is changed, trashed, restored and emptied away by many at once, it ends in one state that the feed tells step by step', async () => {
    const dan = await signUp(servers.one.url, 'dan')
    const there = { ...dan, ...dan.at(servers.other.url), accessToken: dan.accessToken }
    for (let round = 0; round < 6; round++) {
      const { id, cursor } = await create(dan)
      await using feed = await followNote(servers.other, dan, id, cursor)
      const codes = await Promise.all(
        [dan, there].flatMap((by, index) => [
          codeOf(by.ask(updateNote, { input: { id, title: `by ${index}` } })),
          codeOf(by.ask(trashNote, { input: { id } })),
          codeOf(by.ask(updateNote, { input: { id, content: `by ${index}` } })),
          codeOf(by.ask(restoreNote, { input: { id } })),
          round % 2 ? codeOf(by.ask(deleteNote, { input: { id } })) : codeOf(by.ask(emptyTrash, {})),
        ]),
      )
      for (const code of codes) expect([null, 'NOT_FOUND', 'CONFLICT']).toContain(code)
      // The last word of this round.
      if (await read(dan, id)) await remove(dan, id)
      await until('DELETED', () => feed.items.some(item => item.__typename === 'NoteChange' && item.operation === 'DELETED'))
      const changes = feed.items.flatMap(item => (item.__typename === 'NoteChange' ? [item] : []))
      expect(changes.map(({ operation }) => operation)).toEqual([...new Array(changes.length - 1).fill('UPDATED'), 'DELETED'])
      // In the trash nothing changes but its coming out again.
      let inTrash = false
      for (const { changedFields } of changes.slice(0, -1)) {
        if (changedFields.includes('trashedAt')) inTrash = !inTrash
        else expect(inTrash).toBe(false)
      }
    }
  })
})
