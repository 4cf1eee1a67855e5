import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nobody } from '../../src/access/viewer.ts'
import { newId } from '../../src/platform/ids.ts'
import { codeOf, from, type Node, newEmail, signUp, startWorld } from './world.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A real HTTP server of somebody else. */
async function startOutside(answer: Answer): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const json = (response: ServerResponse, body: unknown, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const audience = 'tidemark-app'
const rsa = await generateKeyPair('RS256', { extractable: true })
const strange = await generateKeyPair('RS256', { extractable: true })
const jwks = { keys: [{ ...(await exportJWK(rsa.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] }

const signed = (claims: JWTPayload, { key = rsa.privateKey, kid = 'one' } = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

describe('tokens of an OpenID Connect issuer', () => {
  let outside: Awaited<ReturnType<typeof startOutside>>
  let node: Node
  let asked = 0
  beforeAll(async () => {
    outside = await startOutside((request, response) => {
      asked++
      if (request.url === '/tenant/.well-known/openid-configuration') json(response, { issuer: issuer(), jwks_uri: `${outside.url}/keys` })
      else if (request.url === '/keys') json(response, jwks)
      else json(response, {}, 404)
    })
    node = await startWorld('postgres', { AUTH_ISSUER: issuer(), AUTH_AUDIENCE: audience })
  })
  afterAll(async () => {
    await node[Symbol.asyncDispose]()
    await outside[Symbol.asyncDispose]()
  })
  const issuer = () => `${outside.url}/tenant/`
  const claims = (more: JWTPayload = {}): JWTPayload => ({ iss: issuer(), aud: audience, sub: 'alice', exp: inSeconds(60), ...more })

  test('links that they ask for hold as long as the token, of which nothing else is known', async () => {
    const viewer = await node.accounts.authenticate(await signed(claims({ sub: 'linked', jti: 'any\n&=text' })), '127.0.0.1')
    const use = async (url: URL) =>
      codeOf(Promise.resolve(node.services.webRoutes['/attachments/']?.({ url, headers: {}, ip: '127.0.0.1', identity: async () => nobody })))
    const link = new URL(node.services.downloads.urlOf(viewer, { id: newId('att') }, 3_600), 'http://here')
    expect(link.searchParams.get('expires')).toBe(String(viewer.expiresAt.getTime()))
    // The link holds; it is the attachment that there is not.
    expect(await use(link)).toBe('NOT_FOUND')
    link.searchParams.set('by', 'token')
    expect(await use(link)).toBe('FORBIDDEN')
  })

  test('are accepted, and their user appears on first use, once', async () => {
    const email = newEmail('alice')
    const token = await signed(claims({ email, email_verified: true, name: 'Alice' }))
    const viewers = await Promise.all(Array.from({ length: 6 }, () => node.accounts.authenticate(token, '127.0.0.1')))
    expect(new Set(viewers.map(({ userId }) => userId)).size).toBe(1)
    expect(viewers[0]).toMatchObject({ role: 'USER', sessionId: null, scopes: null })
    expect(await node.accounts.findUser(viewers[0]!.userId)).toMatchObject({ email, emailVerified: true, displayName: 'Alice' })
    const later = await node.accounts.authenticate(await signed(claims({ exp: inSeconds(90) })), '127.0.0.1')
    expect(later.userId).toBe(viewers[0]!.userId)
    expect(await node.accounts.verifyToken({ token }, from('192.0.2.1'))).toMatchObject({ valid: true, user: { displayName: 'Alice' } })
    expect(asked).toBe(2)
  })

  test('are never linked to a local account by their address', async () => {
    const local = await signUp(node)
    const viewer = await node.accounts.authenticate(
      await signed(claims({ sub: 'mallory', email: local.user.email!, email_verified: true })),
      '127.0.0.1',
    )
    expect(viewer.userId).not.toBe(local.user.id)
    expect(await node.accounts.findUser(viewer.userId)).toMatchObject({ email: null })
  })

  test.each([
    ['is not verified', { email: 'not-verified@example.org' }],
    ['is said to be verified in other words', { email: 'words@example.org', email_verified: 'yes' }],
    ['becomes another when normalised', { email: 'ａlice2@example.org', email_verified: true }],
    ['is none', { email: 'none', email_verified: true }],
  ])('bring no address that %s', async (sub, more) => {
    const viewer = await node.accounts.authenticate(await signed(claims({ sub, ...more })), '127.0.0.1')
    expect(await node.accounts.findUser(viewer.userId)).toMatchObject({ email: null, emailVerified: false })
  })

  test('are refused when anything about them is wrong', async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const publicPem = new TextEncoder().encode(await exportSPKI(rsa.publicKey))
    const { exp: _, ...endless } = claims()
    const { sub: __, ...nameless } = claims()
    const wrong: Record<string, [string, string | Promise<string>]> = {
      'another audience': ['UNAUTHENTICATED', signed(claims({ aud: 'other-app' }))],
      'no audience': ['UNAUTHENTICATED', signed({ iss: issuer(), sub: 'alice', exp: inSeconds(60) })],
      'another issuer': ['UNAUTHENTICATED', signed(claims({ iss: 'https://elsewhere.example.org' }))],
      'our own issuer': [
        'UNAUTHENTICATED',
        signed(claims({ iss: 'tidemark', aud: 'tidemark', sid: 'sess_0', jti: '1', iat: inSeconds(0), nbf: inSeconds(0) })),
      ],
      'no signature': ['UNAUTHENTICATED', `${encode({ alg: 'none' })}.${encode(claims())}.`],
      'the public key as a shared secret': [
        'UNAUTHENTICATED',
        new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(publicPem),
      ],
      'the key of somebody else': ['UNAUTHENTICATED', signed(claims(), { key: strange.privateKey })],
      'an unknown key': ['UNAUTHENTICATED', signed(claims(), { key: strange.privateKey, kid: 'two' })],
      'its time is over': ['TOKEN_EXPIRED', signed(claims({ exp: inSeconds(-1) }))],
      'its time has not come': ['UNAUTHENTICATED', signed(claims({ nbf: inSeconds(60) }))],
      'no end': ['UNAUTHENTICATED', signed(endless)],
      nobody: ['UNAUTHENTICATED', signed(nameless)],
      'a name with NUL': ['UNAUTHENTICATED', signed(claims({ sub: 'a\0' }))],
    }
    for (const [what, [code, token]] of Object.entries(wrong))
      expect(await codeOf(node.accounts.authenticate(await token, '127.0.0.1')), what).toBe(code)
  })

  test('belong to a user who can sign out here, and whose account has no password to prove', async () => {
    const viewer = await node.accounts.authenticate(await signed(claims({ sub: 'bob' })), '127.0.0.1')
    expect(await node.accounts.logout(viewer, { everywhere: true })).toEqual({ endedSessions: 0 })
    expect(await codeOf(node.accounts.deleteAccount(viewer, { password: '' }, { ip: '192.0.2.1', userAgent: null }))).toBe('CONFLICT')
  })
})

describe.concurrent('an issuer that can’t be asked', () => {
  test.each([
    ['is down', null],
    ['does not answer in time', () => {}],
    ['answers with an error', (_: unknown, response: ServerResponse) => json(response, {}, 500)],
    [
      'speaks for another',
      (_: unknown, response: ServerResponse) => json(response, { issuer: 'https://other.example.org', jwks_uri: 'https://other.example.org/keys' }),
    ],
    ['answers with no JSON', (_: unknown, response: ServerResponse) => response.end('<html>')],
    ['answers without end', (_: unknown, response: ServerResponse) => void response.write('"'.padEnd(400_000, 'x'))],
    [
      'packs its answers, which are never unpacked',
      (request: IncomingMessage, response: ServerResponse) => {
        const url = `http://${request.headers.host}`
        const body = request.url === '/keys' ? jwks : { issuer: url, jwks_uri: `${url}/keys` }
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(body)))
      },
    ],
    ['breaks off', (request: IncomingMessage) => void request.socket.destroy()],
  ] satisfies [string, Answer | null][])('because it %s, costs its tokens, and not the process', async (_, answer) => {
    await using outside = await startOutside(answer ?? (() => {}))
    const issuer = answer ? outside.url : 'http://127.0.0.1:1'
    await using node = await startWorld('postgres', { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience })
    const token = await signed({ iss: issuer, aud: audience, sub: 'alice', exp: inSeconds(60) })
    expect(await codeOf(node.accounts.authenticate(token, '127.0.0.1'))).toBe('UNAUTHENTICATED')
    const { accessToken } = await signUp(node)
    expect(await codeOf(node.accounts.authenticate(accessToken, '127.0.0.1'))).toBeNull()
  })

  test('for its keys, and is back later, has its tokens accepted then', async () => {
    let isUp = false
    await using outside = await startOutside((_, response) => (isUp ? json(response, jwks) : json(response, {}, 503)))
    await using node = await startWorld('postgres', {
      AUTH_ISSUER: 'https://issuer.example.org',
      AUTH_AUDIENCE: audience,
      AUTH_JWKS_URL: `${outside.url}/keys`,
    })
    const token = await signed({ iss: 'https://issuer.example.org', aud: audience, sub: 'alice', exp: inSeconds(60) })
    expect(await codeOf(node.accounts.authenticate(token, '127.0.0.1'))).toBe('UNAUTHENTICATED')
    isUp = true
    expect(await codeOf(node.accounts.authenticate(token, '127.0.0.1'))).toBeNull()
  })
})

describe('tokens that a profile endpoint knows', () => {
  let outside: Awaited<ReturnType<typeof startOutside>>
  let node: Node
  const seen: string[] = []
  const profiles: Record<string, unknown> = {
    'good-token': { sub: 'carol', email: 'carol@example.org', email_verified: true, name: 'Carol' },
    'number-token': { id: 42, name: 'Forty-two' },
    'list-token': [],
    'nobody-token': { name: 'Nobody' },
  }
  beforeAll(async () => {
    outside = await startOutside((request, response) => {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
      seen.push(token)
      if (token === 'moved-token') response.writeHead(302, { location: '/elsewhere' }).end()
      else if (token === 'broken-token') json(response, {}, 500)
      else if (Object.hasOwn(profiles, token)) json(response, profiles[token])
      else json(response, {}, 401)
    })
    node = await startWorld('postgres', { AUTH_PROFILE_URL: `${outside.url}/me`, JWT_EXPIRES_IN: '10m' })
  })
  afterAll(async () => {
    await node[Symbol.asyncDispose]()
    await outside[Symbol.asyncDispose]()
  })

  test('are passed on once in a while, and not each time', async () => {
    const viewers = await Promise.all(Array.from({ length: 5 }, () => node.accounts.authenticate('good-token', '127.0.0.1')))
    await node.accounts.authenticate('good-token', '127.0.0.1')
    expect(seen.filter(token => token === 'good-token')).toHaveLength(1)
    expect(await node.accounts.findUser(viewers[0]!.userId)).toMatchObject({ email: 'carol@example.org', emailVerified: true, displayName: 'Carol' })
    expect(viewers[0]!.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(600_000)
    expect(viewers[0]!.tokenId).not.toContain('good-token')
    const other = await node.accounts.authenticate('number-token', '127.0.0.1')
    expect(other.userId).not.toBe(viewers[0]!.userId)
  })

  test.each(['bad-token', 'list-token', 'nobody-token', 'moved-token', 'broken-token', 'with space', 'line\r\nbreak', 'ünicode'])(
    'or not: %j is refused',
    async token => {
      expect(await codeOf(node.accounts.authenticate(token, '127.0.0.1'))).toBe('UNAUTHENTICATED')
    },
  )

  test('are never those of this server', async () => {
    const { accessToken } = await signUp(node)
    await node.accounts.authenticate(accessToken, '127.0.0.1')
    const [header, claims] = accessToken.split('.')
    expect(await codeOf(node.accounts.authenticate(`${header}.${claims}.forged`, '127.0.0.1'))).toBe('UNAUTHENTICATED')
    expect(seen.filter(token => token.startsWith('ey'))).toEqual([])
  })
})
