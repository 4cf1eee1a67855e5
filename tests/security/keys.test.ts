import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSignInGuard } from '../../src/accounts/sign-in/guard.ts'
import { loadConfig } from '../../src/config.ts'
import { createLimits } from '../../src/platform/limits.ts'
import type { Keys } from '../../src/platform/secrets.ts'
import { whoAmI } from '../accounts/operations.ts'
import { type Client, clientOf, codeOf, follow, type Person, signUp } from '../harness/client.ts'
import { type Environment, environmentOf } from '../harness/modes.ts'
import { createDocument, pushDelta, refreshSession } from '../harness/operations.ts'
import { type Server, startServer } from '../harness/server.ts'
import { linkAttachment } from '../notes/attachments-operations.ts'
import { newNote, sealed, uploaded } from '../notes/attachments-world.ts'

const newSecret = () => randomBytes(36).toString('base64')
const secrets = { old: newSecret(), now: newSecret() }
const privatePem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const publicPem = (pem: string) => createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString()
const keys = {
  ed25519: privatePem(generateKeyPairSync('ed25519').privateKey),
  p256: privatePem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
  rsa: privatePem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
}

const kidOf = (token: string) => decodeProtectedHeader(token).kid
const isSignedIn = async ({ url }: Pick<Client, 'url'>, token: string) => (await codeOf(clientOf(url, token).run(whoAmI, {}))) ?? 'yes'
const publishedAt = async (url: string) => fetch(new URL('/.well-known/jwks.json', url))

async function write(client: Client, documentId: string, counter: number): Promise<void> {
  await client.run(pushDelta, { input: { documentId, clientId: 'c', clock: { c: counter }, writes: [{ path: 'text', value: counter }] } })
}

const clocksOf = (items: readonly object[]) => items.flatMap(item => ('clock' in item ? [item.clock] : []))

describe('a secret that is rotated while nobody looks', () => {
  let environment: Environment
  let server: Server
  let ann: Person
  let documentId: string
  let cursor: string
  let link: string
  let freshToken: string
  const restart = async (env: Readonly<Record<string, string>>) => {
    await server?.stop()
    server = await startServer({ ...environment.env, ...env })
  }
  const annNow = (): Client => ann.at(server.url)

  beforeAll(async () => {
    environment = await environmentOf('postgres')
    await restart({ JWT_SECRET: secrets.old })
    ann = await signUp(server.url)
    documentId = (await ann.run(createDocument, { input: {} })).createDocument.document.id
    await write(ann, documentId, 1)
    await using reader = await follow(server.wsUrl, ann.accessToken, documentId)
    cursor = reader.items[0]?.cursor ?? ''
    await write(ann, documentId, 2)
    const { id } = await uploaded(ann, { ...sealed, noteId: await newNote(ann) }, 'some bytes')
    const { node } = await ann.run(linkAttachment, { id, ttlSeconds: 3_600 })
    link = node && 'downloadUrl' in node ? node.downloadUrl : ''
  })
  afterAll(async () => {
    await server?.kill()
    await environment?.[Symbol.asyncDispose]()
  })

  test('ends no session, breaks no link, and lets every feed go on where it was', async () => {
    await restart({ JWT_SECRET: secrets.now, JWT_PREVIOUS_SECRETS: secrets.old })
    expect(await isSignedIn(server, ann.accessToken)).toBe('yes')
    await write(annNow(), documentId, 3)
    await using reader = await follow(server.wsUrl, ann.accessToken, documentId, cursor)
    expect(clocksOf((await reader.got(3)).slice(0, 3))).toEqual([{ c: 2 }, { c: 3 }])
    expect(await (await fetch(new URL(link, server.url))).text()).toBe('some bytes')
  })

  test('signs what is new with the new one, and a session refreshed meanwhile outlives the old one', async () => {
    const { refreshSession: fresh } = await clientOf(server.url).run(refreshSession, { input: { refreshToken: ann.refreshToken } })
    expect(kidOf(fresh.accessToken)).not.toBe(kidOf(ann.accessToken))
    const document = await clientOf(server.url, fresh.accessToken).run(createDocument, { input: {} })
    await restart({ JWT_SECRET: secrets.now })
    expect(await isSignedIn(server, fresh.accessToken)).toBe('yes')
    await using reader = await follow(server.wsUrl, fresh.accessToken, document.createDocument.document.id, document.createDocument.document.cursor)
    expect(reader.items).toHaveLength(1)
    freshToken = (await clientOf(server.url).run(refreshSession, { input: { refreshToken: fresh.refreshToken } })).refreshSession.accessToken
  })

  test('is over with all it signed once it is taken from the list', async () => {
    expect(await isSignedIn(server, ann.accessToken)).toBe('UNAUTHENTICATED')
    expect(await codeOf(follow(server.wsUrl, freshToken, documentId, cursor))).toBe('BAD_USER_INPUT')
    const refresh = clientOf(server.url).run(refreshSession, { input: { refreshToken: ann.refreshToken } })
    expect(await codeOf(refresh)).toBe('UNAUTHENTICATED')
    expect((await fetch(new URL(link, server.url))).status).toBe(403)
  })
})

