import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { graphql } from '../generated/index.ts'
import { codeOf, makeAdmin, type Person, password, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { removeAccess, setAccess } from '../harness/operations.ts'
import { readCollections, readNode } from './operations.ts'
import { changesOf, collectionOf, newName, shortOf } from './world.ts'

const deleteAccount = graphql(/* GraphQL */ `
  mutation CollectionsDeleteAccount($input: DeleteAccountInput!) {
    deleteAccount(input: $input) {
      deletedId
    }
  }
`)

describe.each(modes)('a shared collection on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let bob: Person
  let eve: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    bob = await signUp(servers.one.url, 'bob')
    eve = await signUp(servers.one.url, 'eve')
  })

  /** Ann's, with a record in it, as everybody names it. */
  async function scene(access?: 'READ' | 'WRITE' | 'ADMIN') {
    const name = newName()
    const mine = collectionOf(ann, name)
    const { record } = await mine.put('k', 1)
    const id = (await mine.listed())?.id ?? ''
    const share = (level: 'READ' | 'WRITE' | 'ADMIN') => ann.run(setAccess, { input: { resourceId: id, userId: bob.id, access: level } })
    if (access) await share(access)
    const atOther = (person: Person) => collectionOf(person.at(servers.other.url), name, ann.id)
    return { name, id, record, mine, share, bobs: atOther(bob), eves: atOther(eve) }
  }

  test('is not there for strangers, just as one that never was', async () => {
    const { id, record, eves } = await scene()
    const never = collectionOf(eve, newName(), ann.id)
    const nobodys = collectionOf(eve, newName(), 'user_none')
    for (const box of [eves, never, nobodys]) {
      expect(await box.get('k')).toBeNull()
      expect(await box.pageRefusal()).toEqual({ code: 'NOT_FOUND' })
      expect(await box.pageRefusal({ after: 'x' })).toEqual({ code: 'NOT_FOUND' })
      expect(await box.putRefusal('k', 2)).toEqual({ code: 'NOT_FOUND' })
      expect(await box.removeRefusal('k')).toEqual({ code: 'NOT_FOUND' })
      expect(await box.putAllRefusal([box.input('k', 2)])).toEqual({ code: 'NOT_FOUND', field: 'input.items.0.collection' })
      await expect(box.follow(servers.other.wsUrl)).rejects.toThrow('There is no such collection.')
    }
    for (const node of [id, record.id]) expect((await eve.run(readNode, { id: node })).node).toBeNull()
    expect((await eve.run(readCollections, {})).collections).toEqual([])
  })

  test('can be read with READ access, and not written', async () => {
    const { id, name, record, mine, bobs } = await scene('READ')
    expect(await bobs.get('k')).toMatchObject({ ...record, owner: { id: ann.id } })
    expect((await bobs.page()).nodes).toEqual([record])
    expect((await bob.run(readNode, { id: record.id })).node).toMatchObject({ key: 'k' })
    expect((await bob.run(readNode, { id })).node).toMatchObject({ name })
    await using feed = await bobs.follow(servers.other.wsUrl)
    expect(await bobs.putRefusal('k', 2)).toEqual({ code: 'FORBIDDEN' })
    expect(await bobs.removeRefusal('k')).toEqual({ code: 'FORBIDDEN' })
    const own = collectionOf(bob, newName())
    expect(await bobs.putAllRefusal([own.input('k', 1), bobs.input('k', 2)])).toEqual({ code: 'FORBIDDEN', field: 'input.items.1.collection' })
    expect(await own.listed()).toBeUndefined()
    await mine.put('k', 3)
    expect(shortOf(await feed.got(2))).toEqual([['PUT', 'k', 3, 2]])
  })

  test('can be written with WRITE access, and not shared on', async () => {
    const { id, mine, bobs } = await scene('WRITE')
    await using feed = await mine.follow(servers.one.wsUrl)
    expect(await bobs.put('k', 2)).toMatchObject({ applied: true, record: { version: 2 } })
    expect(await bobs.putAll([bobs.input('l', 1), collectionOf(bob, newName()).input('k', 1)])).toHaveLength(2)
    await bobs.remove('k')
    const items = changesOf(await feed.got(4))
    expect(items.map(({ operation, record, by }) => [operation, record.key, by?.id])).toEqual([
      ['PUT', 'k', bob.id],
      ['PUT', 'l', bob.id],
      ['DELETED', 'k', bob.id],
    ])
    expect(await codeOf(bob.ask(setAccess, { input: { resourceId: id, userId: eve.id, access: 'READ' } }))).toBe('FORBIDDEN')
  })

  test('is listed behind one’s own, and is not one’s own of the same name', async () => {
    const { name, bobs } = await scene('READ')
    const own = collectionOf(bob, name)
    await own.put('mine', 1)
    const { collections } = await bob.run(readCollections, {})
    const listed = collections
      .filter(collection => collection.name === name)
      .map(({ owner, viewerAccess, recordCount }) => [owner.id, viewerAccess, recordCount])
    expect(listed).toEqual([
      [bob.id, 'ADMIN', 1],
      [ann.id, 'READ', 1],
    ])
    const owners = collections.map(({ owner }) => owner.id === bob.id)
    expect(owners).toEqual(owners.toSorted((a, b) => Number(b) - Number(a)))
    expect([await own.get('k'), await bobs.get('mine')]).toEqual([null, null])
    expect(await own.get('mine')).not.toBeNull()
  })

  test('is closed at once, on every node, for who loses access to it', async () => {
    const { id, bobs, mine } = await scene('WRITE')
    await using feed = await bobs.follow(servers.other.wsUrl)
    const idempotencyKey = randomUUID()
    await bobs.put('mine', 1, { idempotencyKey })
    await feed.got(2)
    await ann.run(removeAccess, { input: { resourceId: id, userId: bob.id } })
    expect(await feed.ended()).toBe('FORBIDDEN')
    expect(await bobs.putRefusal('k', 2)).toEqual({ code: 'NOT_FOUND' })
    expect(await bobs.putRefusal('mine', 1, { idempotencyKey })).toEqual({ code: 'NOT_FOUND' })
    expect(await bobs.get('k')).toBeNull()
    await mine.put('secret', 1)
    expect(shortOf(feed.items)).toEqual([['PUT', 'mine', 1, 1]])
  })

  test('stays its owner’s, whoever else has ADMIN access', async () => {
    const { id } = await scene('ADMIN')
    expect(await codeOf(bob.ask(removeAccess, { input: { resourceId: id, userId: ann.id } }))).toBe('CONFLICT')
    expect(await codeOf(bob.ask(setAccess, { input: { resourceId: id, userId: ann.id, access: 'READ' } }))).toBe('CONFLICT')
    await bob.run(setAccess, { input: { resourceId: id, userId: eve.id, access: 'READ' } })
    await bob.run(removeAccess, { input: { resourceId: id, userId: bob.id } })
  })

  test('goes with its owner’s account: records, feed and what others had of it', async () => {
    const owner = await signUp(servers.one.url, 'owner')
    const name = newName()
    const box = collectionOf(owner, name)
    const { record } = await box.put('k', 1)
    const id = (await box.listed())?.id ?? ''
    await owner.run(setAccess, { input: { resourceId: id, userId: bob.id, access: 'ADMIN' } })
    const bobs = collectionOf(bob.at(servers.other.url), name, owner.id)
    await using others = await bobs.follow(servers.other.wsUrl)
    await using own = await box.follow(servers.other.wsUrl)
    const { cursor } = await bobs.page()
    await owner.run(deleteAccount, { input: { password } })
    expect(await others.ended()).toBe('FORBIDDEN')
    expect(await own.ended()).not.toBeNull()
    expect(await bobs.get('k')).toBeNull()
    expect(await bobs.putRefusal('k', 1)).toEqual({ code: 'NOT_FOUND' })
    await expect(bobs.follow(servers.other.wsUrl, cursor)).rejects.toThrow('NOT_FOUND')
    for (const node of [id, record.id]) expect((await bob.run(readNode, { id: node })).node).toBeNull()
    expect((await bob.run(readCollections, {})).collections.some(collection => collection.id === id)).toBe(false)
  })

  test('of anybody is open to the server’s admin, and others’ stay out of the admin’s own list', async () => {
    const { name, record } = await scene()
    const admin = await signUp(servers.one.url, 'admin')
    await makeAdmin(servers.one, admin)
    const box = collectionOf(admin, name, ann.id)
    expect(await box.get('k')).toMatchObject(record)
    expect((await box.put('k', 'by admin')).applied).toBe(true)
    expect((await admin.run(readCollections, {})).collections).toEqual([])
    expect(await box.pageRefusal()).toBeNull()
    expect(await collectionOf(admin, newName(), ann.id).pageRefusal()).toEqual({ code: 'NOT_FOUND' })
  })
})
