import { beforeAll, describe, expect, test } from 'vitest'
import { clientOf, codeOf, makeAdmin, type Person, password, refusalOf, sharedServers, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { setAccess } from '../harness/operations.ts'
import { until } from '../harness/wait.ts'
import { deleteAccount, deleteNote, emptyTrash, publishNote, readPublic, restoreNote, trashNote, unpublishNote } from './publications-operations.ts'
import { anybody, publicationsOf } from './publications-world.ts'

describe.each(modes)('publications on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let eve: Person
  let own: ReturnType<typeof publicationsOf>
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    eve = await signUp(servers.one.url, 'eve')
    own = publicationsOf(ann)
  })
  const all = () => anybody(servers.one.url)
  const elsewhere = () => anybody(servers.other.url)

  test('are read by anybody, at every node, under a slug nobody guesses', async () => {
    const id = await own.note()
    expect((await own.read(id))?.publication).toBeNull()
    const published = await own.publish(id, { title: ' Über <b>Ebbe</b> & Flut ', content: '<p onclick="x()">Text</p>', authorName: 'Ann' })
    expect(published).toMatchObject({ title: 'Über <b>Ebbe</b> & Flut', content: '<p>Text</p>', type: 'NOTE', authorName: 'Ann' })
    expect(published.slug).toMatch(/^[\w-]{22}$/)
    expect(published.updatedAt).toBe(published.publishedAt)
    for (const read of [all().read, elsewhere().read]) expect(await read(published.slug)).toEqual(published)
    expect((await own.read(id))?.publication).toEqual(published)
    expect((await elsewhere().open(published.slug)).status).toBe(200)

    const slugs = new Set([published.slug])
    for (let index = 0; index < 20; index++) slugs.add((await own.publish(await own.note())).slug)
    expect(slugs.size).toBe(21)
  })

  test('are kept apart from their note, which may be encrypted and change', async () => {
    const id = await own.note({ title: null, encryptedTitle: 'AAAA', encryptedContent: 'AAAA', iv: 'AAAA', salt: 'AAAA' })
    const { slug } = await own.publish(id, { title: 'In the open' })
    expect(await all().read(slug)).toMatchObject({ title: 'In the open', content: '<p>Some text.</p>', authorName: null })
  })

  test('published again, change under the same slug', async () => {
    const id = await own.note()
    const first = await own.publish(id, { authorName: 'Ann' })
    const second = await until('a later moment', async () => {
      const again = await own.publish(id, { title: 'Another', content: '<h2>New</h2>' })
      return again.updatedAt > first.updatedAt && again
    })
    expect(second).toMatchObject({ slug: first.slug, publishedAt: first.publishedAt, title: 'Another', content: '<h2>New</h2>', authorName: null })
    expect(await elsewhere().read(first.slug)).toEqual(second)
  })

  test('unpublished, are gone at once; published anew, have another slug', async () => {
    const id = await own.note()
    const { slug } = await own.publish(id)
    expect(await own.unpublish(id)).toMatchObject({ id, publication: null })
    for (const read of [all(), elsewhere()]) expect([await read.read(slug), (await read.open(slug)).status]).toEqual([null, 404])
    expect(await own.unpublish(id)).toMatchObject({ id, publication: null })
    const anew = await own.publish(id)
    expect(anew.slug).not.toBe(slug)
    expect(await all().read(slug)).toBeNull()
    expect(await all().read(anew.slug)).toEqual(anew)
  })

  test('go with the trash, with deletion and with the account, at every node', async () => {
    const gone = async (slug: string) => {
      for (const read of [all(), elsewhere()]) expect([await read.read(slug), (await read.open(slug)).status]).toEqual([null, 404])
    }
    const trashed = await own.note()
    const first = await own.publish(trashed)
    await ann.run(trashNote, { input: { id: trashed } })
    await gone(first.slug)
    expect(await refusalOf(ann.ask(publishNote, { input: { id: trashed, title: 'T', content: '' } }))).toEqual({
      code: 'CONFLICT',
      field: 'input.id',
    })
    expect((await ann.run(restoreNote, { input: { id: trashed } })).restoreNote.note.publication).toBeNull()
    await gone(first.slug)

    const deleted = await own.note()
    const second = await own.publish(deleted)
    await ann.run(deleteNote, { input: { id: deleted } })
    await gone(second.slug)
    expect(await codeOf(ann.ask(publishNote, { input: { id: deleted, title: 'T', content: '' } }))).toBe('NOT_FOUND')

    const emptied = await own.note()
    const third = await own.publish(emptied)
    await ann.run(trashNote, { input: { id: emptied } })
    await ann.run(emptyTrash, {})
    await gone(third.slug)

    const leaver = await signUp(servers.one.url, 'leaver')
    const last = await publicationsOf(leaver).publish(await publicationsOf(leaver).note())
    await leaver.run(deleteAccount, { input: { password } })
    await gone(last.slug)
  })

  test('never outlive the trash, whichever of the two comes first', async () => {
    for (let round = 0; round < 8; round++) {
      const id = await own.note()
      const input = { id, title: 'T', content: '<p>x</p>' }
      const [published] = await Promise.all([
        ann.ask(publishNote, { input }),
        ann.at(servers.other.url).run(trashNote, { input: { id } }),
        ann.at(servers.other.url).ask(publishNote, { input }),
      ])
      expect((await own.read(id))?.publication).toBeNull()
      const slug = published.data?.publishNote.publicNote.slug
      if (slug) expect(await all().read(slug)).toBeNull()
    }
  })

  test('published by two at once, have one slug', async () => {
    const id = await own.note()
    const published = await Promise.all(
      Array.from({ length: 8 }, (_, index) => publicationsOf(index % 2 ? ann : ann.at(servers.other.url)).publish(id, { title: `Title ${index}` })),
    )
    expect(new Set(published.map(({ slug }) => slug)).size).toBe(1)
    expect((await own.read(id))?.publication?.title).toMatch(/^Title \d$/)
  })

  test('are changes of the note, which stays at its version', async () => {
    const id = await own.note()
    const before = await own.read(id)
    await using reader = await own.follow(servers.other.wsUrl, id)
    const { slug } = await own.publish(id, { title: 'One' })
    await reader.got(2)
    await own.publish(id, { title: 'Two' })
    await reader.got(3)
    await own.unpublish(id)
    await reader.got(4)
    await own.unpublish(id)
    await own.publish(id, { title: 'Three' })
    const [, ...changes] = await reader.got(5)
    expect(changes).toMatchObject(
      [{ slug, title: 'One' }, { slug, title: 'Two' }, null, { title: 'Three' }].map(publication => ({
        __typename: 'NoteChange',
        operation: 'UPDATED',
        noteId: id,
        changedFields: ['publication'],
        by: { id: ann.id },
        note: { version: 1, publication },
      })),
    )
    expect(await own.read(id)).toMatchObject({ version: 1, updatedAt: before?.updatedAt })
  })

  test('are made and withdrawn by who has ADMIN access, and seen in the note by who may read it', async () => {
    const member = await signUp(servers.one.url, 'member')
    const theirs = publicationsOf(member)
    const id = await own.note()
    const input = { id, title: 'T', content: '<p>x</p>' }
    const { slug } = await own.publish(id)
    for (const person of [clientOf(servers.one.url), eve]) {
      const code = person.accessToken === null ? 'UNAUTHENTICATED' : 'NOT_FOUND'
      expect(await codeOf(person.ask(publishNote, { input }))).toBe(code)
      expect(await codeOf(person.ask(unpublishNote, { input: { id } }))).toBe(code)
    }
    for (const access of ['READ', 'WRITE'] as const) {
      await ann.run(setAccess, { input: { resourceId: id, userId: member.id, access } })
      expect(await codeOf(member.ask(publishNote, { input }))).toBe('FORBIDDEN')
      expect(await codeOf(member.ask(unpublishNote, { input: { id } }))).toBe('FORBIDDEN')
      expect((await theirs.read(id))?.publication?.slug).toBe(slug)
    }
    await ann.run(setAccess, { input: { resourceId: id, userId: member.id, access: 'ADMIN' } })
    expect(await theirs.publish(id, { title: 'Theirs' })).toMatchObject({ slug, title: 'Theirs' })
    expect(await theirs.unpublish(id)).toMatchObject({ publication: null })
    expect(await all().read(slug)).toBeNull()
  })

  test('are withdrawn by the administrator of the server too', async () => {
    const admin = await signUp(servers.one.url, 'admin')
    await makeAdmin(servers.one, admin)
    const id = await own.note()
    const { slug } = await own.publish(id)
    await publicationsOf(admin).unpublish(id)
    expect(await all().read(slug)).toBeNull()
  })

  test('repeated with a key, are made once', async () => {
    const id = await own.note()
    const input = { id, title: 'Once', content: '<p>x</p>', idempotencyKey: `publish ${id}` }
    const [first, second] = [await own.publish(id, input), await own.publish(id, input)]
    expect(second).toEqual(first)
    expect(await codeOf(ann.ask(publishNote, { input: { ...input, title: 'Twice' } }))).toBe('IDEMPOTENCY_MISMATCH')
    await own.unpublish(id)
    expect(await codeOf(ann.ask(publishNote, { input }))).toBe('NOT_FOUND')
    expect((await own.read(id))?.publication).toBeNull()
  })

  test('repeated by who has lost the note since, tell nothing of it', async () => {
    const member = await signUp(servers.one.url, 'member')
    const id = await own.note()
    await ann.run(setAccess, { input: { resourceId: id, userId: member.id, access: 'ADMIN' } })
    const input = { id, title: 'T', content: '', idempotencyKey: `publish ${id}` }
    await member.run(publishNote, { input })
    await own.unpublish(id)
    await own.publish(id)
    await ann.run(setAccess, { input: { resourceId: id, userId: member.id, access: 'READ' } })
    expect(await codeOf(member.ask(publishNote, { input }))).toBe('FORBIDDEN')
  })

  test('of other types than NOTE hold their text as it was given', async () => {
    const content = '<script>let a = "1" && \'2\'</script>\r\n\t\u202e<b onclick=x>'
    for (const type of ['DIAGRAM', 'CODE', 'SHEET'] as const) {
      const { slug } = await own.publish(await own.note({ type }), { content })
      expect(await all().read(slug)).toMatchObject({ type, content })
    }
  })

  test('have lines of plain text for title and author, without controls and reversals', async () => {
    const id = await own.note()
    const published = await own.publish(id, { title: '  a\u0007b\n\u2028c\u202ed\u2066e  ', authorName: '\u202e\t ' })
    expect(published).toMatchObject({ title: 'a b cde', authorName: null })
    expect(await own.publish(id, { authorName: 'Z\u0085\u009foë 🌊' })).toMatchObject({ authorName: 'Z oë 🌊' })
  })

  test('are refused beyond their limits', async () => {
    const id = await own.note()
    const refused = async (input: object) => refusalOf(ann.ask(publishNote, { input: { id, title: 'T', content: 'x', ...input } }))
    const bad = (field: string) => ({ code: 'BAD_USER_INPUT', field: `input.${field}` })
    for (const title of ['', '   ', '\u200b\u202e\n', 'x'.repeat(1_001), 'a\u0000', '\ud800']) expect(await refused({ title })).toEqual(bad('title'))
    for (const content of ['x'.repeat(1_000_001), 'a\u0000b', 'a\udc00', '&'.repeat(450_000)])
      expect(await refused({ content })).toEqual(bad('content'))
    for (const authorName of ['x'.repeat(201), '\u0000', '\ud800']) expect(await refused({ authorName })).toEqual(bad('authorName'))
    expect((await own.read(id))?.publication).toBeNull()
    const largest = await own.publish(id, { title: 'x'.repeat(1_000), content: `<p>${'x'.repeat(999_993)}</p>`, authorName: 'x'.repeat(200) })
    expect(largest.content).toHaveLength(1_000_000)
    expect(await (await all().open(largest.slug)).text()).toContain(largest.content)
    expect((await own.publish(id, { content: '' })).content).toBe('')
  })

  test('fill no answer beyond what a server can hold, whoever asks', async () => {
    const id = await own.note()
    const { slug } = await own.publish(id, { content: `<p>${'x'.repeat(999_000)}</p>` })
    const ask = async (client: ReturnType<typeof clientOf>, count: number, field: (index: number) => string) => {
      const { data, errors } = await client.post(
        JSON.stringify({ query: `{ ${Array.from({ length: count }, (_, index) => field(index)).join(' ')} }` }),
      )
      return [JSON.stringify(data).length > 1_000_000, errors[0]?.extensions.code ?? null]
    }
    const bySlug = (index: number) => `a${index}: publicNote(slug: "${slug}") { content }`
    const byNote = (index: number) => `a${index}: note(id: "${id}") { publication { content } }`
    const anyone = clientOf(servers.one.url)
    expect(await ask(anyone, 16, bySlug)).toEqual([true, null])
    expect(await ask(anyone, 17, bySlug)).toEqual([true, 'QUERY_TOO_COMPLEX'])
    expect(await ask(ann, 17, byNote)).toEqual([true, 'QUERY_TOO_COMPLEX'])
    const inside = (index: number) => `note(id: "${id}") { publication { a${index}: content } }`
    expect(await ask(ann, 17, inside)).toEqual([false, 'QUERY_TOO_COMPLEX'])
  })

  test('are null for every slug that is none', async () => {
    const { slug } = await own.publish(await own.note())
    const others = ['', 'x', slug.slice(1), `${slug}A`, `${slug}\n`, `${slug} `, 'A'.repeat(22), "' or ''='", '\u0000', '\ud800', 'x'.repeat(100_000)]
    for (const other of others) expect(await all().read(other)).toBeNull()
    expect(await all().read(slug)).not.toBeNull()
  })
})

describe('publicNote', () => {
  const servers = useServers('embedded')
  test('is limited for each address', async () => {
    const client = clientOf(servers.one.url)
    const codes: (string | null)[] = []
    for (let round = 0; round < 31; round++)
      codes.push(...(await Promise.all(Array.from({ length: 10 }, () => codeOf(client.ask(readPublic, { slug: 'none' }))))))
    expect(codes.filter(code => code === null)).toHaveLength(300)
    expect(codes.filter(code => code === 'RATE_LIMITED')).toHaveLength(10)
  })
})
