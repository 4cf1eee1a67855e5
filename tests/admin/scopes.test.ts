import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { describe, expect, test } from 'vitest'
import { includesScope, type Scope, scopes } from '../../src/access/scope.ts'
import { guardRootFields } from '../../src/graph/guard.ts'
import { newId } from '../../src/platform/ids.ts'
import { schema } from '../../src/schema.ts'
import { matrix } from '../access/matrix.ts'
import type { Scene } from '../access/outcomes.ts'
import { type Client, clientOf, codeOf, makeAdmin, signUp, useServers } from '../harness/client.ts'
import { createDocument, listDocuments, readDocument, removeAccess, setAccess } from '../harness/operations.ts'
import { ask } from '../transport/ask.ts'
import { openSocket } from '../transport/raw-socket.ts'
import { issueToken, listUsers, whoAmI } from './accounts-operations.ts'
import { apiKey, keeperOf } from './world.ts'

interface Rules {
  readonly public?: object
  readonly auth?: { readonly role?: string; readonly scope?: Scope }
}

const rootFields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(type =>
  Object.values(type?.getFields() ?? {}).map(field => ({
    name: `${type?.name}.${field.name}`,
    rules: (field.extensions['directives'] ?? {}) as Rules,
  })),
)
/** Those that need the scope of what an id names, with an id for which it is one of notes; and the one that needs none. */
const byId: Readonly<Record<string, Scope>> = {
  'Query.node': 'notes:read',
  'Query.nodes': 'notes:read',
  'Mutation.setAccess': 'notes:write',
  'Mutation.removeAccess': 'notes:write',
}
const withoutScope = ['Mutation.renewConnection']

test('every root field that is not public says which scope it needs: to read, to write, or to administer', () => {
  const needing = rootFields.filter(({ name, rules }) => !rules.public && !(name in byId) && !withoutScope.includes(name))
  expect(needing.length).toBeGreaterThan(90)
  for (const { name, rules } of needing) {
    const level = rules.auth?.role === 'ADMIN' ? /^admin$/ : name.startsWith('Mutation.') ? /^[a-z]+:write$/ : /^[a-z]+:read$/
    expect([name, rules.auth?.scope]).toEqual([name, expect.stringMatching(level)])
    expect(scopes).toContain(rules.auth?.scope)
  }
  const scopeOf = (wanted: string) => rootFields.find(({ name }) => name === wanted)?.rules.auth?.scope
  expect(
    ['Query.viewer', 'Query.sessions', 'Query.document', 'Query.records', 'Query.folders', 'Query.chats', 'Query.presence', 'Query.vaults'].map(
      scopeOf,
    ),
  ).toEqual([undefined, 'account:read', 'documents:read', 'collections:read', 'notes:read', 'chats:read', 'presence:read', 'vaults:read'])
})

test('a root field that says nothing of scopes does not start', () => {
  const withField = (directives: object) =>
    new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: { secret: { type: GraphQLString, extensions: { directives } } } }) })
  expect(() => guardRootFields(withField({ auth: {} }))).toThrow('Query.secret needs a scope')
  expect(() => guardRootFields(withField({ access: { level: 'READ', argument: 'id' } }))).toThrow('Query.secret needs a scope')
  expect(() => guardRootFields(withField({}))).toThrow('Query.secret needs @public')
  for (const directives of [{ public: {} }, { auth: { role: 'ADMIN' } }]) expect(() => guardRootFields(withField(directives))).not.toThrow()
})

