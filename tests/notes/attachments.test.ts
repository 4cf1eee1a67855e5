import { randomBytes } from 'node:crypto'
import { print } from 'graphql'
import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { clientOf, codeOf, type Person, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import { modes } from '../harness/modes.ts'
import { removeAccess, setAccess } from '../harness/operations.ts'
import { addAttachment, followNote, listAttachments, readAttachment, removeAttachment, uploadAttachment } from './attachments-operations.ts'
import { addInput, newNote, sealed, upload, uploaded } from './attachments-world.ts'

const mebibyte = 1024 * 1024

describe.each(modes)('attachments on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let bob: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    bob = await signUp(servers.one.url, 'bob')
  })
  const add = async (input: ReturnType<typeof addInput>) => (await ann.run(addAttachment, { input })).addAttachment.attachment
  const list = async (id: string) => (await ann.run(listAttachments, { id })).note?.attachments ?? []
  const read = async (by: Person, id: string) => (await by.run(readAttachment, { id })).node

  test('come back byte for byte, whichever way they came, with their size as it is', async () => {
    const noteId = await newNote(ann)
    for (const size of [0, 1, 2, 3, 100_000]) {
      const bytes = randomBytes(size)
      const small = await add(addInput(noteId, bytes, { encryptedName: 'bmFtZQ==' }))
      expect(small).toMatchObject({ ...sealed, sizeBytes: size, encryptedName: 'bmFtZQ==', id: expect.stringMatching(/^att_/) })
      const large = await uploaded(ann, { ...sealed, noteId }, bytes)
      expect(large).toMatchObject({ ...sealed, sizeBytes: size, encryptedName: null })
      for (const { id } of [small, large]) expect(await read(ann, id)).toMatchObject({ encryptedData: bytes.toString('base64') })
    }
    expect((await list(noteId)).map(({ sizeBytes }) => sizeBytes)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 100_000, 100_000])
  })

  test('of 10 MiB come back as they are, and none is larger by a byte', async () => {
    const noteId = await newNote(ann)
    const bytes = randomBytes(10 * mebibyte)
    const { id, sizeBytes } = await uploaded(ann, { ...sealed, noteId }, bytes)
    expect(sizeBytes).toBe(bytes.length)
    const node = await read(ann, id)
    expect(node && 'encryptedData' in node && Buffer.from(node.encryptedData, 'base64').equals(bytes)).toBe(true)
    const larger = await upload(ann, { ...sealed, noteId }, Buffer.concat([bytes, bytes.subarray(0, 1)]))
    expect([larger.status, larger.errors[0]?.extensions.code]).toEqual([413, 'PAYLOAD_TOO_LARGE'])
    const posted = await ann.ask(addAttachment, { input: addInput(noteId, bytes) })
    expect([posted.status, posted.errors[0]?.extensions.code]).toEqual([413, 'PAYLOAD_TOO_LARGE'])
    expect(await list(noteId)).toHaveLength(1)
  })

  test('are changes of their note that readers hear of, and its version stays', async () => {
    const noteId = await newNote(ann)
    await ann.run(setAccess, { input: { resourceId: noteId, userId: bob.id, access: 'READ' } })
    const before = (await ann.run(listAttachments, { id: noteId })).note
    await using feed = await followFeed(servers.other.wsUrl, bob.accessToken, followNote, { id: noteId }, data => data.noteChanges)
    const { id } = await add(addInput(noteId))
    const [, added] = await feed.got(2)
    expect(added).toMatchObject({ operation: 'UPDATED', changedFields: ['attachments'], note: { version: 1, attachments: [{ id }] } })
    expect(JSON.stringify(added)).toContain(`user=${bob.id}`)
    await ann.run(removeAttachment, { input: { id } })
    const [, , removed] = await feed.got(3)
    expect(removed).toMatchObject({ operation: 'UPDATED', changedFields: ['attachments'], note: { version: 1, attachments: [] } })
    expect((await ann.run(listAttachments, { id: noteId })).note).toEqual(before)
  })

  test('are for members: readers read them, writers change them, strangers know nothing of them', async () => {
    const noteId = await newNote(ann)
    const { id } = await add(addInput(noteId))
    expect(await read(bob, id)).toBeNull()
    expect(await codeOf(bob.ask(addAttachment, { input: addInput(noteId) }))).toBe('NOT_FOUND')
    expect((await upload(bob, { ...sealed, noteId }, 'x')).errors[0]?.extensions.code).toBe('NOT_FOUND')
    expect(await codeOf(bob.ask(removeAttachment, { input: { id } }))).toBe('NOT_FOUND')
    await ann.run(setAccess, { input: { resourceId: noteId, userId: bob.id, access: 'READ' } })
    expect(await read(bob, id)).toMatchObject({ id })
    expect(await codeOf(bob.ask(addAttachment, { input: addInput(noteId) }))).toBe('FORBIDDEN')
    expect((await upload(bob, { ...sealed, noteId }, 'x')).errors[0]?.extensions.code).toBe('FORBIDDEN')
    expect(await codeOf(bob.ask(removeAttachment, { input: { id } }))).toBe('FORBIDDEN')
    await ann.run(setAccess, { input: { resourceId: noteId, userId: bob.id, access: 'WRITE' } })
    const bobs = await uploaded(bob, { ...sealed, noteId }, 'of bob')
    expect(await bob.run(removeAttachment, { input: { id } })).toEqual({ removeAttachment: { removedId: id } })
    await ann.run(removeAccess, { input: { resourceId: noteId, userId: bob.id } })
    expect(await read(bob, bobs.id)).toBeNull()
    expect((await list(noteId)).map(one => one.id)).toEqual([bobs.id])
    expect(await codeOf(clientOf(ann.url).ask(addAttachment, { input: addInput(noteId) }))).toBe('UNAUTHENTICATED')
    expect((await upload({ url: ann.url, accessToken: null }, { ...sealed, noteId }, 'x')).errors[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })

  test('are added once for one idempotency key, which stands for their bytes as well', async () => {
    const noteId = await newNote(ann)
    const key = { idempotencyKey: `add-${v7()}` }
    const [one, other] = await Promise.all([add(addInput(noteId, 'a', key)), add(addInput(noteId, 'a', key))])
    expect(one.id).toBe(other.id)
    expect(await codeOf(ann.ask(addAttachment, { input: addInput(noteId, 'b', key) }))).toBe('IDEMPOTENCY_MISMATCH')
    const again = { ...sealed, noteId, ...key }
    const there = { url: servers.other.url, accessToken: ann.accessToken }
    const [first, second] = await Promise.all([upload(ann, again, 'a'), upload(there, again, 'a')])
    expect(first.data?.uploadAttachment.attachment.id).toBe(second.data?.uploadAttachment.attachment.id)
    expect((await upload(ann, again, 'b')).errors[0]?.extensions.code).toBe('IDEMPOTENCY_MISMATCH')
    expect((await upload(ann, { ...again, iv: 'other' }, 'a')).errors[0]?.extensions.code).toBe('IDEMPOTENCY_MISMATCH')
    expect(await list(noteId)).toHaveLength(2)
  })

  test('take an id of the client’s own, which nobody else can take', async () => {
    const noteId = await newNote(ann)
    const id = `att_${v7()}`
    expect((await uploaded(ann, { ...sealed, noteId, id }, 'x')).id).toBe(id)
    for (const taken of [ann.ask(addAttachment, { input: addInput(noteId, 'x', { id }) }), upload(ann, { ...sealed, noteId, id }, 'x')])
      expect(await refusalOf(taken)).toEqual({ code: 'ALREADY_EXISTS', field: 'input.id' })
    for (const other of ['x', `note_${v7()}`, `att_${v7().toUpperCase()}`])
      expect(await refusalOf(ann.ask(addAttachment, { input: addInput(noteId, 'x', { id: other }) }))).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'input.id',
      })
    expect(await list(noteId)).toHaveLength(1)
  })

  const badInputs: [string, Record<string, unknown>][] = [
    ...['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/xml', 'text/javascript', 'IMAGE/PNG', 'image/png; q=1', 'image', '', 'x/y'].map(
      (mimeType): [string, Record<string, unknown>] => ['mimeType', { mimeType }],
    ),
    ...['iv', 'salt'].flatMap(name =>
      ['', 'x'.repeat(129), '\0', '\ud800'].map((text): [string, Record<string, unknown>] => [name, { [name]: text }]),
    ),
    ['encryptedName', { encryptedName: 'A'.repeat(1_028) }],
    ['encryptedName', { encryptedName: 'no base64' }],
    // Bits behind the last byte, which decoding would lose.
    ...['QQ', 'QR==', 'QUJ=', 'QQ==QQ==', 'Q Q=', 'Q\n==', 'QQ=='.repeat(2), '-_==', 'é==='].map((text): [string, Record<string, unknown>] => [
      'encryptedData',
      { encryptedData: text },
    ]),
  ]
  test.each(badInputs)('with %s of %j are refused', async (name, more) => {
    const noteId = await newNote(ann)
    const refused = { code: 'BAD_USER_INPUT', field: `input.${name}` }
    expect(await refusalOf(ann.ask(addAttachment, { input: { ...addInput(noteId), ...more } }))).toEqual(refused)
    if (name !== 'encryptedData') expect(await refusalOf(upload(ann, { ...sealed, noteId, ...more }, 'x'))).toEqual(refused)
    expect(await list(noteId)).toEqual([])
  })

  test('take parameters of 128 characters and a name of 1,024', async () => {
    const noteId = await newNote(ann)
    const long = { iv: 'ü'.repeat(128), salt: 'x'.repeat(128), encryptedName: 'A'.repeat(1_024) }
    expect(await uploaded(ann, { ...sealed, noteId, ...long }, 'x')).toMatchObject(long)
  })

  test('can’t be uploaded in JSON', async () => {
    const input = { ...sealed, noteId: await newNote(ann) }
    for (const file of [null, 'x', { sizeBytes: 1, sha256: 'x' }, [], 1]) {
      const body = JSON.stringify({ query: print(uploadAttachment), variables: { input: { ...input, file } } })
      expect(await refusalOf(ann.post(body))).toMatchObject({ code: 'BAD_USER_INPUT' })
    }
    const literal = `mutation { uploadAttachment(input: { noteId: "${input.noteId}", mimeType: "image/png", iv: "x", salt: "x", file: "x" }) { __typename } }`
    expect(await codeOf(ann.post(JSON.stringify({ query: literal })))).toBe('BAD_USER_INPUT')
  })

  test('are at most 100 for one note, by two nodes as well', async () => {
    const noteId = await newNote(ann)
    const at = [ann, ann.at(servers.other.url)]
    const outcomes: (string | null)[] = []
    for (let round = 0; round < 11; round++)
      outcomes.push(
        ...(await Promise.all(Array.from({ length: 10 }, (_, index) => codeOf(at[index % 2]!.ask(addAttachment, { input: addInput(noteId) }))))),
      )
    expect(outcomes.filter(code => code === null)).toHaveLength(100)
    expect(outcomes.filter(code => code === 'QUOTA_EXCEEDED')).toHaveLength(10)
    expect(await list(noteId)).toHaveLength(100)
  })

  test('are read as a whole within 16 MiB for one operation; what is more is told to download', async () => {
    const noteId = await newNote(ann)
    const { id } = await uploaded(ann, { ...sealed, noteId }, randomBytes(10 * mebibyte))
    await uploaded(ann, { ...sealed, noteId }, randomBytes(6 * mebibyte))
    const all = `{ note(id: "${noteId}") { attachments { encryptedData } } }`
    const { data, errors } = await ann.post(JSON.stringify({ query: all }))
    expect([errors, JSON.stringify(data).length > 16 * mebibyte]).toEqual([[], true])
    const twice = `{ a: node(id: "${id}") { ... on Attachment { encryptedData } } b: node(id: "${id}") { ... on Attachment { x: encryptedData } } }`
    await add(addInput(noteId, 'one more'))
    for (const query of [all, twice]) {
      const refused = await ann.post(JSON.stringify({ query }))
      expect(refused.errors.map(error => error.extensions.code)).toEqual(['QUERY_TOO_COMPLEX'])
      expect(refused.errors[0]?.message).toContain('downloadUrl')
    }
  })

  test('of a note that is gone are gone', async () => {
    expect(await codeOf(ann.ask(addAttachment, { input: addInput(`note_${v7()}`) }))).toBe('NOT_FOUND')
    expect((await upload(ann, { ...sealed, noteId: `note_${v7()}` }, 'x')).errors[0]?.extensions.code).toBe('NOT_FOUND')
    expect(await codeOf(ann.ask(removeAttachment, { input: { id: `att_${v7()}` } }))).toBe('NOT_FOUND')
    const noteId = await newNote(ann)
    const { id } = await add(addInput(noteId))
    const both = await Promise.all([0, 1].map(() => codeOf(ann.ask(removeAttachment, { input: { id } }))))
    expect(both.sort()).toEqual(['NOT_FOUND', null])
    expect(await read(ann, id)).toBeNull()
  })
})
