import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { assertObjectType, buildSchema, getNamedType, isLeafType } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ImportFolderInput, ImportNoteInput, NoteFilter } from '../generated/graphql.ts'
import { type Client, clientOf, codeOf, type Person, refusalOf, signUp, useServers } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import { modes } from '../harness/modes.ts'
import { setAccess } from '../harness/operations.ts'
import { countNotes, listContents, listingChanges, listNotes, readNotebook } from './listing-operations.ts'
import { folderWith, idsIn, newFolderId, noteWith, put } from './listing-world.ts'

const day = (number: number) => new Date(Date.UTC(2024, 0, number)).toISOString()
const refused = (field: string) => ({ code: 'BAD_USER_INPUT', field })

/** Which notes a list shows, said once more and as plainly as can be. */
function isIn(note: ImportNoteInput, filter: NoteFilter): boolean {
  const { trashed, hidden, archived, starred, type, tag } = filter
  const is = { trashed: note.trashedAt != null, hidden: note.hidden ?? false, archived: note.archived ?? false, starred: note.starred ?? false }
  if (is.trashed !== (trashed ?? false)) return false
  if (hidden == null ? is.hidden && !trashed : is.hidden !== hidden) return false
  if (archived == null ? is.archived && !trashed && !hidden : is.archived !== archived) return false
  if (starred != null && is.starred !== starred) return false
  if (type != null && (note.type ?? 'NOTE') !== type) return false
  return tag == null || (note.tags ?? []).includes(tag)
}

/** The latest change first; of those at the same time, the greater id. */
const inOrder = (notes: readonly ImportNoteInput[]) =>
  [...notes].sort((a, b) =>
    (a.updatedAt ?? '') === (b.updatedAt ?? '') ? (a.id < b.id ? 1 : -1) : (a.updatedAt ?? '') < (b.updatedAt ?? '') ? 1 : -1,
  )

/** Every combination of what a note can be, with times that often are the same. */
function allKinds(folders: readonly ImportFolderInput[]): ImportNoteInput[] {
  const notes: ImportNoteInput[] = []
  for (let bits = 0; bits < 64; bits++) {
    const [starred, archived, hidden, trashed, isCode, isTagged] = [1, 2, 4, 8, 16, 32].map(bit => (bits & bit) !== 0)
    notes.push(
      noteWith({
        starred: starred ?? false,
        archived: archived ?? false,
        hidden: hidden ?? false,
        trashedAt: trashed ? day(3) : null,
        type: isCode ? 'CODE' : 'NOTE',
        tags: isTagged ? ['green', 'blue'] : ['red'],
        folderId: folders[bits % (folders.length + 1)]?.id ?? null,
        updatedAt: day(1 + (bits % 5)),
      }),
    )
  }
  return notes
}