describe('limited tokens', () => {
  const servers = useServers('postgres', {
    env: { ADMIN_API_KEY: apiKey, RATE_LIMIT_PER_MIN: '0', IP_RATE_LIMIT_PER_MIN: '0', SIGN_IN_RATE_LIMIT_PER_MIN: '0' },
  })
  const issue = async (given: readonly Scope[], userId?: string): Promise<Client> => {
    const { issueToken: issued } = await keeperOf(servers.one.url).run(issueToken, { input: { scopes: [...given], ...(userId && { userId }) } })
    return clientOf(servers.one.url, issued.token)
  }
  const allBut = (needed: Scope) => scopes.filter(scope => !includesScope([scope], needed))

  /** Of things that there are not: a scope is asked for before anything is looked for. */
  const ids = { userId: newId('user'), sessionId: newId('sess'), deviceId: newId('dev') }
  const scene: Scene = {
    documentId: newId('note'),
    snapshotId: newId('snap'),
    collection: { id: newId('col'), ownerId: newId('user'), name: 'none', recordId: newId('rec') },
    chat: { id: newId('chat'), messageId: newId('msg'), memberId: newId('user') },
    folderId: newId('fold'),
    noteId: newId('note'),
    slug: 'none',
    revisionId: newId('rev'),
    attachmentId: newId('att'),
    vaultId: 'none',
    exportId: newId('exp'),
    auditId: newId('aud'),
    auditCursor: 'none',
    own: { ...ids, email: 'nobody@example.org', accessToken: 'none' },
    foreign: ids,
    word: 'word',
  }

  /** The scope that a field is refused for; null when it is not, whatever else comes of it. */
  async function lacking({ accessToken }: Client, name: string): Promise<string | null> {
    const [root = ''] = name.toLowerCase().split('.')
    const query = `${root} { ${matrix[name]?.call(scene)} }`
    const refusal = (errors: readonly { readonly extensions: Record<string, unknown> }[] = []) =>
      (errors[0]?.extensions['scope'] ?? null) as string | null
    if (root !== 'subscription') return refusal((await ask(servers.one.url, query, undefined, { authorization: `Bearer ${accessToken}` })).errors)
    using socket = await openSocket(servers.one.wsUrl)
    await socket.init({ token: accessToken })
    socket.send({ id: '1', type: 'subscribe', payload: { query } })
    const { payload } = await socket.next()
    return refusal((payload as { readonly errors?: never }).errors)
  }

  // No literal is a file, and what is none is refused before anything else.
  const called = rootFields.filter(({ name, rules }) => !rules.public && name in matrix && name !== 'Mutation.uploadAttachment')
  /** Says nothing of whom there is not, so only its refusal can be waited for. */
  const silent = 'Subscription.presenceChanges'

  test.each(called)('$name asks for its scope, and for no other', async ({ name, rules }) => {
    const needed = rules.auth?.scope ?? byId[name]
    if (needed === undefined) return expect(withoutScope).toContain(name)
    expect(await lacking(await issue(allBut(needed)), name)).toBe(needed)
    if (name === silent) return
    expect(await lacking(await issue([needed]), name)).toBeNull()
    if (needed.endsWith(':read')) expect(await lacking(await issue([needed.replace('read', 'write') as Scope]), name)).toBeNull()
  })

  test('what an id names decides which scope is needed', async () => {
    const alice = await signUp(servers.one.url)
    const { document } = (await alice.run(createDocument, { input: {} })).createDocument
    const [reader, writer] = [await issue(['documents:read'], alice.id), await issue(['documents:write'], alice.id)]
    const node = async ({ accessToken }: Client, id: string) => {
      const { data, errors } = await ask(servers.one.url, `{ node(id: "${id}") { id } nodes(ids: ["${id}"]) { id } }`, undefined, {
        authorization: `Bearer ${accessToken}`,
      })
      return errors?.map(({ message }) => message) ?? data
    }
    const found = { node: { id: document.id }, nodes: [{ id: document.id }] }
    expect(await node(reader, document.id)).toEqual(found)
    expect(await node(writer, document.id)).toEqual(found)
    expect(await node(reader, alice.id)).toContain('The token lacks the scope account:read.')
    expect(await node(reader, newId('aud'))).toContain('The token lacks the scope admin.')
    expect(await node(reader, 'none')).toEqual({ node: null, nodes: [null] })
    const input = { resourceId: document.id, userId: (await signUp(servers.one.url)).id }
    expect(await codeOf(reader.ask(setAccess, { input: { ...input, access: 'READ' } }))).toBe('FORBIDDEN')
    expect(await codeOf(writer.ask(setAccess, { input: { ...input, access: 'READ' } }))).toBeNull()
    expect(await codeOf(reader.ask(removeAccess, { input }))).toBe('FORBIDDEN')
    expect(await codeOf(writer.ask(removeAccess, { input }))).toBeNull()
    expect((await reader.run(whoAmI, {})).viewer?.id).toBe(alice.id)
  })

  test('the token of an ADMIN administers only with the scope for it, and without it sees no more than a user does', async () => {
    const [admin, bob] = [await signUp(servers.one.url), await signUp(servers.one.url)]
    await makeAdmin(servers.one, admin)
    const { document } = (await bob.run(createDocument, { input: {} })).createDocument
    const sees = async (client: Client) => [
      await codeOf(client.ask(listUsers, { first: 1 })),
      (await client.ask(readDocument, { id: document.id })).data?.document?.id ?? null,
    ]
    expect(await sees(await issue(allBut('admin'), admin.id))).toEqual(['FORBIDDEN', null])
    expect(await sees(await issue(['admin', 'documents:read'], admin.id))).toEqual([null, document.id])
    expect(await sees(await issue(['admin'], admin.id))).toEqual([null, null])
    const { issueToken: unlimited } = await admin.run(issueToken, { input: { userId: admin.id } })
    expect(await sees(clientOf(servers.one.url, unlimited.token))).toEqual([null, document.id])
    expect(await sees(await issue(['admin', 'documents:read'], bob.id))).toEqual(['FORBIDDEN', document.id])
    expect(await codeOf((await issue(['notes:read'], bob.id)).ask(listDocuments, {}))).toBe('FORBIDDEN')
  })
})
