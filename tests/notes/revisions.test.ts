import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Services } from '../../src/services.ts'
import { startServices, viewerOf } from '../feed/service-node.ts'
import { codeOf, type Person, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { type Environment, environmentOf, modes } from '../harness/modes.ts'
import { setAccess } from '../harness/operations.ts'
import { readRevision, readRevisions } from './operations.ts'
import { create, encryptedText, noCiphertext, remove, trash, update } from './world.ts'

describe.each(modes)('revisions on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let bob: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    bob = await signUp(servers.one.url, 'bob')
  })
  const page = async (id: string, variables: { first?: number; after?: string } = {}, by = ann) =>
    (await by.run(readRevisions, { id, ...variables })).note?.revisions
  const revisionsOf = async (id: string) => (await page(id, { first: 500 }))?.edges.map(({ node }) => node) ?? []

  test('hold what the text was before each change of it, the newest first', async () => {
    const note = await create(ann, { title: 'one', content: 'text' })
    expect(await revisionsOf(note.id)).toEqual([])
    const second = await update(ann, { id: note.id, title: 'two' })
    const third = await update(ann, { id: note.id, starred: true, tags: ['t'] })
    await update(ann, { id: note.id, content: null })
    await trash(ann, note.id)
    const plain = { content: 'text', encryptedTitle: null, encryptedContent: null, iv: null, salt: null }
    expect(await revisionsOf(note.id)).toEqual([
      { id: expect.stringMatching(/^rev_/), version: 3, title: 'two', ...plain, createdAt: third.updatedAt },
      { id: expect.stringMatching(/^rev_/), version: 1, title: 'one', ...plain, createdAt: note.createdAt },
    ])
    expect(second.version).toBe(2)
  })

  test('bring back what they hold, sent as a change: plain text and ciphertext', async () => {
    const { id } = await create(ann, { title: 'one', content: null })
    await update(ann, { id, title: null, content: 'two' })
    const [first] = await revisionsOf(id)
    expect(await update(ann, { id, title: first?.title ?? null, content: first?.content ?? null })).toMatchObject({ title: 'one', content: null })

    const secret = await create(ann, encryptedText('one'))
    await update(ann, { id: secret.id, ...encryptedText('two') })
    await update(ann, { id: secret.id, ...noCiphertext, title: 'open' })
    const [two, one] = await revisionsOf(secret.id)
    for (const [revision, text] of [
      [one, 'one'],
      [two, 'two'],
    ] as const) {
      const { encryptedTitle = null, encryptedContent = null, iv = null, salt = null } = revision ?? {}
      const restored = await update(ann, { id: secret.id, encryptedTitle, encryptedContent, iv, salt })
      expect(restored).toMatchObject({ ...encryptedText(text), title: null })
    }
  })

  test('of plain text go when the note becomes encrypted; those of ciphertext stay when it becomes plain', async () => {
    const { id } = await create(ann, { title: 'one' })
    await update(ann, { id, title: 'two' })
    await update(ann, { id, ...encryptedText('three') })
    expect(await revisionsOf(id)).toEqual([])
    await update(ann, { id, ...noCiphertext, title: 'four' })
    await update(ann, { id, title: 'five' })
    expect((await revisionsOf(id)).map(({ title, iv }) => title ?? iv)).toEqual(['four', 'iv of three'])
    await update(ann, { id, ...encryptedText('six') })
    expect((await revisionsOf(id)).map(({ iv }) => iv)).toEqual(['iv of three'])
  })

  test('come in pages behind cursors, and fewer at once when they are large', async () => {
    const { id } = await create(ann, { title: '0' })
    for (let count = 1; count <= 7; count++) await update(ann, { id, title: `${count}` })
    const titles: (string | null | undefined)[] = []
    let after: string | undefined
    for (let pages = 1; ; pages++) {
      const found = await page(id, { first: 3, ...(after !== undefined && { after }) })
      titles.push(...(found?.edges.map(({ node }) => node.title) ?? []))
      expect(found?.pageInfo).toMatchObject({ hasPreviousPage: pages > 1, hasNextPage: pages < 3 })
      if (!found?.pageInfo.hasNextPage) break
      after = found.pageInfo.endCursor ?? ''
    }
    expect(titles).toEqual(['6', '5', '4', '3', '2', '1', '0'])
    expect((await page(id, { after: '1' }))?.edges).toEqual([])

    const large = await create(ann)
    for (let count = 1; count <= 7; count++) await update(ann, { id: large.id, content: `${count}`.repeat(900_000) })
    const one = await page(large.id)
    expect(one?.edges.map(({ node }) => node.content?.[0])).toEqual(['6', '5', '4', '3'])
    expect(one?.pageInfo.hasNextPage).toBe(true)
    const two = await page(large.id, { after: one?.pageInfo.endCursor ?? '' })
    expect(two?.edges.map(({ node }) => node.content?.[0])).toEqual(['2', '1', undefined])
    expect(two?.pageInfo.hasNextPage).toBe(false)

    for (const first of [0, 501]) expect(await refusalOf(ann.ask(readRevisions, { id, first }))).toEqual({ code: 'BAD_USER_INPUT', field: 'first' })
    for (const bad of ['', 'x', '-1', '0', '1e3', '9999999999', '1\0', '١'])
      expect(await refusalOf(ann.ask(readRevisions, { id, after: bad })), bad).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
  })

  test('are there for whoever may read the note, and for nobody once it is gone', async () => {
    const { id } = await create(ann, { title: 'one' })
    await update(ann, { id, title: 'two' })
    const [revision] = await revisionsOf(id)
    const revisionId = revision?.id ?? ''
    const node = async (by: Person) => (await by.run(readRevision, { id: revisionId })).node
    expect(await node(ann)).toEqual({ id: revisionId, version: 1, title: 'one' })
    expect(await node(bob)).toBeNull()
    await ann.run(setAccess, { input: { resourceId: id, userId: bob.id, access: 'READ' } })
    expect(await node(bob)).toEqual({ id: revisionId, version: 1, title: 'one' })
    expect((await page(id, {}, bob))?.edges).toHaveLength(1)
    await remove(ann, id)
    expect(await node(ann)).toBeNull()
    expect(await codeOf(ann.ask(readRevision, { id: 'rev_x' }))).toBeNull()
  })
})

