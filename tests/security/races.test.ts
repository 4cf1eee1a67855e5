import { setTimeout as delay } from 'node:timers/promises'
import { Client as Database } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, codeOf, type Person, password, signUp } from '../harness/client.ts'
import { type Environment, environmentOf } from '../harness/modes.ts'
import { createDocument } from '../harness/operations.ts'
import { type Server, startServer } from '../harness/server.ts'

/** Long enough for the server to get as far as the lock that holds it up. */
const untilItWaits = () => delay(700)

const call = (person: { post: Person['post'] }, mutation: string, selection: string, input: object) =>
  codeOf(
    person.post(
      JSON.stringify({
        query: `mutation ($input: ${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!) { ${mutation}(input: $input) ${selection} }`,
        variables: { input },
      }),
    ),
  )
const setAccess = (by: Person, resourceId: string, user: Person, access: string) =>
  call(by, 'setAccess', '{ member { access } }', { resourceId, userId: user.id, access })
const removeAccess = (by: Person, resourceId: string, user: Person) => call(by, 'removeAccess', '{ removedUserId }', { resourceId, userId: user.id })

describe('what happens between a check and what it allows', () => {
  let environment: Environment
  let server: Server
  let database: Database

  beforeAll(async () => {
    environment = await environmentOf('postgres')
    server = await startServer(environment.env)
    database = new Database({ connectionString: environment.env['DATABASE_URL'] ?? '' })
    await database.connect()
  })
  afterAll(async () => {
    await database?.end()
    await server?.kill()
    await environment?.[Symbol.asyncDispose]()
  })

  const membersOf = async (id: string) =>
    (await database.query<{ user_id: string }>('select user_id from memberships where resource_id = $1 order by since', [id])).rows.map(
      row => row.user_id,
    )
  const newDocument = async (person: Person) => (await person.run(createDocument, { input: {} })).createDocument.document.id

  test('a password that is changed while somebody signs in with the old one opens no session', async () => {
    const ann = await signUp(server.url, 'ann')
    await database.query('begin')
    await database.query('lock table idempotency_keys')
    const signIn = call(clientOf(server.url), 'login', '{ expiresAt }', { email: ann.email, password, idempotencyKey: 'the old password' })
    await untilItWaits()
    expect(await call(ann, 'changePassword', '{ expiresAt }', { currentPassword: password, newPassword: 'another horse battery' })).toBeNull()
    await database.query('commit')
    expect(await signIn).toBe('INVALID_CREDENTIALS')
  })

  test('an account that is deleted while it is let in is a member of nothing', async () => {
    const [ann, ben] = [await signUp(server.url, 'ann'), await signUp(server.url, 'ben')]
    const id = await newDocument(ann)
    await database.query('begin')
    await database.query(`insert into memberships (resource_id, user_id, level, since) values ($1, $2, 'READ', now())`, [id, ben.id])
    const given = setAccess(ann, id, ben, 'WRITE')
    await untilItWaits()
    const gone = call(ben, 'deleteAccount', '{ deletedId }', { password })
    await Promise.race([gone, untilItWaits()])
    await database.query('rollback')
    expect(await Promise.all([given, gone])).toEqual([null, null])
    expect(await membersOf(id)).toEqual([ann.id])
  })

  test('a document that is made while its maker’s account goes is nobody’s, and not there', async () => {
    const ann = await signUp(server.url, 'ann')
    await database.query('begin')
    await database.query('lock table documents')
    const made = call(ann, 'createDocument', '{ document { id } }', {})
    await untilItWaits()
    const gone = call(ann, 'deleteAccount', '{ deletedId }', { password })
    await Promise.race([gone, untilItWaits()])
    await database.query('commit')
    await Promise.all([made, gone])
    const { rows } = await database.query('select resource_id from memberships where user_id = $1', [ann.id])
    expect(rows).toEqual([])
    expect((await database.query('select id from documents where id not in (select resource_id from memberships)')).rows).toEqual([])
    expect(await call(ann, 'createDocument', '{ document { id } }', {})).toBe('TOKEN_REVOKED')
  })

  test('who is taken out while they take out another takes out nobody', async () => {
    const [ann, ben, cleo] = [await signUp(server.url, 'ann'), await signUp(server.url, 'ben'), await signUp(server.url, 'cleo')]
    const id = await newDocument(ann)
    for (const other of [ben, cleo]) expect(await setAccess(ann, id, other, 'ADMIN')).toBeNull()
    await database.query('begin')
    await database.query('select * from memberships where resource_id = $1 for update', [id])
    const first = removeAccess(ann, id, ben)
    await untilItWaits()
    const second = removeAccess(ben, id, cleo)
    await untilItWaits()
    await database.query('rollback')
    expect(await Promise.all([first, second])).toEqual([null, 'NOT_FOUND'])
    expect(await membersOf(id)).toEqual([ann.id, cleo.id])
  })
})
