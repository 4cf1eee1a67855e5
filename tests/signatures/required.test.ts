import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { SentOperation } from '../../clients/signature.ts'
import { clientOf, password, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'
import { describeHelpers } from './helpers.ts'
import {
  signaturesChangePassword,
  signaturesCreate,
  signaturesIssue,
  signaturesList,
  signaturesLogin,
  signaturesRefresh,
  signaturesRegister,
} from './operations.ts'
import {
  newEmail,
  newNonce,
  openSigningSocket,
  operationOf,
  post,
  type Session,
  sessionOf,
  signatureIn,
  signed,
  signUp,
  withSignature,
} from './world.ts'

const adminKey = 'an administrator of these tests and nobody else'
const admin = { username: 'keeper', password: 'a long password of the keeper' }

describe.each(modes)('a server that wants signatures, on %s', mode => {
  const env = { REQUIRE_SIGNATURES: 'true', ADMIN_API_KEY: adminKey, ADMIN_USERNAME: admin.username, ADMIN_PASSWORD: admin.password }
  const servers = useServers(mode, { nodes: 2, env })
  let ann: Session
  beforeAll(async () => {
    ann = await signUp(servers.one.url)
  })

  const create = (name: string) => operationOf(signaturesCreate, { input: { name } })
  const list = operationOf(signaturesList, {})
  const toOne = (operation: SentOperation, { accessToken }: { accessToken: string } = ann) => post(servers.one.url, accessToken, operation)
  const toOther = (operation: SentOperation) => post(servers.other.url, ann.accessToken, operation)

  /** Names of what was made by operations that passed. */
  async function made(): Promise<string[]> {
    const { data } = await clientOf(servers.one.url, ann.accessToken).post(JSON.stringify(await signed(list, ann.signingKey)))
    return (data as { documents: { nodes: { name: string }[] } }).documents.nodes.map(({ name }) => name)
  }

  test('what is signed runs, and what is not is refused and does nothing', async () => {
    expect(await toOne(create('unsigned'))).toBe('SIGNATURE_REQUIRED')
    expect(await toOne(withSignature(create('unsigned'), null))).toBe('SIGNATURE_REQUIRED')
    expect(await toOne(await signed(create('signed'), ann.signingKey))).toBeNull()
    expect(await toOther(await signed(create('signed elsewhere'), ann.signingKey))).toBeNull()
    const names = await made()
    expect(names).toContain('signed')
    expect(names).toContain('signed elsewhere')
    expect(names).not.toContain('unsigned')
  })

  test('whatever is wrong with a signature, the operation does nothing', async () => {
    const eve = await signUp(servers.one.url)
    using socket = await openSigningSocket(servers.one.wsUrl, { token: ann.accessToken })
    const right = await signed({ ...create('forged'), operationName: 'SignaturesCreate' }, ann.signingKey)
    const { value, timestamp, nonce } = signatureIn(right)
    const now = Date.now()
    const wrong: Record<string, SentOperation> = {
      'another session’s key': await signed(create('forged'), eve.signingKey),
      'a connection’s key': await signed(create('forged'), socket.signingKey),
      'the token as key': await signed(create('forged'), createHash('sha256').update(ann.accessToken).digest('base64url')),
      'a value cut short': withSignature(right, { value: value.slice(0, -1), timestamp, nonce }),
      'an empty value': withSignature(right, { value: '', timestamp, nonce }),
      'another value': withSignature(right, { value: `${value[0] === 'A' ? 'B' : 'A'}${value.slice(1)}`, timestamp, nonce }),
      'a value in hexadecimal digits': withSignature(right, { value: Buffer.from(value, 'base64url').toString('hex'), timestamp, nonce }),
      'no value': withSignature(right, { timestamp, nonce }),
      'another query': { ...right, query: `${right.query} ` },
      'other variables': { ...right, variables: { input: { name: 'forged otherwise' } } },
      'one more variable': { ...right, variables: { ...right.variables, more: null } },
      'no operation name': { ...right, operationName: null },
      'another operation name': { ...right, operationName: 'signaturesCreate' },
      'a hash beside the text': { ...right, extensions: { ...right.extensions, persistedQuery: { version: 1, sha256Hash: 'ab'.repeat(32) } } },
      'another timestamp': withSignature(right, { value, timestamp: timestamp + 1, nonce }),
      'a timestamp as text': withSignature(right, { value, timestamp: String(timestamp), nonce }),
      'another nonce': withSignature(right, { value, timestamp, nonce: newNonce() }),
      'a nonce that is too short': await signed(create('forged'), ann.signingKey, { nonce: 'short' }),
      'a nonce that is too long': await signed(create('forged'), ann.signingKey, { nonce: 'n'.repeat(65) }),
      'older than five minutes': await signed(create('forged'), ann.signingKey, { timestamp: now - 301_000 }),
      'more than a minute ahead': await signed(create('forged'), ann.signingKey, { timestamp: now + 75_000 }),
      'no signature at all': withSignature(right, 'signed'),
    }
    for (const [what, operation] of Object.entries(wrong)) expect([what, await toOne(operation)]).toEqual([what, 'SIGNATURE_INVALID'])
    expect((await made()).filter(name => name.startsWith('forged'))).toEqual([])
    // None of them used the nonce up.
    expect(await toOne(right)).toBeNull()
    expect(await toOne(right, eve)).toBe('SIGNATURE_INVALID')
  })

  test('what is a little ahead is taken, on a socket also what is nearly too old, but nothing from before there was a memory of what came', async () => {
    using socket = await openSigningSocket(servers.one.wsUrl, { token: ann.accessToken })
    for (const offMs of [-290_000, 45_000])
      expect(await socket.ask(await signed(create('in time'), socket.signingKey, { timestamp: Date.now() + offMs }))).toBeNull()
    expect(await toOne(await signed(create('in time'), ann.signingKey, { timestamp: Date.now() + 45_000 }))).toBeNull()
    expect(await toOne(await signed(create('too early'), ann.signingKey, { timestamp: Date.now() - 290_000 }))).toBe('SIGNATURE_INVALID')
    expect(await made()).not.toContain('too early')
  })

  test('a nonce is good once, on whichever node, for whichever operation', async () => {
    const operation = await signed(create('once'), ann.signingKey)
    expect(await toOne(operation)).toBeNull()
    expect(await toOne(operation)).toBe('REPLAYED')
    expect(await toOther(operation)).toBe('REPLAYED')
    expect(await toOther(await signed(create('another'), ann.signingKey, { nonce: signatureIn(operation).nonce }))).toBe('REPLAYED')
    expect((await made()).filter(name => name === 'once' || name === 'another')).toEqual(['once'])
    // Somebody else's nonces are their own.
    const ben = await signUp(servers.one.url)
    expect(await toOne(await signed(create('once'), ben.signingKey, { nonce: signatureIn(operation).nonce }), ben)).toBeNull()
  })

  test('of twenty that come at once, at all nodes, one wins', async () => {
    const operation = await signed(create('won'), ann.signingKey)
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? toOne : toOther)(operation)))
    expect(outcomes.filter(code => code === null)).toHaveLength(1)
    expect(outcomes.filter(code => code === 'REPLAYED')).toHaveLength(19)
    expect((await made()).filter(name => name === 'won')).toHaveLength(1)
  })

  test('who is not signed in has no key, and reaches what is public alone', async () => {
    expect(await post(servers.one.url, null, list)).toBe('UNAUTHENTICATED')
    expect(await post(servers.one.url, null, { query: '{ __typename }' })).toBeNull()
    expect(await post(servers.one.url, null, await signed(list, ann.signingKey))).toBe('SIGNATURE_INVALID')
  })

  test('a session keeps its key: who proves the password gets it, who has a refresh token does not', async () => {
    const email = newEmail()
    const first = await signUp(servers.one.url, email)
    const { login } = await clientOf(servers.other.url).run(signaturesLogin, { input: { email, password } })
    const second = sessionOf(login)
    expect(second.signingKey).not.toBe(first.signingKey)
    expect(await toOne(await signed(list, first.signingKey), second)).toBe('SIGNATURE_INVALID')

    const { refreshSession } = await clientOf(servers.other.url).run(signaturesRefresh, { input: { refreshToken: first.refreshToken } })
    expect(refreshSession.signingKey).toBeNull()
    expect(await toOne(await signed(list, first.signingKey), refreshSession)).toBeNull()

    const change = operationOf(signaturesChangePassword, { input: { currentPassword: password, newPassword: `${password} again` } })
    const { data } = await clientOf(servers.one.url, refreshSession.accessToken).post(JSON.stringify(await signed(change, first.signingKey)))
    const changed = data?.['changePassword'] as { accessToken: string; signingKey: string }
    expect(changed.signingKey).toBe(first.signingKey)
    expect(await toOne(await signed(list, changed.signingKey), changed)).toBeNull()
    await until('the other session is over', async () => (await toOne(await signed(list, second.signingKey), second)) === 'TOKEN_REVOKED')
  })

  test('a repeated sign-in gets the key of the session that the first one opened', async () => {
    const input = { email: newEmail(), password, idempotencyKey: 'signs in once' }
    const { register: first } = await clientOf(servers.one.url).run(signaturesRegister, { input })
    const { register: again } = await clientOf(servers.other.url).run(signaturesRegister, { input })
    expect(again.accessToken).not.toBe(first.accessToken)
    expect(again.signingKey).toBe(first.signingKey)
  })

  test('operations in an address, streams of events and uploads are signed like all others', async () => {
    const authorization = `Bearer ${ann.accessToken}`
    const inAddress = async (operation: SentOperation) => {
      const parameters = new URLSearchParams({
        query: operation.query ?? '',
        variables: JSON.stringify(operation.variables),
        extensions: JSON.stringify(operation.extensions ?? {}),
      })
      const response = await fetch(`${servers.one.url}?${parameters}`, { headers: { authorization } })
      return ((await response.json()) as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code ?? null
    }
    const asked = await signed(list, ann.signingKey)
    expect(await inAddress(list)).toBe('SIGNATURE_REQUIRED')
    expect([await inAddress(asked), await inAddress(asked)]).toEqual([null, 'REPLAYED'])

    const streamed = await signed({ query: 'subscription { inboxEvents { __typename } }' }, ann.signingKey)
    const stream = async (operation: SentOperation) => {
      const response = await fetch(servers.one.url, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify(operation),
      })
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
      let text = ''
      while (!/FeedReady|"code"/.test(text)) text += (await reader?.read())?.value ?? '"code"'
      await reader?.cancel()
      return text
    }
    expect(await stream(streamed)).toContain('FeedReady')
    expect(await stream(streamed)).toContain('REPLAYED')

    const upload = { query: 'mutation ($input: UploadAttachmentInput!) { uploadAttachment(input: $input) { attachment { id } } }' }
    const variables = {
      input: {
        noteId: 'note_01980000-0000-7000-8000-000000000000',
        mimeType: 'text/plain',
        iv: 'AAAAAAAAAAAAAAAA',
        salt: 'AAAAAAAAAAAAAAAAAAAAAA',
        file: null,
      },
    }
    const send = async (operation: SentOperation) => {
      const body = new FormData()
      body.set('operations', JSON.stringify(operation))
      body.set('map', JSON.stringify({ 0: ['variables.input.file'] }))
      body.set('0', new Blob(['bytes']))
      const headers = { authorization, 'graphql-require-preflight': '1' }
      const response = await fetch(servers.one.url, { method: 'POST', headers, body })
      return ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code
    }
    expect(await send({ ...upload, variables })).toBe('SIGNATURE_REQUIRED')
    expect(await send(await signed({ ...upload, variables }, ann.signingKey))).toBe('NOT_FOUND')
  })

  test('an issued token has a key of its own, which a repeat of the call tells again', async () => {
    const issue = async (key: string) => {
      const response = await fetch(servers.one.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-admin-api-key': adminKey },
        body: JSON.stringify(operationOf(signaturesIssue, { input: { email: 'program@example.org', idempotencyKey: key } })),
      })
      const { data } = (await response.json()) as { data: { issueToken: { token: string; signingKey: string } } }
      return { accessToken: data.issueToken.token, signingKey: data.issueToken.signingKey }
    }
    const first = await issue('first token')
    const second = await issue('second token')
    expect((await issue('first token')).signingKey).toBe(first.signingKey)
    expect(await toOne(list, first)).toBe('SIGNATURE_REQUIRED')
    const operation = await signed(list, first.signingKey)
    expect(await toOne(operation, second)).toBe('SIGNATURE_INVALID')
    expect(await toOne(operation, first)).toBeNull()
    expect(await post(servers.other.url, first.accessToken, operation)).toBe('REPLAYED')
  })

  test('administrators who prove themselves with each request sign nothing', async () => {
    const byKey = await fetch(servers.one.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-admin-api-key': adminKey },
      body: JSON.stringify({ query: '{ serverStats { connections } }' }),
    })
    expect(await byKey.json()).toMatchObject({ data: { serverStats: {} } })
    // With a token beside the key it is a user who speaks as well.
    expect(
      await fetch(servers.one.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-admin-api-key': adminKey, authorization: `Bearer ${ann.accessToken}` },
        body: JSON.stringify({ query: '{ serverStats { connections } }' }),
      }).then(response => response.text()),
    ).toContain('SIGNATURE_REQUIRED')
  })

  test('the dashboard works by its cookie, over HTTP and on a socket', async () => {
    const signIn = await fetch(new URL('/admin/session', servers.one.url), {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${admin.username}:${admin.password}`)}`, 'content-type': 'application/json' },
      body: '{}',
    })
    const cookie = String(signIn.headers.get('set-cookie')).split(';')[0] ?? ''
    const query = '{ serverStats { connections } }'
    const answer = await fetch(servers.one.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify({ query }),
    })
    expect(await answer.json()).toMatchObject({ data: { serverStats: {} } })
    using socket = await openSigningSocket(servers.one.wsUrl, {}, { headers: { cookie } })
    expect(await socket.ask({ query })).toBeNull()
    // One that proves nobody excuses nobody.
    using stranger = await openSigningSocket(servers.one.wsUrl, {}, { headers: { cookie: `${cookie.split('=')[0]}=made-up` } })
    expect(await stranger.ask({ query: '{ __typename }' })).toBe('SIGNATURE_REQUIRED')
  })

  describe('on a socket', () => {
    const open = (wsUrl = servers.one.wsUrl) => openSigningSocket(wsUrl, { token: ann.accessToken })

    test('everything is signed with the key of the connection, and the socket stays open whatever is refused', async () => {
      using socket = await open()
      using other = await open()
      using anonymous = await openSigningSocket(servers.one.wsUrl, {})
      expect(new Set([socket.signingKey, other.signingKey, anonymous.signingKey, ann.signingKey]).size).toBe(4)
      const right = await signed({ ...create('by socket'), operationName: 'SignaturesCreate' }, socket.signingKey)
      const { value, timestamp, nonce } = signatureIn(right)
      expect(await socket.ask(create('forged by socket'))).toBe('SIGNATURE_REQUIRED')
      const wrong: Record<string, SentOperation> = {
        'the session’s key': await signed(create('forged by socket'), ann.signingKey),
        'another connection’s key': await signed(create('forged by socket'), other.signingKey),
        'another query': { ...right, query: `${right.query}\n` },
        'other variables': { ...right, variables: { input: { name: 'forged by socket' } } },
        'another operation name': { ...right, operationName: undefined },
        'a value cut short': withSignature(right, { value: value.slice(1), timestamp, nonce }),
        'older than five minutes': await signed(create('forged by socket'), socket.signingKey, { timestamp: Date.now() - 301_000 }),
        'more than a minute ahead': await signed(create('forged by socket'), socket.signingKey, { timestamp: Date.now() + 75_000 }),
        'deeper than anybody reads': {
          query: '{ a }',
          variables: JSON.parse(`{"a":${'['.repeat(3_000)}${']'.repeat(3_000)}}`),
          extensions: right.extensions,
        },
      }
      for (const [what, operation] of Object.entries(wrong)) expect([what, await socket.ask(operation)]).toEqual([what, 'SIGNATURE_INVALID'])
      expect(await socket.ask(right)).toBeNull()
      expect(await socket.ask(right)).toBe('REPLAYED')
      expect(await other.ask(right)).toBe('SIGNATURE_INVALID')
      expect(await socket.ask(await signed(list, socket.signingKey, { nonce }))).toBe('REPLAYED')
      // Who is nobody has a key too, and signs what they may ask.
      expect(await anonymous.ask({ query: '{ __typename }' })).toBe('SIGNATURE_REQUIRED')
      expect(await anonymous.ask(await signed({ query: '{ __typename }' }, anonymous.signingKey))).toBeNull()
      expect((await made()).filter(name => name.endsWith('by socket'))).toEqual(['by socket'])
    })

    test('of twenty that come at once, one wins', async () => {
      using socket = await open()
      const operation = await signed(create('won by socket'), socket.signingKey)
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => socket.ask(operation)))
      expect(outcomes.filter(code => code === null)).toHaveLength(1)
      expect(outcomes.filter(code => code === 'REPLAYED')).toHaveLength(19)
    })

    test('a new connection has a new key, and what was recorded of the old one is good for nothing', async () => {
      using before = await open()
      const recorded = await signed(create('recorded'), before.signingKey)
      before[Symbol.dispose]()
      using after = await open(servers.other.wsUrl)
      expect(after.signingKey).not.toBe(before.signingKey)
      expect(await after.ask(recorded)).toBe('SIGNATURE_INVALID')
      expect(await toOne(recorded)).toBe('SIGNATURE_INVALID')
      expect(await made()).not.toContain('recorded')
    })
  })

  describeHelpers(servers, () => ann)
})
