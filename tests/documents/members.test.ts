import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import type { AccessLevel } from '../generated/graphql.ts'
import { codeOf, follow, type Person, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, listDocuments, listMembers, pushDelta, readDocument, removeAccess, setAccess } from '../harness/operations.ts'

describe.each(modes)('members of a document on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let bob: Person
  let cyd: Person
  beforeAll(async () => {
    const { url } = servers.one
    ann = await signUp(url, 'ann')
    bob = await signUp(url, 'bob')
    cyd = await signUp(url, 'cyd')
  })
  const newDocument = async () => (await ann.run(createDocument, { input: {} })).createDocument.document.id
  const set = (by: Person, resourceId: string, who: Person, access: AccessLevel, more = {}) =>
    by.ask(setAccess, { input: { resourceId, userId: who.id, access, ...more } })
  const remove = (by: Person, resourceId: string, who: Person, more = {}) => by.ask(removeAccess, { input: { resourceId, userId: who.id, ...more } })
  const membersOf = async (id: string, by = ann) =>
    (await by.run(listMembers, { id })).document?.members.nodes.map(({ user, access }) => [user.id, access])
  const push = (by: Person, documentId: string) =>
    by.ask(pushDelta, { input: { documentId, clientId: 'c', clock: { c: 1 }, writes: [{ path: 'x', value: 1 }] } })
  const at = (person: Person, url: string): Person => ({ ...person, ...person.at(url), accessToken: person.accessToken })

  test('may do what their level says, from the moment it is set', async () => {
    const id = await newDocument()
    expect(await codeOf(push(bob, id))).toBe('NOT_FOUND')
    for (const [level, code] of [
      ['READ', 'FORBIDDEN'],
      ['WRITE', null],
      ['ADMIN', null],
      ['READ', 'FORBIDDEN'],
    ] as const) {
      const { data } = await set(ann, id, bob, level)
      expect(data?.setAccess.member).toMatchObject({ access: level, user: { id: bob.id } })
      expect((await bob.run(readDocument, { id })).document?.viewerAccess).toBe(level)
      expect(await codeOf(push(bob, id))).toBe(code)
      expect(await codeOf(set(bob, id, cyd, 'READ'))).toBe(level === 'ADMIN' ? null : 'FORBIDDEN')
    }
    expect(await membersOf(id)).toEqual([
      [ann.id, 'ADMIN'],
      [bob.id, 'READ'],
      [cyd.id, 'READ'],
    ])
    expect(await membersOf(id, cyd)).toHaveLength(3)
    expect((await bob.run(listDocuments, {})).documents.nodes.map(node => node.id)).toContain(id)
  })

  test('are listed in the order in which they came, in pages', async () => {
    const id = await newDocument()
    await set(ann, id, cyd, 'READ')
    await set(ann, id, bob, 'WRITE')
    await set(ann, id, cyd, 'ADMIN')
    const page = async (first: number, after?: string | null) =>
      (await ann.run(listMembers, { id, first, ...(after != null && { after }) })).document?.members
    const one = await page(2)
    expect(one?.nodes.map(node => node.user.id)).toEqual([ann.id, cyd.id])
    expect(one?.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
    const two = await page(2, one?.pageInfo.endCursor)
    expect(two?.nodes.map(node => node.user.id)).toEqual([bob.id])
    expect(two?.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    expect((await page(2, two?.pageInfo.endCursor))?.nodes).toEqual([])
    const forged = (text: string) => Buffer.from(text).toString('base64url')
    for (const after of [
      '',
      'x',
      forged('x y'),
      forged(`1e300 ${bob.id}`),
      forged('1 a\0'),
      forged(`8640000000000000 ${bob.id}`),
      forged(`-1e15 ${bob.id}`),
    ])
      expect(await refusalOf(ann.ask(listMembers, { id, after })), Buffer.from(after, 'base64url').toString()).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'after',
      })
    for (const first of [0, 501]) expect(await codeOf(ann.ask(listMembers, { id, first }))).toBe('BAD_USER_INPUT')
  })

  test('have to be users, and somebody has to be there to be removed', async () => {
    const id = await newDocument()
    const notFound = { code: 'NOT_FOUND', field: 'input.userId' }
    for (const userId of [`user_${v7()}`, 'x', '', id]) {
      expect(await refusalOf(ann.ask(setAccess, { input: { resourceId: id, userId, access: 'READ' } }))).toEqual(notFound)
      expect(await refusalOf(ann.ask(removeAccess, { input: { resourceId: id, userId } }))).toEqual(notFound)
    }
    expect(await refusalOf(ann.ask(setAccess, { input: { resourceId: id, userId: 'a\0', access: 'READ' } }))).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.userId',
    })
    expect(await refusalOf(remove(ann, id, bob))).toEqual(notFound)
    expect(await membersOf(id)).toEqual([[ann.id, 'ADMIN']])
  })

  test('keep one ADMIN: the last can neither leave nor step down', async () => {
    const id = await newDocument()
    await set(ann, id, bob, 'WRITE')
    const conflict = { code: 'CONFLICT', field: 'input.userId' }
    expect(await refusalOf(remove(ann, id, ann))).toEqual(conflict)
    expect(await refusalOf(set(ann, id, ann, 'WRITE'))).toEqual(conflict)
    expect(await refusalOf(set(ann, id, ann, 'ADMIN'))).toBeNull()
    await set(ann, id, bob, 'ADMIN')
    expect(await refusalOf(remove(ann, id, ann))).toBeNull()
    expect(await membersOf(id, bob)).toEqual([[bob.id, 'ADMIN']])
    expect(await refusalOf(remove(bob, id, bob))).toEqual(conflict)
  })

  test('keep one ADMIN when two of them go at the same time, on two nodes', async () => {
    const [annHere, bobThere] = [at(ann, servers.one.url), at(bob, servers.other.url)]
    const races = [
      (id: string) => [remove(annHere, id, ann), remove(bobThere, id, bob)],
      (id: string) => [remove(annHere, id, bob), remove(bobThere, id, ann)],
      (id: string) => [set(annHere, id, ann, 'READ'), remove(bobThere, id, bob)],
      (id: string) => [set(annHere, id, bob, 'WRITE'), set(bobThere, id, ann, 'WRITE')],
    ]
    for (const race of [...races, ...races, ...races]) {
      const id = await newDocument()
      await set(ann, id, bob, 'ADMIN')
      const codes = await Promise.all(race(id).map(answer => codeOf(answer)))
      expect(codes.filter(code => code === null)).toHaveLength(1)
      // Who comes second is either the last one, or has lost the right to do it.
      expect(['CONFLICT', 'FORBIDDEN', 'NOT_FOUND']).toContain(codes.find(code => code !== null))
      const seen = await Promise.all([ann, bob].map(async person => (await person.run(readDocument, { id })).document?.viewerAccess))
      expect(seen.filter(level => level === 'ADMIN')).toHaveLength(1)
    }
  })

  test('leave when they like, and are strangers from then on, their open feeds included', async () => {
    const id = await newDocument()
    await set(ann, id, bob, 'READ')
    await set(ann, id, cyd, 'WRITE')
    await using bobs = await follow(servers.other.wsUrl, bob.accessToken, id)
    await using cyds = await follow(servers.other.wsUrl, cyd.accessToken, id)
    await using anns = await follow(servers.other.wsUrl, ann.accessToken, id)
    const startedAt = performance.now()
    expect(await codeOf(remove(bob, id, bob))).toBeNull()
    expect(await codeOf(remove(ann, id, cyd))).toBeNull()
    expect(await Promise.all([bobs.ended(), cyds.ended()])).toEqual(['FORBIDDEN', 'FORBIDDEN'])
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    await push(ann, id)
    await anns.got(2)
    for (const feed of [bobs, cyds]) expect(feed.items).toHaveLength(1)
    for (const person of [bob, cyd]) {
      expect((await person.run(readDocument, { id })).document).toBeNull()
      expect((await person.run(listDocuments, {})).documents.nodes.map(node => node.id)).not.toContain(id)
      expect(await codeOf(push(person, id))).toBe('NOT_FOUND')
      expect(await codeOf(remove(person, id, person))).toBe('NOT_FOUND')
      expect(await codeOf(follow(servers.other.wsUrl, person.accessToken, id))).toBe('NOT_FOUND')
    }
    expect(anns.end).toBeNull()
  })

  test('are let in and taken out once for one idempotency key', async () => {
    const id = await newDocument()
    const key = { idempotencyKey: `access-${v7()}` }
    expect(await codeOf(set(ann, id, bob, 'READ', key))).toBeNull()
    expect(await codeOf(set(ann, id, bob, 'WRITE'))).toBeNull()
    expect((await set(ann, id, bob, 'READ', key)).data?.setAccess.member.user.id).toBe(bob.id)
    expect(await membersOf(id)).toContainEqual([bob.id, 'WRITE'])
    expect(await codeOf(set(ann, id, bob, 'ADMIN', key))).toBe('IDEMPOTENCY_MISMATCH')
    const gone = { idempotencyKey: `gone-${v7()}` }
    for (let count = 0; count < 2; count++) expect(await codeOf(remove(ann, id, bob, gone))).toBeNull()
    await set(ann, id, bob, 'READ')
    expect(await codeOf(remove(ann, id, bob, gone))).toBeNull()
    expect(await membersOf(id)).toContainEqual([bob.id, 'READ'])
    const left = { idempotencyKey: `left-${v7()}` }
    for (let count = 0; count < 2; count++) expect(await codeOf(remove(bob, id, bob, left))).toBeNull()
  })
})