test('whoever signed in from a place before is known there after a rotation', () => {
  const guardWith = (...keys: Keys) => createSignInGuard({ limits: createLimits({ redis: null }), keys })
  const [old, now] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  expect(guardWith(now, old).placesOf('203.0.113.7')).toContain(guardWith(old).placeOf('203.0.113.7'))
  expect(guardWith(now).placesOf('203.0.113.7')).not.toContain(guardWith(old).placeOf('203.0.113.7'))
})

describe('nodes of which one has rotated', () => {
  let environment: Environment
  let before: Server
  let after: Server
  beforeAll(async () => {
    environment = await environmentOf('postgres+redis')
    // A look at the log that never comes: what arrives comes by the bus.
    const env = { ...environment.env, HEAL_INTERVAL_MS: '600000' }
    before = await startServer({ ...env, JWT_SECRET: secrets.old, JWT_PREVIOUS_SECRETS: secrets.now })
    after = await startServer({ ...env, JWT_SECRET: secrets.now, JWT_PREVIOUS_SECRETS: secrets.old })
  })
  afterAll(async () => {
    await before?.kill()
    await after?.kill()
    await environment?.[Symbol.asyncDispose]()
  })

  test('hear each other, and take each other’s tokens and cursors', async () => {
    const ann = await signUp(before.url, 'ann')
    const { refreshSession: renewed } = await ann.at(after.url).run(refreshSession, { input: { refreshToken: ann.refreshToken } })
    expect(kidOf(renewed.accessToken)).not.toBe(kidOf(ann.accessToken))
    const { id, cursor } = (await ann.run(createDocument, { input: {} })).createDocument.document
    await using there = await follow(after.wsUrl, renewed.accessToken, id, cursor)
    await using here = await follow(before.wsUrl, renewed.accessToken, id, there.items[0]?.cursor)
    await write(ann, id, 1)
    await write(clientOf(after.url, renewed.accessToken), id, 2)
    for (const reader of [there, here]) expect(clocksOf(await reader.got(3))).toEqual([{ c: 1 }, { c: 2 }])
  })
})

describe('a private key', () => {
  let environment: Environment
  let server: Server
  let ann: Person
  const tokens: string[] = []
  const restart = async (env: Readonly<Record<string, string>>) => {
    await server?.stop()
    server = await startServer({ ...environment.env, JWT_SECRET: secrets.now, ...env })
  }
  const renew = async () => {
    const { refreshToken } = ann
    const { refreshSession: fresh } = await ann.at(server.url).run(refreshSession, { input: { refreshToken } })
    ann = { ...ann, ...fresh }
    tokens.push(fresh.accessToken)
    return fresh.accessToken
  }

  beforeAll(async () => {
    environment = await environmentOf('postgres')
    await restart({})
    ann = await signUp(server.url, 'ann')
    tokens.push(ann.accessToken)
  })
  afterAll(async () => {
    await server?.kill()
    await environment?.[Symbol.asyncDispose]()
  })

  test('is missed by nobody while there is none', async () => {
    expect(await (await publishedAt(server.url)).json()).toEqual({ keys: [] })
    expect((await fetch(new URL('/.well-known/jwks.json5', server.url))).status).toBe(404)
  })

  test.each([
    ['ed25519', 'EdDSA', []],
    ['p256', 'ES256', ['ed25519']],
    ['rsa', 'RS256', ['p256', 'ed25519']],
  ] as const)('of %s signs by %s, and what was signed before it holds', async (name, alg, earlier) => {
    await restart({ JWT_PRIVATE_KEY: keys[name], JWT_PREVIOUS_PUBLIC_KEYS: earlier.map(other => publicPem(keys[other])).join('') })
    expect(await Promise.all(tokens.map(token => isSignedIn(server, token)))).toEqual(tokens.map(() => 'yes'))
    const token = await renew()
    expect(await isSignedIn(server, token)).toBe('yes')

    const answer = await publishedAt(server.url)
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300')
    const published = (await answer.json()) as JSONWebKeySet
    expect(published.keys).toHaveLength(1 + earlier.length)
    expect(JSON.stringify(published)).not.toMatch(/"(d|p|q|dp|dq|qi|k)"/)
    const checked = await jwtVerify(token, createLocalJWKSet(published), { issuer: 'tidemark', audience: 'tidemark', algorithms: [alg] })
    expect(checked.payload.sub).toBe(ann.id)
    expect(decodeProtectedHeader(token)).toEqual({ alg, typ: 'JWT', kid: published.keys[0]?.kid })
  })

  describe('leaves no way to', () => {
    const claims = () => ({ ...decodeJwt(tokens.at(-1) ?? ''), exp: Math.floor(Date.now() / 1000) + 3_600 })
    const forge = (key: Uint8Array | Parameters<SignJWT['sign']>[0], header: object) =>
      new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', ...header }).sign(key as Uint8Array)
    const kid = (index = -1) => kidOf(tokens.at(index) ?? '') ?? ''
    const published = async () => ((await (await publishedAt(server.url)).json()) as JSONWebKeySet).keys

    const mine = generateKeyPairSync('ed25519')
    const forgeries: Readonly<Record<string, () => Promise<string> | string>> = {
      'use the public key as a shared secret, as its PEM': () => forge(Buffer.from(publicPem(keys.rsa)), { kid: kid() }),
      'use the public key as a shared secret, as its JWK': async () => forge(Buffer.from(JSON.stringify((await published())[0])), { kid: kid() }),
      'use the public key as a shared secret, as its bytes': () =>
        forge(createPublicKey(keys.rsa).export({ type: 'spki', format: 'der' }), { kid: kid() }),
      'name the key of a shared secret beside a signature of another': () => forge(Buffer.from(publicPem(keys.rsa)), { kid: kid(0) }),
      'sign nothing': () => new UnsecuredJWT(claims()).encode(),
      'sign nothing and name a key': () =>
        `${Buffer.from(JSON.stringify({ alg: 'none', kid: kid() })).toString('base64url')}.${tokens.at(-1)?.split('.')[1]}.`,
      'bring a key along': () => forge(mine.privateKey, { alg: 'EdDSA', kid: kid(1), jwk: mine.publicKey.export({ format: 'jwk' }) }),
      'name a place where the key is': () => forge(mine.privateKey, { alg: 'EdDSA', kid: kid(1), jku: 'http://127.0.0.1:9/jwks.json' }),
      'name no key': () => forge(Buffer.from(secrets.now), {}),
      'name an empty key': () => forge(Buffer.alloc(32), { kid: '' }),
      'name a file': () => forge(Buffer.alloc(32), { kid: '../../../../dev/null' }),
      'name a query': () => forge(Buffer.from('x'.repeat(32)), { kid: "' union select 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" }),
      'name what every object has': () => forge(Buffer.alloc(32), { kid: '__proto__' }),
      'name a list': () => forge(Buffer.alloc(32), { kid: [kid()] as never }),
      'use the secret itself': () => forge(Buffer.from(secrets.now), { kid: kid(0) }),
      'carry the signature of another token': () => `${tokens[1]?.split('.').slice(0, 2).join('.')}.${tokens.at(-1)?.split('.')[2]}`,
    }
    test.each(Object.entries(forgeries))('%s', async (_, make) => {
      expect(await isSignedIn(server, await make())).toBe('UNAUTHENTICATED')
    })
  })
})

