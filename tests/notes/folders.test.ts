import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { clientOf, codeOf, makeAdmin, type Person, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { setAccess } from '../harness/operations.ts'
import {
  countNotes,
  createFolder,
  deleteFolder,
  importIntoFolders,
  listFolders,
  readFolder,
  readFolderNodes,
  readUpAndDown,
  reorderFolders,
  updateFolder,
} from './folders-operations.ts'
import { foldersOf } from './folders-world.ts'

describe.each(modes)('folders on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let eve: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    eve = await signUp(servers.one.url, 'eve')
  })
  /** Somebody with nothing but the default folders. */
  const someone = async () => foldersOf(await signUp(servers.one.url))

  test('begin with three, made once, however many ask first and wherever', async () => {
    const people = await Promise.all(Array.from({ length: 3 }, () => signUp(servers.one.url)))
    for (const person of people) {
      const asked = await Promise.all(Array.from({ length: 10 }, (_, index) => foldersOf(index % 2 ? person : person.at(servers.other.url)).list()))
      expect(new Set(asked.map(folders => JSON.stringify(folders))).size).toBe(1)
      const [first] = asked
      expect(first).toMatchObject([
        { name: 'Personal', color: null, position: 0, isDefault: true, parent: null },
        { name: 'Work', color: null, position: 1, isDefault: true, parent: null },
        { name: 'Projects', color: null, position: 2, isDefault: true, parent: null },
      ])
      expect(await foldersOf(person).read(first?.[0]?.id ?? '')).toEqual({ ...first?.[0], noteCount: 0, children: [] })
    }
  })

  test('are made at the end of their siblings, on the level and with the colour asked for', async () => {
    const { make, read, names } = await someone()
    const before = Date.now()
    const garden = await make({ name: 'Gärten 🌱', color: '#0aF' })
    expect(garden).toMatchObject({ name: 'Gärten 🌱', color: '#0aF', position: 3, isDefault: false, parent: null })
    expect(garden.id).toMatch(/^fold_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Date.parse(garden.createdAt)).toBeGreaterThanOrEqual(before)
    expect(garden.updatedAt).toBe(garden.createdAt)
    const beds = await make({ name: 'Beds', color: '#00aaFF', parentId: garden.id })
    const trees = await make({ name: 'Trees', color: null, parentId: garden.id })
    const apples = await make({ name: 'Apples', parentId: trees.id })
    expect([beds, trees, apples]).toMatchObject([
      { position: 0, color: '#00aaFF', parent: { id: garden.id } },
      { position: 1, color: null, parent: { id: garden.id } },
      { position: 0, parent: { id: trees.id } },
    ])
    await make({ name: 'Shed' })
    expect(await names()).toEqual(['Personal', 'Work', 'Projects', 'Gärten 🌱', 'Beds', 'Trees', 'Apples', 'Shed'])
    expect(await read(garden.id)).toEqual({ ...garden, noteCount: 0, children: [{ id: beds.id }, { id: trees.id }] })
  })

  test('take an id of the client’s own making, once and for good, for all users', async () => {
    const { make, remove, read, list } = foldersOf(ann)
    const id = `fold_${v7()}`
    expect(await make({ id, name: 'mine' })).toMatchObject({ id })
    const taken = { code: 'ALREADY_EXISTS', field: 'input.id' }
    for (const person of [ann, eve]) expect(await refusalOf(person.ask(createFolder, { input: { id, name: 'again' } }))).toEqual(taken)
    expect(await foldersOf(eve).read(id)).toBeNull()
    await remove(id)
    for (const person of [ann, eve]) expect(await refusalOf(person.ask(createFolder, { input: { id, name: 'again' } }))).toEqual(taken)
    expect(await read(id)).toBeNull()
    expect((await list()).some(folder => folder.id === id)).toBe(false)
    const codes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        codeOf((index % 2 ? ann : eve.at(servers.other.url)).ask(createFolder, { input: { id: `${id.slice(0, -4)}beef`, name: 'race' } })),
      ),
    )
    expect(codes.filter(code => code === null)).toHaveLength(1)
    expect(codes.filter(code => code === 'ALREADY_EXISTS')).toHaveLength(7)
    for (const bad of [v7(), `note_${v7()}`, 'fold_4f1c8a52-4c9b-4d67-9f0c-0a3c1e7d5b11', `fold_${v7()}\0`, ''])
      expect(await refusalOf(ann.ask(createFolder, { input: { id: bad, name: 'x' } })), bad).toEqual({ code: 'BAD_USER_INPUT', field: 'input.id' })
  })

  test('have names that can be read and colours that can be shown', async () => {
    const { make, change } = foldersOf(ann)
    const { id } = await make({ name: 'x'.repeat(200) })
    for (const name of ['', ' ', '\t \n\u00a0', 'x'.repeat(201), 'a\0b', 'a\ud800b']) {
      expect(await refusalOf(ann.ask(createFolder, { input: { name } })), JSON.stringify(name)).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'input.name',
      })
      expect(await refusalOf(ann.ask(updateFolder, { input: { id, name } }))).toEqual({ code: 'BAD_USER_INPUT', field: 'input.name' })
    }
    expect(await refusalOf(ann.ask(updateFolder, { input: { id, name: null } }))).toEqual({ code: 'BAD_USER_INPUT', field: 'input.name' })
    for (const color of ['', 'red', '#12', '#1234', '#12345g', '#1234567', ' #123', '#123\n', '#12\0', 'url(x)'])
      expect(await refusalOf(ann.ask(createFolder, { input: { name: 'x', color } })), color).toEqual({ code: 'BAD_USER_INPUT', field: 'input.color' })
    expect(await change({ id, color: '#123ABC' })).toMatchObject({ color: '#123ABC' })
    expect(await refusalOf(ann.ask(updateFolder, { input: { id, color: 'blue' } }))).toEqual({ code: 'BAD_USER_INPUT', field: 'input.color' })
    expect(await change({ id, color: null })).toMatchObject({ color: null })
  })

  test('change only in what is given', async () => {
    const { make, change } = foldersOf(ann)
    const home = await make({ name: 'home' })
    const room = await make({ name: 'room', color: '#111', parentId: home.id })
    const renamed = await change({ id: room.id, name: 'kitchen' })
    expect(renamed).toEqual({ ...room, name: 'kitchen', updatedAt: renamed.updatedAt })
    expect(Date.parse(renamed.updatedAt)).toBeGreaterThanOrEqual(Date.parse(room.updatedAt))
    // What is so already changes nothing, and neither does saying nothing.
    expect(await change({ id: room.id })).toEqual(renamed)
    expect(await change({ id: room.id, name: 'kitchen', color: '#111', parentId: home.id })).toEqual(renamed)
    const away = await change({ id: room.id, parentId: null, color: '#222' })
    expect(away).toMatchObject({ name: 'kitchen', color: '#222', parent: null })
    expect((await foldersOf(ann).list()).at(-1)).toEqual(away)
  })

  test('are made, changed and deleted once for each idempotency key', async () => {
    const { list } = foldersOf(ann)
    const input = { name: 'once', idempotencyKey: `key-${v7()}` }
    const made = await Promise.all(Array.from({ length: 5 }, () => foldersOf(ann).make(input)))
    expect(new Set(made.map(folder => folder.id)).size).toBe(1)
    const id = made[0]?.id ?? ''
    expect((await list()).filter(folder => folder.id === id)).toHaveLength(1)
    expect(await codeOf(ann.ask(createFolder, { input: { ...input, name: 'twice' } }))).toBe('IDEMPOTENCY_MISMATCH')
    expect((await foldersOf(eve).make(input)).id).not.toBe(id)

    const rename = { id, name: 'renamed', idempotencyKey: `key-${v7()}` }
    await foldersOf(ann).change(rename)
    await foldersOf(ann).change({ id, name: 'once more' })
    expect(await foldersOf(ann).change(rename)).toMatchObject({ name: 'once more' })

    const siblings = (await list()).filter(folder => folder.parent === null).map(folder => folder.id)
    const order = { input: { folderIds: siblings.toReversed(), idempotencyKey: `key-${v7()}` } }
    await ann.run(reorderFolders, order)
    await foldersOf(ann).reorder(null, siblings)
    expect((await ann.run(reorderFolders, order)).reorderFolders.folders.map(folder => folder.id)).toEqual(siblings)

    const deletion = { input: { id, idempotencyKey: `key-${v7()}` } }
    expect((await ann.run(deleteFolder, deletion)).deleteFolder.deletedId).toBe(id)
    expect((await ann.run(deleteFolder, deletion)).deleteFolder.deletedId).toBe(id)
    expect(await codeOf(ann.ask(deleteFolder, { input: { id } }))).toBe('NOT_FOUND')
    // What the first answer showed is gone by now.
    expect(await codeOf(ann.ask(createFolder, { input }))).toBe('NOT_FOUND')
  })

  test('of the beginning are folders like others: renamed, moved and deleted, they do not come back', async () => {
    const { list, change, remove, make, names } = await someone()
    const [personal, work, projects] = await list()
    expect(await change({ id: work?.id ?? '', name: 'Play', parentId: personal?.id })).toMatchObject({ name: 'Play', isDefault: true })
    for (const folder of [personal, projects, work]) await remove(folder?.id ?? '')
    expect(await list()).toEqual([])
    await make({ name: 'Personal' })
    expect(await names()).toEqual(['Personal'])
    expect(await list()).toMatchObject([{ isDefault: false }])
  })

  test('are their owner’s alone: for everybody else they are not there', async () => {
    const { make, list, read, note, readNote } = foldersOf(ann)
    const { id } = await make({ name: 'secret' })
    const child = await make({ name: 'inner', parentId: id })
    const own = await foldersOf(eve).make({ name: 'own' })
    const noteId = await note(id)
    expect(await readNote(noteId)).toMatchObject({ folder: { id, name: 'secret' } })
    await ann.run(setAccess, { input: { resourceId: noteId, userId: eve.id, access: 'ADMIN' } })
    const before = await list()

    expect(await foldersOf(eve).read(id)).toBeNull()
    expect(await foldersOf(eve).readNote(noteId)).toMatchObject({ folder: null })
    expect((await eve.run(readFolderNodes, { ids: [id, child.id, own.id] })).nodes).toMatchObject([null, null, { id: own.id }])
    const noParent = { code: 'BAD_USER_INPUT', field: 'input.parentId' }
    const nowhere = `fold_${v7()}`
    for (const foreign of [id, nowhere]) {
      expect(await codeOf(eve.ask(updateFolder, { input: { id: foreign, name: 'mine' } }))).toBe('NOT_FOUND')
      expect(await codeOf(eve.ask(deleteFolder, { input: { id: foreign } }))).toBe('NOT_FOUND')
      expect(await refusalOf(eve.ask(createFolder, { input: { name: 'x', parentId: foreign } }))).toEqual(noParent)
      expect(await refusalOf(eve.ask(updateFolder, { input: { id: own.id, parentId: foreign } }))).toEqual(noParent)
      expect(await refusalOf(eve.ask(reorderFolders, { input: { parentId: foreign, folderIds: [child.id] } }))).toEqual(noParent)
      expect(await refusalOf(eve.ask(reorderFolders, { input: { folderIds: [foreign] } }))).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'input.folderIds.0',
      })
      // Memberships are of notes: there is none to be had of a folder.
      expect(await codeOf(ann.ask(setAccess, { input: { resourceId: foreign, userId: eve.id, access: 'READ' } }))).toBe('NOT_FOUND')
    }
    expect(await codeOf(clientOf(servers.one.url).ask(listFolders, {}))).toBe('UNAUTHENTICATED')
    expect(await codeOf(clientOf(servers.one.url).ask(readFolder, { id }))).toBe('UNAUTHENTICATED')
    expect(await list()).toEqual(before)
    expect(await read(id)).toMatchObject({ noteCount: 1 })
  })

  test('count the notes in them and below them that a list shows, as `noteCounts` does', async () => {
    const { make } = foldersOf(ann)
    const outer = await make({ name: 'outer' })
    const inner = await make({ name: 'inner', parentId: outer.id })
    const innermost = await make({ name: 'innermost', parentId: inner.id })
    const note = (folderId: string, state = {}) => ({ id: `note_${v7()}`, folderId, ...state })
    const notes = [
      note(outer.id),
      note(inner.id, { starred: true }),
      note(innermost.id),
      note(innermost.id),
      note(inner.id, { archived: true }),
      note(inner.id, { hidden: true }),
      note(innermost.id, { trashedAt: new Date().toISOString() }),
    ]
    await ann.run(importIntoFolders, { input: { notes } })
    for (const [{ id }, count] of [
      [outer, 4],
      [inner, 3],
      [innermost, 2],
    ] as const)
      expect(await ann.run(countNotes, { id })).toEqual({ noteCounts: { all: count }, folder: { noteCount: count } })
  })

  test('are at most ten thousand in one notebook, and an answer does not multiply them by itself', async () => {
    const cyd = await signUp(servers.one.url, 'cyd')
    const { make, list, read } = foldersOf(cyd)
    const { id: parentId } = await make({ name: 'of many' })
    const filled = 10_000 - 4 - 2
    for (let done = 0; done < filled; done += 1_000) {
      const count = Math.min(1_000, filled - done)
      const folders = Array.from({ length: count }, (_, index) => ({ id: `fold_${v7()}`, parentId, name: `folder ${done + index}` }))
      await cyd.run(importIntoFolders, { input: { folders } })
    }
    const codes = await Promise.all(Array.from({ length: 5 }, () => codeOf(cyd.ask(createFolder, { input: { name: 'more' } }))))
    expect(codes.filter(code => code === null)).toHaveLength(2)
    expect(codes.filter(code => code === 'QUOTA_EXCEEDED')).toHaveLength(3)
    expect(await list()).toHaveLength(10_000)
    expect((await read(parentId))?.children).toHaveLength(filled)
    expect(await codeOf(cyd.ask(readUpAndDown, { id: parentId }))).toBe('QUERY_TOO_COMPLEX')
    // It is the multitude that is refused, not the way.
    const { id } = await foldersOf(ann).make()
    for (let count = 0; count < 3; count++) await foldersOf(ann).make({ parentId: id })
    expect((await ann.run(readUpAndDown, { id })).folder?.children.map(child => child.parent?.children.length)).toEqual([3, 3, 3])
  })

  test('are no ids, and can’t be looked for, when they are nonsense', async () => {
    const { read } = foldersOf(ann)
    for (const none of ['', 'x', ann.id, "' or 1=1 --", 'x'.repeat(100_000)]) {
      expect(await read(none)).toBeNull()
      expect(await codeOf(ann.ask(updateFolder, { input: { id: none, name: 'x' } }))).toBe('NOT_FOUND')
      expect(await codeOf(ann.ask(createFolder, { input: { name: 'x', parentId: none } }))).toBe('BAD_USER_INPUT')
    }
    expect(await refusalOf(ann.ask(readFolder, { id: 'fold_\0' }))).toEqual({ code: 'BAD_USER_INPUT', field: 'id' })
    expect(await refusalOf(ann.ask(updateFolder, { input: { id: 'fold_\ud800', name: 'x' } }))).toEqual({ code: 'BAD_USER_INPUT', field: 'input.id' })
  })

  test('are seen and changed by administrators of the server, in their owner’s notebook', async () => {
    const admin = await signUp(servers.one.url, 'admin')
    await makeAdmin(servers.one, admin)
    const owner = await someone()
    const { id } = await owner.make({ name: 'found' })
    const noteId = await owner.note(id)
    const office = foldersOf(admin)
    expect(await office.read(id)).toMatchObject({ name: 'found', noteCount: 1 })
    expect(await office.readNote(noteId)).toMatchObject({ folder: { id } })
    const own = await office.make({ name: 'of the office' })
    const noParent = { code: 'BAD_USER_INPUT', field: 'input.parentId' }
    expect(await refusalOf(admin.ask(updateFolder, { input: { id, parentId: own.id } }))).toEqual(noParent)
    expect(await refusalOf(admin.ask(createFolder, { input: { name: 'x', parentId: id } }))).toEqual(noParent)
    expect(await office.change({ id, name: 'put right' })).toMatchObject({ name: 'put right' })
    const [personal] = await owner.list()
    expect(await office.change({ id, parentId: personal?.id })).toMatchObject({ parent: { id: personal?.id } })
    await office.remove(id)
    expect(await owner.read(id)).toBeNull()
    expect(await owner.readNote(noteId)).toMatchObject({ folder: { id: personal?.id } })
  })
})
