import { beforeAll, describe, expect, test } from 'vitest'
import { codeOf, makeAdmin, type Person, refusalOf, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { removeAccess, setAccess } from '../harness/operations.ts'
import { createFolder } from './folders-operations.ts'
import { createNote, deleteNote, listNotes, readSharing, updateNote } from './operations.ts'
import { create, encryptedText, followNote, followNotebook, read, restore, trash, update } from './world.ts'

describe.each(modes)('a shared note on %s', mode => {
  // Looks at the log are so rare that whatever is heard was told.
  const servers = useServers(mode, { nodes: 2, env: { HEAL_INTERVAL_MS: '3600000' } })
  let ann: Person
  let bob: Person
  let cyd: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    bob = await signUp(servers.one.url, 'bob')
    cyd = await signUp(servers.one.url, 'cyd')
  })
  const share = (id: string, who: Person, access: 'READ' | 'WRITE' | 'ADMIN', by = ann) =>
    by.ask(setAccess, { input: { resourceId: id, userId: who.id, access } })
  const unshare = (id: string, who: Person, by = ann) => by.ask(removeAccess, { input: { resourceId: id, userId: who.id } })
  const sharing = async (id: string, by: Person, page: { first?: number; after?: string } = {}) => (await by.run(readSharing, { id, ...page })).note

  test('is changed by members as far as their level goes, and kept by its owner alone', async () => {
    const { id } = await create(ann, { title: 'x' })
    const folderId = (await bob.run(createFolder, { input: { name: 'of bob' } })).createFolder.folder.id
    const refusal = (input: object) => refusalOf(bob.ask(updateNote, { input: { id, ...input } }))
    const forbidden = { code: 'FORBIDDEN' }
    await share(id, bob, 'READ')
    expect(await read(bob, id)).toMatchObject({ title: 'x' })
    expect(await refusal({ title: 'y' })).toEqual(forbidden)
    for (const level of ['WRITE', 'ADMIN'] as const) {
      await share(id, bob, level)
      expect(await refusal({ title: level, content: level, tags: [level] })).toBeNull()
      expect(await refusal(encryptedText(level))).toBeNull()
      expect(await refusal({ encryptedTitle: null, encryptedContent: null, iv: null, salt: null, title: level })).toBeNull()
      for (const [field, value] of Object.entries({ starred: true, archived: true, hidden: true, folderId }))
        expect(await refusal({ title: 'z', [field]: value })).toEqual({ ...forbidden, field: `input.${field}` })
      expect(await refusal({ folderId: null })).toEqual({ ...forbidden, field: 'input.folderId' })
      const may = level === 'ADMIN' ? null : forbidden
      for (const work of [trash, restore]) expect(await refusalOf(work(bob, id))).toEqual(may)
      expect(await read(ann, id)).toMatchObject({ title: level, starred: false, folder: null, trashedAt: null })
    }
    expect((await bob.run(listNotes, {})).notes.nodes).toEqual([])
    expect(await codeOf(bob.ask(deleteNote, { input: { id } }))).toBeNull()
    expect(await read(ann, id)).toBeNull()
  })

  test('tells owner and members of each change, and by whom', async () => {
    const { id, cursor } = await create(ann)
    const other = await create(ann)
    await share(id, bob, 'WRITE')
    await share(id, cyd, 'READ')
    await using notebook = await followNotebook(servers.other, ann, cursor)
    await using anns = await followNote(servers.one, ann, id, cursor)
    await using cyds = await followNote(servers.other, cyd, id, cursor)
    await using bobs = await followNotebook(servers.one, bob)
    await update(bob, { id, title: 'by bob' })
    await update(ann, { id: other.id, title: 'not theirs' })
    await update(ann, { id, title: 'by ann' })
    const expected = [
      { __typename: 'NoteChange', operation: 'UPDATED', noteId: id, changedFields: ['title'], by: { id: bob.id } },
      { __typename: 'NoteChange', operation: 'UPDATED', noteId: id, changedFields: ['title'], by: { id: ann.id } },
    ]
    for (const feed of [anns, cyds]) expect((await feed.got(3)).slice(1)).toMatchObject(expected)
    const ofBoth = (await notebook.got(5)).slice(1)
    expect(ofBoth.map(item => 'noteId' in item && item.noteId)).toEqual([other.id, id, other.id, id])
    expect(bobs.items).toHaveLength(1)
    for (const stranger of [bob, cyd]) expect(await codeOf(followNote(servers.one, stranger, other.id, cursor))).toBe('NOT_FOUND')
  })

  test('says whose it is and who has access, in pages', async () => {
    const { id } = await create(ann)
    await share(id, bob, 'WRITE')
    await share(id, cyd, 'READ')
    for (const [by, level] of [
      [ann, 'ADMIN'],
      [bob, 'WRITE'],
      [cyd, 'READ'],
    ] as const) {
      const found = await sharing(id, by)
      expect(found).toMatchObject({ viewerAccess: level, owner: { id: ann.id } })
      expect(found?.members.nodes.map(({ user, access }) => [user.id, access])).toEqual([
        [ann.id, 'ADMIN'],
        [bob.id, 'WRITE'],
        [cyd.id, 'READ'],
      ])
    }
    const first = (await sharing(id, ann, { first: 2 }))?.members
    expect(first?.nodes.map(({ user }) => user.id)).toEqual([ann.id, bob.id])
    const second = (await sharing(id, ann, { first: 2, after: first?.pageInfo.endCursor ?? '' }))?.members
    expect(second?.nodes.map(({ user }) => user.id)).toEqual([cyd.id])
    expect(second?.pageInfo.hasNextPage).toBe(false)
  })

  test('has an owner whom no other ADMIN can remove or lower, and who can’t leave', async () => {
    const { id } = await create(ann)
    await share(id, bob, 'ADMIN')
    const conflict = { code: 'CONFLICT', field: 'input.userId' }
    for (const by of [bob, ann]) {
      expect(await refusalOf(unshare(id, ann, by))).toEqual(conflict)
      for (const level of ['READ', 'WRITE'] as const) expect(await refusalOf(share(id, ann, level, by))).toEqual(conflict)
    }
    expect(await refusalOf(share(id, cyd, 'READ', bob))).toBeNull()
    expect(await refusalOf(unshare(id, bob, bob))).toBeNull()
    expect(await refusalOf(unshare(id, ann, ann))).toEqual(conflict)
    expect(await sharing(id, ann)).toMatchObject({ viewerAccess: 'ADMIN', owner: { id: ann.id } })
    expect(await refusalOf(share(id, bob, 'ADMIN', cyd))).toEqual({ code: 'FORBIDDEN' })
  })

  test('is lost at once by who is taken out, on every node, with the feed they had open', async () => {
    const { id } = await create(ann, { title: 'x' })
    await share(id, bob, 'WRITE')
    await share(id, cyd, 'READ')
    await using bobs = await followNote(servers.other, bob, id)
    await using cyds = await followNote(servers.other, cyd, id)
    await using anns = await followNote(servers.other, ann, id)
    await unshare(id, bob)
    expect(await bobs.ended()).toBe('FORBIDDEN')
    await update(ann, { id, title: 'y' })
    await Promise.all([cyds.got(2), anns.got(2)])
    expect(bobs.items).toHaveLength(1)
    expect(await read(bob, id)).toBeNull()
    expect(await codeOf(followNote(servers.other, bob, id))).toBe('NOT_FOUND')
    expect(await refusalOf(bob.ask(updateNote, { input: { id, title: 'z' } }))).toEqual({ code: 'NOT_FOUND' })
    expect([cyds.end, anns.end]).toEqual([null, null])
  })

  test('is open to the administrator of the server, for whom everything is', async () => {
    await makeAdmin(servers.one, cyd)
    const { id } = await create(ann, { title: 'x' })
    await update(cyd, { id, title: 'y', starred: true })
    expect(await read(ann, id)).toMatchObject({ title: 'y', starred: true })
    expect(await codeOf(bob.ask(createNote, { input: { id } }))).toBe('ALREADY_EXISTS')
    expect(await codeOf(unshare(id, ann, cyd))).toBe('CONFLICT')
  })
})