describe('a start is refused with', () => {
  const production = { NODE_ENV: 'production', JWT_SECRET: secrets.now }
  test.each([
    ['an earlier secret that is short', { JWT_PREVIOUS_SECRETS: `${secrets.old},short` }, 'JWT_PREVIOUS_SECRETS: needs at least 32 characters'],
    ['an earlier secret that is an example', { JWT_PREVIOUS_SECRETS: 'change-me-change-me-change-me-change-me' }, 'looks like an example'],
    ['an example of a key for administrators', { ADMIN_API_KEY: 'example-example-example-example-example' }, 'ADMIN_API_KEY: looks like an example'],
    ['a short token for metrics', { METRICS_TOKEN: 'short' }, 'METRICS_TOKEN: needs at least 16 characters'],
    ['a private key that is none', { JWT_PRIVATE_KEY: 'no key at all' }, 'JWT_PRIVATE_KEY: is no private key'],
    ['a private key of a weak kind', { JWT_PRIVATE_KEY: privatePem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey) }, '2048 bits'],
    ['a curve that is not ours', { JWT_PRIVATE_KEY: privatePem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey) }, 'P-256'],
    ['a private key among the public ones', { JWT_PREVIOUS_PUBLIC_KEYS: keys.ed25519 }, 'JWT_PREVIOUS_PUBLIC_KEYS: takes public keys in PEM alone'],
    [
      'a public key that is damaged',
      { JWT_PREVIOUS_PUBLIC_KEYS: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' },
      'JWT_PREVIOUS_PUBLIC_KEYS: holds a public key that can’t be read',
    ],
  ])('%s', (_, env, sentence) => {
    const start = () => loadConfig({ ...production, ...env })
    expect(start).toThrow(sentence)
    expect(start).not.toThrow(keys.ed25519.split('\n')[1])
  })

  test('none of these, with keys on one line', () => {
    const line = (pem: string) => pem.replaceAll('\n', '\\n')
    const config = loadConfig({
      ...production,
      JWT_PREVIOUS_SECRETS: secrets.old,
      JWT_PRIVATE_KEY: line(keys.p256),
      JWT_PREVIOUS_PUBLIC_KEYS: line(publicPem(keys.ed25519) + publicPem(keys.rsa)),
    })
    expect([config.JWT_PRIVATE_KEY?.publicKey.alg, ...config.JWT_PREVIOUS_PUBLIC_KEYS.map(({ alg }) => alg)]).toEqual(['ES256', 'EdDSA', 'RS256'])
  })
})