describe.each(modes)('how long revisions are kept, on %s', mode => {
  let environment: Environment
  let services: Services
  let now = Date.UTC(2031, 2, 1, 12)
  beforeAll(async () => {
    environment = await environmentOf(mode)
    services = await startServices(environment.env, { now: () => new Date(now) })
  })
  afterAll(async () => {
    await services?.[Symbol.asyncDispose]()
    await environment?.[Symbol.asyncDispose]()
  })

  test('the last 50, and beside them the last of each day for 30 days', async () => {
    const caller = { ip: '127.0.0.1', userAgent: null }
    const { user } = await services.accounts.register({ email: `${mode}@example.org`, password: 'correct horse battery' }, caller)
    const ann = viewerOf(user.id)
    const minute = 60_000
    const day = 1_440 * minute
    const noon = now
    const id = await services.notes.create(ann, { title: 'day 0, text 0' })
    const write = async (at: number, title: string) => {
      now = at
      await services.notes.update(ann, { id, title })
    }
    const kept = async () => (await services.revisions.list([id], 500, null)).get(id)?.rows.map(({ title }) => title) ?? []
    // Three each day, the last of them a minute before midnight in UTC, for 40 days.
    for (let days = 0; days < 40; days++) {
      for (const text of [1, 2]) await write(noon + days * day + text * minute, `day ${days}, text ${text}`)
      await write(noon + days * day + day / 2 - minute, `day ${days}, the last`)
    }
    const inOrder = Array.from({ length: 40 }, (_, days) => [`day ${days}, text 1`, `day ${days}, text 2`, `day ${days}, the last`]).flat()
    // What the note holds now is no revision.
    const newest = inOrder.slice(0, -1).toReversed().slice(0, 50)
    // Of the days behind those 50, back to 30 days before the last change.
    const days = Array.from({ length: 40 }, (_, index) => `day ${index}, the last`).toReversed()
    expect(await kept()).toEqual([...newest, ...days.slice(days.indexOf('day 22, the last'), days.indexOf('day 8, the last'))])
    // Many on one day leave the other days alone.
    for (let text = 0; text < 60; text++) await write(noon + 40 * day + text, `burst ${text}`)
    const burst = Array.from({ length: 50 }, (_, index) => `burst ${58 - index}`)
    expect(await kept()).toEqual([...burst, ...days.slice(0, days.indexOf('day 9, the last'))])
  })
})
