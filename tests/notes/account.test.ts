import { Client as Driver } from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Services } from '../../src/services.ts'
import { startServices, viewerOf } from '../feed/service-node.ts'
import { graphql } from '../generated/index.ts'
import { codeOf, type Person, password, sharedServers, signUp } from '../harness/client.ts'
import { type Environment, environmentOf, modes } from '../harness/modes.ts'
import { setAccess } from '../harness/operations.ts'
import { createNote } from './operations.ts'
import { create, followNote, followNotebook, read, update } from './world.ts'

const deleteAccount = graphql(/* GraphQL */ `
  mutation NotesDeleteAccount($input: DeleteAccountInput!) {
    deleteAccount(input: $input) {
      deletedId
    }
  }
`)

describe.each(modes)('the notebook of a deleted account on %s', mode => {
  const servers = sharedServers(mode)
  let bob: Person
  beforeAll(async () => {
    bob = await signUp(servers.one.url, 'bob')
  })
  const share = (owner: Person, id: string, who: Person, access: 'READ' | 'ADMIN') =>
    owner.run(setAccess, { input: { resourceId: id, userId: who.id, access } })
  const leave = (who: Person) => who.run(deleteAccount, { input: { password } })

  test('is gone for its members too, whatever they could do with it; their open feeds end, their own notes stay', async () => {
    const ann = await signUp(servers.one.url, 'ann')
    const ids = [(await create(ann)).id, (await create(ann)).id]
    const mine = await create(bob, { title: 'mine' })
    await share(bob, mine.id, ann, 'ADMIN')
    for (const id of ids) await share(ann, id, bob, 'ADMIN')
    const feeds = await Promise.all(ids.map(id => followNote(servers.other, bob, id)))
    await using own = await followNote(servers.other, bob, mine.id)
    await using anns = await followNotebook(servers.other, ann)
    await leave(ann)
    expect(await Promise.all(feeds.map(feed => feed.ended()))).toEqual(['FORBIDDEN', 'FORBIDDEN'])
    for (const feed of feeds) await feed[Symbol.asyncDispose]()
    expect(await anns.ended()).not.toBe('complete')
    for (const id of ids) {
      expect(await read(bob, id)).toBeNull()
      expect(await codeOf(followNote(servers.other, bob, id))).toBe('NOT_FOUND')
      expect(await codeOf(update(bob, { id, title: 'x' }))).toBe('NOT_FOUND')
      expect(await codeOf(bob.ask(createNote, { input: { id } }))).toBe('ALREADY_EXISTS')
    }
    await update(bob, { id: mine.id, title: 'still mine' })
    expect((await own.got(2))[1]).toMatchObject({ changedFields: ['title'], by: { id: bob.id } })
  })
})

describe.each(modes)('deletion on %s', mode => {
  let environment: Environment
  let services: Services
  beforeAll(async () => {
    environment = await environmentOf(mode)
    // Nothing that runs by the clock is to be counted.
    services = await startServices({ ...environment.env, CLEANUP_INTERVAL_MS: '3600000', HEAL_INTERVAL_MS: '3600000' })
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    await services?.[Symbol.asyncDispose]()
    await environment?.[Symbol.asyncDispose]()
  })

  const caller = { ip: '127.0.0.1', userAgent: null }
  let accounts = 0
  async function notebookOf(size: number) {
    const { user } = await services.accounts.register({ email: `owner${accounts++}@example.org`, password }, caller)
    const viewer = viewerOf(user.id)
    for (let count = 0; count < size; count++) {
      const id = await services.notes.create(viewer, { title: `${count}` })
      await services.notes.update(viewer, { id, title: 'again' })
      await services.trash.trash(viewer, { id })
    }
    return viewer
  }

  /** How many statements some work takes. */
  async function statementsOf(work: () => Promise<unknown>): Promise<number> {
    const query = vi.spyOn(Driver.prototype, 'query')
    await work()
    const count = query.mock.calls.length
    query.mockRestore()
    return count
  }

  test('of an account and of what is in the trash takes as many statements for many notes as for few', async () => {
    const [small, large] = [await notebookOf(2), await notebookOf(60)]
    const empty = (viewer: typeof small) => statementsOf(() => services.trash.empty(viewer, {}))
    const deleted = (viewer: typeof small) => statementsOf(() => services.accounts.deleteAccount(viewer, { password }, caller))
    // Another node may be told of something at that moment; one statement for each note would be 58 more.
    const [few, many] = [await empty(small), await empty(large)]
    expect(many - few).toBeLessThan(5)
    const [other, another] = [await notebookOf(2), await notebookOf(60)]
    expect((await deleted(another)) - (await deleted(other))).toBeLessThan(5)
  })
})