describe.each(modes)('on %s', mode => {
  const servers = useServers(mode, { nodes: 2, env: { ATTACHMENT_QUOTA_BYTES: '1000' } })
  const folders = [folderWith({ name: 'top' }), folderWith({ name: 'middle' }), folderWith({ name: 'bottom' }), folderWith({ name: 'beside' })]
  const [top, middle, bottom, beside] = folders as [ImportFolderInput, ImportFolderInput, ImportFolderInput, ImportFolderInput]
  middle.parentId = top.id
  bottom.parentId = middle.id
  const notes = allKinds(folders)
  let anna: Person
  let ben: Person
  let elsewhere: Client

  beforeAll(async () => {
    anna = await signUp(servers.one.url, 'anna')
    ben = await signUp(servers.one.url, 'ben')
    elsewhere = anna.at(servers.other.url)
    await put(anna, { folders, notes })
    await put(ben, { notes: [noteWith({ title: 'of ben', tags: ['green'] })] })
  })

  const expected = (filter: NoteFilter, among = notes) => inOrder(among.filter(note => isIn(note, filter))).map(note => note.id)
  const list = (filter: NoteFilter, more: { first?: number; after?: string } = {}) => anna.run(listNotes, { filter, ...more })

  test('every combination of flags, type and tag shows just the notes it names, the last changed first', async () => {
    const flag = fc.constantFrom(null, true, false)
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          starred: flag,
          archived: flag,
          hidden: flag,
          trashed: flag,
          type: fc.constantFrom(null, 'NOTE' as const, 'CODE' as const, 'SHEET' as const),
          tag: fc.constantFrom(null, 'green', 'red', 'gre', 'none'),
        }),
        fc.integer({ min: 1, max: 9 }),
        async (filter, first) => {
          expect(await idsIn(elsewhere, filter, first)).toEqual(expected(filter))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('archived, hidden and trashed notes are in no list that does not ask for them', async () => {
    const plain = expected({})
    expect(plain.length).toBe(8)
    expect(await idsIn(anna)).toEqual(plain)
    expect(await idsIn(anna, { starred: true })).toEqual(plain.filter(id => notes.find(note => note.id === id)?.starred))
    expect((await idsIn(anna, { archived: true })).length).toBe(8)
    expect((await idsIn(anna, { hidden: true })).length).toBe(16)
    expect((await idsIn(anna, { trashed: true })).length).toBe(32)
  })

  test('a folder shows its own notes, and those of all below it when asked to', async () => {
    const inside = (...ids: string[]) => notes.filter(note => ids.includes(note.folderId ?? ''))
    expect(await idsIn(anna, { folderId: top.id })).toEqual(expected({}, inside(top.id)))
    expect(await idsIn(anna, { folderId: top.id, withSubfolders: true })).toEqual(expected({}, inside(top.id, middle.id, bottom.id)))
    expect(await idsIn(anna, { folderId: middle.id, withSubfolders: true, trashed: true, tag: 'red' })).toEqual(
      expected({ trashed: true, tag: 'red' }, inside(middle.id, bottom.id)),
    )
  })

  test('the counts are those of the lists, of the notebook and of a folder with all below it', async () => {
    const views = { all: {}, starred: { starred: true }, archived: { archived: true }, hidden: { hidden: true }, trashed: { trashed: true } }
    const counted = async (folderId: string | null) => (await elsewhere.run(countNotes, { folderId })).noteCounts
    const listed = async (more: NoteFilter) =>
      Object.fromEntries(
        await Promise.all(Object.entries(views).map(async ([name, view]) => [name, (await idsIn(anna, { ...view, ...more })).length])),
      )
    expect(await counted(null)).toEqual({ ...(await listed({})), public: 0 })
    for (const folderId of [top.id, middle.id, bottom.id, beside.id])
      expect(await counted(folderId)).toEqual({ ...(await listed({ folderId, withSubfolders: true })), public: 0 })
  })

  test('a folder that is not the viewer’s is refused as one that is not there', async () => {
    for (const folderId of [newFolderId(), top.id]) {
      expect(await refusalOf(ben.run(listNotes, { filter: { folderId } }))).toEqual(refused('filter.folderId'))
      expect(await refusalOf(ben.run(countNotes, { folderId }))).toEqual(refused('folderId'))
    }
    expect(await refusalOf(anna.run(listNotes, { filter: { folderId: top.id, shared: true } }))).toEqual(refused('filter.folderId'))
  })

  test('what others share is in a list of its own, until they take it back', async () => {
    const carla = await signUp(servers.one.url, 'carla')
    const shared = [
      noteWith({ updatedAt: day(1), tags: ['green'] }),
      noteWith({ updatedAt: day(2), archived: true }),
      noteWith({ updatedAt: day(4) }),
    ]
    await put(anna, { notes: [...shared, noteWith()].map(note => ({ ...note, title: 'for carla' })) })
    await put(carla, { notes: [noteWith({ title: 'of carla' })] })
    for (const { id } of shared) await anna.run(setAccess, { input: { resourceId: id, userId: carla.id, access: 'READ' } })
    expect(await idsIn(carla, { shared: true }, 1)).toEqual([shared[2]?.id, shared[0]?.id])
    expect(await idsIn(carla, { shared: true, archived: true })).toEqual([shared[1]?.id])
    expect(await idsIn(carla, { shared: true, tag: 'green' })).toEqual([shared[0]?.id])
    expect((await idsIn(carla)).length).toBe(1)
    expect(await idsIn(anna, { shared: true })).toEqual([])

    // Folders are not shared along with what is in them.
    const folder = folderWith({ name: 'hers alone' })
    const inside = noteWith({ folderId: folder.id })
    await put(anna, { folders: [folder], notes: [inside] })
    await anna.run(setAccess, { input: { resourceId: inside.id, userId: carla.id, access: 'READ' } })
    const { data } = await carla.post(
      JSON.stringify({ query: '{ notes(filter: { shared: true }) { nodes { id folder { name } } edges { node { folder { __typename id } } } } }' }),
    )
    const page = data?.['notes'] as { nodes: { id: string; folder: unknown }[]; edges: { node: { folder: unknown } }[] }
    expect(page.nodes.map(note => note.id)).toContain(inside.id)
    expect([...page.nodes, ...page.edges.map(edge => edge.node)].map(note => note.folder)).toEqual(Array.from({ length: 6 }, () => null))
  })

  test('a tag that reads like a user is found among the tags only', async () => {
    const [eva, fritz] = [await signUp(servers.one.url, 'eva'), await signUp(servers.one.url, 'fritz')]
    const [plain, tagged] = [noteWith(), noteWith({ tags: [fritz.id] })]
    await put(eva, { notes: [plain, tagged] })
    const own = noteWith()
    await put(fritz, { notes: [own, noteWith({ tags: [eva.id] })] })
    for (const { id } of [plain, tagged]) await eva.run(setAccess, { input: { resourceId: id, userId: fritz.id, access: 'READ' } })
    expect(await idsIn(fritz, { tag: fritz.id })).toEqual([])
    expect(await idsIn(fritz, { tag: eva.id, shared: true })).toEqual([])
    expect(await idsIn(fritz, { tag: fritz.id, shared: true })).toEqual([tagged.id])
    expect(await idsIn(eva, { tag: fritz.id })).toEqual([tagged.id])
  })

  test('paging goes on behind its mark while notes come and go', async () => {
    const dora = await signUp(servers.one.url, 'dora')
    const many = Array.from({ length: 30 }, (_, index) => noteWith({ updatedAt: day(1 + (index % 3)) }))
    await put(dora, { notes: many })
    const { notes: first } = await dora.run(listNotes, { first: 10 })
    expect(first.pageInfo).toMatchObject({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first.edges[0]?.cursor,
      endCursor: first.edges.at(-1)?.cursor,
    })
    await put(dora, { notes: Array.from({ length: 7 }, () => noteWith({ updatedAt: day(9) })) })
    const { notes: second } = await dora.run(listNotes, { first: 100, after: first.pageInfo.endCursor ?? '' })
    expect([...first.nodes, ...second.nodes].map(note => note.id)).toEqual(inOrder(many).map(note => note.id))
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
  })

  test('a field of a note, or of its folder, is the same alone, with all others, and outside of lists', async () => {
    const fay = await signUp(servers.one.url, 'fay')
    const [upper, lower] = [folderWith({ name: 'upper' }), folderWith({ name: 'lower', color: '#abc' })]
    lower.parentId = upper.id
    const secret = { title: null, content: null, encryptedTitle: 'AAAA', encryptedContent: 'BBBB', iv: 'iv', salt: 'salt' }
    const given = [noteWith({ title: 'plain', content: 'text', tags: ['a', 'b, "c"'], folderId: lower.id, starred: true }), noteWith(secret)]
    await put(fay, { folders: [upper, lower], notes: given })
    const api = buildSchema(readFileSync('schema/schema.graphql', 'utf8'))
    const fieldsOf = (name: string) =>
      Object.values(assertObjectType(api.getType(name)).getFields()).map(field =>
        isLeafType(getNamedType(field.type)) ? field.name : `${field.name} { __typename }`,
      )
    const selections = [...fieldsOf('Note'), ...fieldsOf('Folder').map(field => `folder { ${field} }`)]
    const read = async (query: string) => {
      const { data, errors } = await fay.post(JSON.stringify({ query }))
      expect(errors).toEqual([])
      return data as Record<string, unknown>
    }
    type Page = { notes: { nodes: { id: string }[]; edges: { node: { id: string } }[] } }
    const all = `id ${fieldsOf('Note').join(' ')} folder { ${fieldsOf('Folder').join(' ')} }`
    const { notes: whole } = (await read(`{ notes { nodes { ${all} } } }`)) as Page
    expect(whole.nodes.map(note => note.id).sort()).toEqual(given.map(note => note.id).sort())
    for (const note of whole.nodes) expect(await read(`{ note(id: "${note.id}") { ${all} } }`)).toEqual({ note })
    for (const selection of selections) {
      const query = `{ notes { nodes { ... on Node { id } ...F } edges { node { id ...F } } } } fragment F on Note { ${selection} }`
      const { notes: alone } = (await read(query)) as Page
      for (const [index, note] of alone.nodes.entries()) {
        expect(whole.nodes[index], selection).toMatchObject(note)
        expect(alone.edges[index]?.node).toEqual(note)
      }
      expect(alone.nodes).toHaveLength(2)
    }
  })

  test('a page of large notes ends before it weighs too much, and says that there are more', async () => {
    const eva = await signUp(servers.one.url, 'eva')
    const large = Array.from({ length: 8 }, (_, index) => noteWith({ content: 'x'.repeat(900_000), updatedAt: day(index + 1) }))
    for (const note of large) await put(eva, { notes: [note] })
    const { notes: page } = await eva.run(listContents, { first: 8 })
    expect(page.nodes.length).toBe(5)
    expect(page.nodes.map(note => note.content?.length)).toEqual(Array.from({ length: 5 }, () => 900_000))
    expect(page.pageInfo.hasNextPage).toBe(true)
    // Without what makes them large it is as long as any other.
    const { notes: named } = await eva.run(listNotes, { first: 8 })
    expect(named.nodes.map(note => note.id)).toEqual(large.map(note => note.id).toReversed())
    expect(named.pageInfo.hasNextPage).toBe(false)
    expect(await idsIn(eva, {}, 3)).toEqual(large.map(note => note.id).toReversed())
  })

  test.each([
    ['', 'after'],
    ['x', 'after'],
    [Buffer.from('1 user_0198c5a0-0000-7000-8000-000000000000').toString('base64url'), 'after'],
    [Buffer.from('99999999999999999 note_0198c5a0-0000-7000-8000-000000000000').toString('base64url'), 'after'],
    [Buffer.from('01 note_0198c5a0-0000-7000-8000-000000000000').toString('base64url'), 'after'],
    [`${Buffer.from('1 note_0198c5a0-0000-7000-8000-000000000000').toString('base64url')}=`, 'after'],
    [Buffer.from("1 note_'; drop table notes; --").toString('base64url'), 'after'],
  ])('the cursor %s is refused', async (after, field) => {
    expect(await refusalOf(list({}, { after }))).toEqual(refused(field))
  })

  test.each([
    [{ tag: '' }, 'filter.tag'],
    [{ tag: 'x'.repeat(51) }, 'filter.tag'],
    [{ tag: '\0' }, 'filter.tag'],
    [{ search: '' }, 'filter.search'],
    [{ search: 'x'.repeat(257) }, 'filter.search'],
    [{ search: '\uD800' }, 'filter.search'],
  ])('the filter %j is refused', async (filter, field) => {
    expect(await refusalOf(list(filter))).toEqual(refused(field))
  })

  test.each([0, 501, -1])('a page of %i is refused', async first => {
    expect(await refusalOf(list({}, { first }))).toEqual(refused('first'))
  })

  test('nobody lists without signing in', async () => {
    const nobody = clientOf(anna.url)
    expect(await codeOf(nobody.run(listNotes, {}))).toBe('UNAUTHENTICATED')
    expect(await codeOf(nobody.run(countNotes, {}))).toBe('UNAUTHENTICATED')
    expect(await codeOf(nobody.run(readNotebook, {}))).toBe('UNAUTHENTICATED')
  })

  test('the cursor of the notebook is where its feed goes on from', async () => {
    const fred = await signUp(servers.one.url, 'fred')
    const { notebook } = await fred.run(readNotebook, {})
    expect(notebook).toEqual({ cursor: expect.any(String), usedBytes: 0, quotaBytes: 1000 })
    const note = noteWith()
    await put(fred, { notes: [note] })
    await using reader = await followFeed(
      servers.other.wsUrl,
      fred.accessToken,
      listingChanges,
      { after: notebook.cursor },
      data => data.notebookChanges,
    )
    const [ready, change] = await reader.got(2)
    expect(ready?.cursor).toBe(notebook.cursor)
    expect(change).toMatchObject({ __typename: 'NoteChange', operation: 'CREATED', noteId: note.id })
  })
})
