import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import type { UpdateNoteInput } from '../generated/graphql.ts'
import { codeOf, type Person, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument } from '../harness/operations.ts'
import { createFolder } from './folders-operations.ts'
import { createNote, updateNote } from './operations.ts'
import { base64, create, encryptedText, followNote, noCiphertext, read, remove, trash, update } from './world.ts'

describe.each(modes)('a change of a note on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let bob: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    bob = await signUp(servers.one.url, 'bob')
  })
  const newFolder = async (by: Person, name = 'a folder') => (await by.run(createFolder, { input: { name } })).createFolder.folder.id
  const refusal = (input: UpdateNoteInput, by = ann) => refusalOf(by.ask(updateNote, { input }))
  const bad = (field: string) => ({ code: 'BAD_USER_INPUT', field: `input.${field}` })

  test('touches what is given and nothing else, field by field', async () => {
    const folderId = await newFolder(ann)
    const { cursor: _, ...made } = await create(ann, { title: 'one', content: 'text', tags: ['a', 'b'], type: 'CODE' })
    let note = made
    await using feed = await followNote(servers.one, ann, note.id)
    const steps: [Omit<UpdateNoteInput, 'id'>, object, string[]][] = [
      [{ title: 'two' }, { title: 'two' }, ['title']],
      [{ content: null }, { content: null }, ['content']],
      [{ tags: ['b', 'a', 'b'] }, { tags: ['b', 'a'] }, ['tags']],
      [{ starred: true, hidden: true }, { starred: true, hidden: true }, ['starred', 'hidden']],
      [{ archived: true, starred: false }, { archived: true, starred: false }, ['starred', 'archived']],
      [{ folderId }, { folder: { id: folderId } }, ['folder']],
      [{ folderId: null, title: null }, { folder: null, title: null }, ['title', 'folder']],
      [{ tags: [] }, { tags: [] }, ['tags']],
    ]
    for (const [input, difference, changedFields] of steps) {
      const changed = await update(ann, { id: note.id, ...input })
      expect(changed).toEqual({ ...note, ...difference, version: note.version + 1, updatedAt: changed.updatedAt })
      expect(Date.parse(changed.updatedAt)).toBeGreaterThanOrEqual(Date.parse(note.updatedAt))
      const item = (await feed.got(changed.version)).at(-1)
      expect(item).toMatchObject({ __typename: 'NoteChange', operation: 'UPDATED', noteId: note.id, by: { id: ann.id }, note: changed })
      expect(item?.__typename === 'NoteChange' && [...item.changedFields].sort()).toEqual([...changedFields].sort())
      note = changed
    }
  })

  test('that says what is there already is none: no version, no event', async () => {
    const folderId = await newFolder(ann)
    const plain = await create(ann, { title: 'x', tags: ['t'], folderId })
    const secret = await create(ann, encryptedText())
    await using plainFeed = await followNote(servers.one, ann, plain.id)
    await using secretFeed = await followNote(servers.one, ann, secret.id)
    for (const input of [{}, { title: 'x', content: null, tags: ['t', 't'], starred: false, folderId, ...noCiphertext }, { expectedVersion: 1 }])
      expect(await update(ann, { id: plain.id, ...input })).toMatchObject({ version: 1, updatedAt: plain.updatedAt })
    for (const input of [encryptedText(), { ...encryptedText(), title: null, content: null }, { title: null }])
      expect(await update(ann, { id: secret.id, ...input })).toMatchObject({ version: 1, ...encryptedText() })
    for (const { id } of [plain, secret]) await update(ann, { id, starred: true })
    for (const feed of [plainFeed, secretFeed])
      expect((await feed.got(2)).slice(1)).toMatchObject([{ changedFields: ['starred'], note: { version: 2 } }])
  })

  test('can’t make nothing of what has to be something', async () => {
    const { id } = await create(ann)
    for (const name of ['tags', 'starred', 'archived', 'hidden']) expect(await refusal({ id, title: 'x', [name]: null })).toEqual(bad(name))
    expect(await read(ann, id)).toMatchObject({ version: 1, title: null })
  })

  test('of ciphertext comes with all that belongs to it, or is refused by name', async () => {
    const all = encryptedText()
    for (const { id } of [await create(ann), await create(ann, encryptedText('other'))]) {
      for (const name of Object.keys(all)) {
        const { [name as keyof typeof all]: _, ...without } = all
        expect(await refusal({ id, ...without }), `without ${name}`).toEqual(bad(name))
        expect(await refusal({ id, ...all, [name]: null }), `${name} is null`).toEqual(bad(name))
        expect(await refusal({ id, ...noCiphertext, [name]: all[name as keyof typeof all] })).toEqual(
          bad(name === 'encryptedTitle' ? 'encryptedContent' : 'encryptedTitle'),
        )
        expect((await refusal({ id, [name]: null }))?.code, `only ${name}, as null`).toBe('BAD_USER_INPUT')
      }
      expect(await refusal({ id, ...all, title: 'x' })).toEqual(bad('title'))
      expect(await refusal({ id, ...all, content: 'x' })).toEqual(bad('content'))
      expect(await refusal({ id, ...all, iv: '' })).toEqual(bad('iv'))
      for (const ciphertext of ['not base64!', 'YQ', 'a\0'])
        expect(await refusal({ id, ...all, encryptedContent: ciphertext }), ciphertext).toEqual(bad('encryptedContent'))
      expect((await read(ann, id))?.version).toBe(1)
    }
  })

  test('makes a plain note an encrypted one, and back, in one step and never by accident', async () => {
    const { id } = await create(ann, { title: 'plain', content: 'text' })
    await using feed = await followNote(servers.one, ann, id)
    expect(await update(ann, { id, ...encryptedText() })).toMatchObject({ ...encryptedText(), title: null, content: null, version: 2 })
    expect(await refusal({ id, title: 'typed by a client that knows nothing of it' })).toEqual(bad('title'))
    expect(await refusal({ id, content: 'x', starred: true })).toEqual(bad('content'))
    expect(await update(ann, { id, ...encryptedText('again') })).toMatchObject({ ...encryptedText('again'), version: 3 })
    expect(await update(ann, { id, ...noCiphertext, title: 'open', content: null })).toMatchObject({
      ...noCiphertext,
      title: 'open',
      content: null,
      version: 4,
    })
    expect((await feed.got(4)).slice(1).map(item => 'changedFields' in item && [...item.changedFields].sort())).toEqual([
      ['content', 'encryptedContent', 'encryptedTitle', 'iv', 'salt', 'title'],
      ['encryptedContent', 'encryptedTitle', 'iv', 'salt'],
      ['encryptedContent', 'encryptedTitle', 'iv', 'salt', 'title'],
    ])
  })

  test('is refused at the version that is not expected, which is told', async () => {
    const { id } = await create(ann)
    await update(ann, { id, title: 'one', expectedVersion: 1 })
    const { errors } = await ann.ask(updateNote, { input: { id, title: 'two', expectedVersion: 1 } })
    expect(errors[0]?.extensions).toMatchObject({ code: 'VERSION_MISMATCH', field: 'input.expectedVersion', version: 2 })
    expect(await codeOf(ann.ask(updateNote, { input: { id, title: 'one', expectedVersion: 3 } }))).toBe('VERSION_MISMATCH')
    expect(await update(ann, { id, title: 'two', expectedVersion: null })).toMatchObject({ title: 'two', version: 3 })
  })

  test('of twenty at once that expect the same version, one wins', async () => {
    const { id } = await create(ann)
    await using feed = await followNote(servers.one, ann, id)
    const codes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => codeOf(ann.ask(updateNote, { input: { id, title: `title ${index}`, expectedVersion: 1 } }))),
    )
    const winner = codes.indexOf(null)
    expect(codes.toSorted()).toEqual([...new Array(19).fill('VERSION_MISMATCH'), null])
    expect(await update(ann, { id, starred: true })).toMatchObject({ title: `title ${winner}`, version: 3 })
    expect((await feed.got(3)).slice(1)).toMatchObject([{ changedFields: ['title'] }, { changedFields: ['starred'] }])
  })

  test('is made once for one idempotency key, whatever happens in between', async () => {
    const { id } = await create(ann, { title: 'zero' })
    const input = { id, title: 'one', expectedVersion: 1, idempotencyKey: `update-${v7()}` }
    await Promise.all([update(ann, input), update(ann, input)])
    await update(ann, { id, title: 'two' })
    expect(await update(ann, input)).toMatchObject({ title: 'two', version: 3 })
    expect(await codeOf(ann.ask(updateNote, { input: { ...input, title: 'other' } }))).toBe('IDEMPOTENCY_MISMATCH')
    expect(await codeOf(ann.ask(updateNote, { input: { ...input, idempotencyKey: 'short' } }))).toBe('BAD_USER_INPUT')
  })

  test('keeps to the limits of each field, and to text that PostgreSQL can keep', async () => {
    const { id } = await create(ann)
    const longest = {
      title: 'ä'.repeat(1_000),
      content: 'x'.repeat(1_000_000),
      tags: Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(50, 'é')),
    }
    expect(await update(ann, { id, ...longest })).toMatchObject(longest)
    expect(await refusal({ id, title: 'x'.repeat(1_001) })).toEqual(bad('title'))
    expect(await refusal({ id, content: 'x'.repeat(1_000_001) })).toEqual(bad('content'))
    expect(await refusal({ id, ...encryptedText(), iv: 'x'.repeat(129) })).toEqual(bad('iv'))
    expect(await refusal({ id, ...encryptedText(), salt: 'x'.repeat(129) })).toEqual(bad('salt'))
    expect(await refusal({ id, tags: Array.from({ length: 21 }, (_, index) => `${index}`) })).toEqual(bad('tags'))
    expect(await refusal({ id, tags: ['a', 'a', ''] })).toEqual(bad('tags.2'))
    expect(await refusal({ id, tags: ['a', 'x'.repeat(51)] })).toEqual(bad('tags.1'))
    for (const text of ['a\0b', 'a\ud800b']) {
      expect(await refusal({ id, title: text })).toEqual(bad('title'))
      expect(await refusal({ id, content: text })).toEqual(bad('content'))
      expect(await refusal({ id, tags: ['a', text] })).toEqual(bad('tags.1'))
      expect(await refusal({ id, ...encryptedText(), salt: text })).toEqual(bad('salt'))
      expect(await refusal({ id, folderId: text })).toEqual(bad('folderId'))
      expect(await refusal({ id: text, title: 'x' })).toEqual(bad('id'))
    }
    expect(await update(ann, { id, tags: new Array(40).fill('same') })).toMatchObject({ tags: ['same'], version: 3 })
    expect(await create(ann, { tags: new Array(40).fill('same'), ...encryptedText() })).toMatchObject({ tags: ['same'] })
    for (const input of [{ title: 'x'.repeat(1_001) }, { tags: ['\0'] }, { encryptedTitle: base64('x') }])
      expect((await refusalOf(ann.ask(createNote, { input })))?.code).toBe('BAD_USER_INPUT')
  })

  test('puts a note into folders of its own notebook only', async () => {
    const { id } = await create(ann)
    const bobs = await newFolder(bob)
    for (const folderId of [bobs, `fold_${v7()}`, id, 'x', '', ann.id]) expect(await refusal({ id, folderId }), folderId).toEqual(bad('folderId'))
    expect(await refusalOf(ann.ask(createNote, { input: { folderId: bobs } }))).toEqual(bad('folderId'))
    expect(await read(ann, id)).toMatchObject({ folder: null, version: 1 })
  })

  test('needs a note: ids of other things, of nothing, of what is gone and of strangers’ notes are all the same', async () => {
    const document = (await ann.run(createDocument, { input: {} })).createDocument.document.id
    const gone = (await create(ann)).id
    await remove(ann, gone)
    const bobs = (await create(bob)).id
    for (const id of [document, gone, bobs, `note_${v7()}`, await newFolder(ann), ann.id, 'x', ''])
      expect(await refusal({ id, title: 'x' }), id).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('waits until the note is out of the trash', async () => {
    const { id } = await create(ann, { title: 'x' })
    await trash(ann, id)
    expect(await refusal({ id, title: 'y' })).toEqual({ code: 'CONFLICT', field: 'input.id' })
    expect(await read(ann, id)).toMatchObject({ title: 'x', version: 2, trashedAt: expect.any(String) })
  })
})
