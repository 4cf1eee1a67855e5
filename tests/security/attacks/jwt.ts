import { createHmac, createPublicKey, generateKeyPairSync, hkdfSync, type JsonWebKey, sign as signWith } from 'node:crypto'
import { expect } from 'vitest'
import { clientOf, codeOf, type Person, password, signUp } from '../../harness/client.ts'
import { answerOf, codesOf } from '../../transport/ask.ts'
import { openSocket } from '../../transport/raw-socket.ts'
import type { Attacks, Target } from './target.ts'

type Claims = Readonly<Record<string, unknown>>

const encode = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const decode = (part = ''): Claims => JSON.parse(Buffer.from(part, 'base64url').toString())
const now = () => Math.floor(Date.now() / 1000)

/** The header and the claims of a token. */
function partsOf(token: string): { header: Claims; claims: Claims; signature: string } {
  const [header, claims, signature = ''] = token.split('.')
  return { header: decode(header), claims: decode(claims), signature }
}

const hashes: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }

function signed(header: Claims, claims: unknown, key: Uint8Array | string): string {
  const text = `${encode(header)}.${encode(claims)}`
  const hash = hashes[String(header['alg'])] ?? 'sha256'
  return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`
}

/** The key that signs access tokens. Nobody has it; what a token must say is only seen with it. */
const keyOf = ({ jwtSecret }: Target, purpose = 'access-token') => new Uint8Array(hkdfSync('sha256', jwtSecret, '', `tidemark/${purpose}`, 32))

async function expectRefused({ ask, server }: Target, token: string): Promise<void> {
  const answer = await ask('{ viewer { id } }', undefined, { accessToken: token })
  expect([...new Set(codesOf(answer))], answer.text).toHaveLength(1)
  expect(['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'TOKEN_REVOKED']).toContain(codesOf(answer)[0])
  expect(answer.data ?? null).toBeNull()
  using socket = await openSocket(server.wsUrl)
  socket.send({ type: 'connection_init', payload: { token } })
  expect((await socket.closed).code).toBe(4403)
  expect((await ask('mutation ($input: VerifyTokenInput!) { verifyToken(input: $input) { valid } }', { input: { token } })).data).toEqual({
    verifyToken: { valid: false },
  })
}

const refused = (forge: (target: Target, parts: ReturnType<typeof partsOf>) => string | Promise<string>) => async (target: Target) =>
  expectRefused(target, await forge(target, partsOf(target.attacker.accessToken)))

/** Signed as the server would, with other claims. */
const withClaims = (change: (claims: Claims) => unknown) => refused((target, { header, claims }) => signed(header, change(claims), keyOf(target)))
/** The same with another header. */
const withHeader = (change: Claims) => refused((target, { header, claims }) => signed({ ...header, ...change }, claims, keyOf(target)))
const without = (name: string) => withClaims(claims => Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name)))
const unsigned = (alg: string) => refused((_, { header, claims }) => `${encode({ ...header, alg })}.${encode(claims)}.`)

const ownKeys = generateKeyPairSync('ed25519')
const ownJwk = ownKeys.publicKey.export({ format: 'jwk' })
const signedByOwnKey = (header: Claims) =>
  refused((_, { claims }) => {
    const text = `${encode({ alg: 'EdDSA', typ: 'JWT', ...header })}.${encode(claims)}`
    return `${text}.${signWith(null, Buffer.from(text), ownKeys.privateKey).toString('base64url')}`
  })

/** The public key of the server that signs with a private one, and a token of it. */
async function publicKeyOf({ strict }: Target): Promise<{ jwk: JsonWebKey & { kid: string }; person: Person }> {
  const { keys } = (await (await fetch(new URL('/.well-known/jwks.json', strict.url))).json()) as { keys: (JsonWebKey & { kid: string })[] }
  const [jwk] = keys
  if (!jwk) throw new Error('There is no public key.')
  return { jwk, person: await signUp(strict.url, 'jwks') }
}

/** HS256 with what everybody knows of the private key, in every form in which a library might take it for a secret. */
const confused = (form: (jwk: JsonWebKey & { kid: string }) => Uint8Array | string) => async (target: Target) => {
  const { jwk, person } = await publicKeyOf(target)
  const { header, claims } = partsOf(person.accessToken)
  expect(header['alg']).not.toBe('HS256')
  const token = signed({ ...header, alg: 'HS256' }, claims, form(jwk))
  const answer = await clientOf(target.strict.url, token).post(JSON.stringify({ query: '{ viewer { id } }' }))
  expect(answer.errors.map(error => error.extensions.code)).toEqual(['UNAUTHENTICATED'])
}
const pem = (jwk: JsonWebKey) => createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'pem', type: 'spki' })
const der = (jwk: JsonWebKey) => createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' })

const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken refreshToken } }'
const refresh = 'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { accessToken refreshToken } }'

interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
}

async function tokensOf({ ask }: Target, { email }: Person): Promise<Tokens> {
  return (await ask(login, { input: { email, password } })).data?.['login'] as Tokens
}

export const jwt: Attacks = {
  'a token signed with the right key and saying what it should, without which nothing below would be shown': async target => {
    const { header, claims } = partsOf(target.attacker.accessToken)
    const answer = await target.ask('{ viewer { id } }', undefined, { accessToken: signed(header, claims, keyOf(target)) })
    expect(answer.data).toEqual({ viewer: { id: target.attacker.id } })
  },
  'alg none': unsigned('none'),
  'alg None': unsigned('None'),
  'alg NONE': unsigned('NONE'),
  'alg nOnE': unsigned('nOnE'),
  'no alg at all': refused((_, { claims }) => `${encode({ typ: 'JWT' })}.${encode(claims)}.`),
  'an empty alg': unsigned(''),
  'an alg that is a list': refused((_, { claims }) => `${encode({ alg: ['none', 'HS256'] })}.${encode(claims)}.`),
  'alg none with the signature of another token': refused(
    (_, { header, claims, signature }) => `${encode({ ...header, alg: 'none' })}.${encode(claims)}.${signature}`,
  ),
  'no signature': refused((_, { header, claims }) => `${encode(header)}.${encode(claims)}.`),
  'no signature and no dot': refused((_, { header, claims }) => `${encode(header)}.${encode(claims)}`),
  'a signature cut short': refused(({ attacker }) => attacker.accessToken.slice(0, -4)),
  'a signature of zeros': refused((_, { header, claims }) => `${encode(header)}.${encode(claims)}.${Buffer.alloc(32).toString('base64url')}`),
  'the signature of another token': refused(({ victim }, { signature }) => `${victim.accessToken.split('.').slice(0, 2).join('.')}.${signature}`),
  'HS384 with the right key': withHeader({ alg: 'HS384' }),
  'HS512 with the right key': withHeader({ alg: 'HS512' }),
  'RS256 over a shared secret': withHeader({ alg: 'RS256' }),
  'the secret itself as the key': refused(({ jwtSecret }, { header, claims }) => signed(header, claims, jwtSecret)),
  'an empty key': refused((_, { header, claims }) => signed(header, claims, '')),
  'a weak key': refused((_, { header, claims }) => signed(header, claims, 'secret')),
  'the key of cursors': refused((target, { header, claims }) => signed(header, claims, keyOf(target, 'cursor'))),
  'the key of refresh tokens': refused((target, { header, claims }) => signed(header, claims, keyOf(target, 'refresh-token'))),
  'the key of links': refused((target, { header, claims }) => signed(header, claims, keyOf(target, 'download'))),
  'the public key as a secret: PEM': confused(pem),
  'the public key as a secret: PEM without its last line break': confused(jwk => String(pem(jwk)).trim()),
  'the public key as a secret: DER': confused(der),
  'the public key as a secret: JWK': confused(jwk => JSON.stringify(jwk)),
  'the public key as a secret: x': confused(jwk => Buffer.from(String(jwk.x), 'base64url')),
  'kid that leads to a file': refused((_, { header, claims }) => signed({ ...header, kid: '../../../../dev/null' }, claims, '')),
  'kid that is SQL': refused((_, { header, claims }) => signed({ ...header, kid: "x' union select 'secret' --" }, claims, 'secret')),
  'kid that is an address': refused((_, { header, claims }) => signed({ ...header, kid: 'https://evil.example/key' }, claims, 'secret')),
  'kid that is a property of every object': refused((_, { header, claims }) => signed({ ...header, kid: '__proto__' }, claims, 'secret')),
  'kid that is constructor': refused((_, { header, claims }) => signed({ ...header, kid: 'constructor' }, claims, '')),
  'kid that is an object': refused((_, { header, claims }) => signed({ ...header, kid: { toString: 'x' } }, claims, '')),
  'a key of one’s own in the header (jwk)': signedByOwnKey({ jwk: ownJwk }),
  'a key of one’s own at an address (jku)': signedByOwnKey({ jku: 'https://evil.example/jwks.json' }),
  'a certificate of one’s own at an address (x5u)': signedByOwnKey({ x5u: 'https://evil.example/cert.pem' }),
  'a certificate of one’s own (x5c)': signedByOwnKey({ x5c: [Buffer.from('none').toString('base64')] }),
  'a header that is critical and unknown': withHeader({ crit: ['evil'], evil: true }),
  'a payload that is not encoded (b64)': withHeader({ crit: ['b64'], b64: false }),
  'an encrypted token (five parts)': refused((_, { claims }) =>
    [encode({ alg: 'dir', enc: 'A256GCM' }), '', encode('iv'), encode(claims), encode('t')].join('.'),
  ),
  'a token that ended': withClaims(claims => ({ ...claims, exp: now() - 60 })),
  'a token that ended when it began': withClaims(claims => ({ ...claims, exp: 0 })),
  'a token that never ends': without('exp'),
  'a token whose end is a text': withClaims(claims => ({ ...claims, exp: '9999999999' })),
  'a token whose end is beyond numbers': withClaims(claims => ({ ...claims, exp: null })),
  'a token that does not hold yet': withClaims(claims => ({ ...claims, nbf: now() + 600 })),
  'a token whose beginning is a text': withClaims(claims => ({ ...claims, nbf: 'yesterday' })),
  'a token of another issuer': withClaims(claims => ({ ...claims, iss: 'https://evil.example' })),
  'a token of no issuer': without('iss'),
  'a token of a list of issuers': withClaims(claims => ({ ...claims, iss: ['tidemark'] })),
  'a token for another audience': withClaims(claims => ({ ...claims, aud: 'other' })),
  'a token for no audience': without('aud'),
  'a token for a list of other audiences': withClaims(claims => ({ ...claims, aud: ['other', 'tidemark.evil'] })),
  'a token of nobody': without('sub'),
  'a token of no session': without('sid'),
  'a token without an id': without('jti'),
  'a token without a beginning': without('nbf'),
  'a token that was issued at no time': without('iat'),
  'a token of somebody else in one’s own session': async target => withClaims(claims => ({ ...claims, sub: target.victim.id }))(target),
  'a token of one’s own in somebody else’s session': async target => withClaims(claims => ({ ...claims, sid: target.victim.sessionId }))(target),
  'a token of a session that there is not': withClaims(claims => ({ ...claims, sid: 'sess_019a0000-0000-7000-8000-000000000000' })),
  'a token whose session is an object': withClaims(claims => ({ ...claims, sid: { $ne: null } })),
  'a token whose user is a list': withClaims(claims => ({ ...claims, sub: [claims['sub']] })),
  'a token that says which role it has': async target => {
    const { header, claims } = partsOf(target.attacker.accessToken)
    const token = signed(header, { ...claims, role: 'ADMIN', scopes: ['*'], admin: true }, keyOf(target))
    expect((await target.ask('{ viewer { role } }', undefined, { accessToken: token })).data).toEqual({ viewer: { role: 'USER' } })
  },
  'claims that are no object': withClaims(() => 'text'),
  'claims that are a list': withClaims(claims => [claims]),
  'a token of ten thousand letters': refused(({ attacker }) => `${attacker.accessToken}${'A'.repeat(9_000)}`),
  'a token that is nothing but dots': refused(() => '.....'),
  'a refresh token in place of an access token': async target => expectRefused(target, (await tokensOf(target, target.attacker)).refreshToken),
  'an access token in place of a refresh token': async ({ ask, attacker }) =>
    expect(codesOf(await ask(refresh, { input: { refreshToken: attacker.accessToken } }))).toEqual(['UNAUTHENTICATED']),
  'a refresh token that was used': async target => {
    const first = await tokensOf(target, target.attacker)
    const second = (await target.ask(refresh, { input: { refreshToken: first.refreshToken } })).data?.['refreshSession'] as Tokens
    const again = await target.ask(refresh, { input: { refreshToken: first.refreshToken } })
    expect([codesOf(again).length, again.data]).toEqual([1, null])
    // Whoever has the newer one may be the thief.
    await expectRefused(target, second.accessToken)
    expect(codesOf(await target.ask(refresh, { input: { refreshToken: second.refreshToken } }))).toHaveLength(1)
  },
  'a token of a session that was signed out': async target => {
    const { accessToken, refreshToken } = await tokensOf(target, target.attacker)
    await target.ask('mutation { logout { endedSessions } }', undefined, { accessToken })
    await expectRefused(target, accessToken)
    expect(codesOf(await target.ask(refresh, { input: { refreshToken } }))).toHaveLength(1)
  },
  'a token of a session that was revoked from another one': async target => {
    const { accessToken } = await tokensOf(target, target.attacker)
    const { sid } = partsOf(accessToken).claims
    await target.ask('mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { revokedId } }', { input: { id: sid } }, target.attacker)
    await expectRefused(target, accessToken)
  },
  'a token from before the password was changed': async target => {
    const person = await signUp(target.server.url, 'changes')
    const other = await tokensOf(target, person)
    const input = { currentPassword: password, newPassword: 'another horse battery' }
    const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { accessToken } }'
    expect(codesOf(await target.ask(change, { input }, person))).toEqual([])
    await expectRefused(target, other.accessToken)
  },
  'a token of an account that is gone': async target => {
    const person = await signUp(target.server.url, 'goes')
    await target.ask('mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) { deletedId } }', { input: { password } }, person)
    await expectRefused(target, person.accessToken)
  },
  'a token in the address': async ({ at, attacker }) => {
    for (const name of ['access_token', 'token', 'authorization']) {
      const answer = await answerOf(await at(`/graphql?query={viewer{id}}&${name}=${attacker.accessToken}`))
      expect(answer.data ?? null).not.toMatchObject({ viewer: { id: attacker.id } })
    }
  },
  'a token in a cookie': async ({ at, attacker }) => {
    const cookie = `token=${attacker.accessToken}; access_token=${attacker.accessToken}; authorization=Bearer ${attacker.accessToken}`
    expect((await answerOf(await at('/graphql?query={viewer{id}}', { headers: { cookie } }))).data).toEqual({ viewer: null })
  },
  'two tokens in one header': async ({ ask, attacker, victim }) => {
    const answer = await ask('{ viewer { id } }', undefined, null, {
      authorization: `Bearer ${attacker.accessToken}, Bearer ${victim.accessToken}`,
    })
    expect(codesOf(answer)).toEqual(['UNAUTHENTICATED'])
  },
  'a token of another user to renew a socket': async ({ server, attacker, victim }) => {
    using socket = await openSocket(server.wsUrl)
    await socket.init({ token: attacker.accessToken })
    const query = 'mutation ($input: RenewConnectionInput!) { renewConnection(input: $input) { expiresAt } }'
    socket.send({ id: '1', type: 'subscribe', payload: { query, variables: { input: { accessToken: victim.accessToken } } } })
    expect(await socket.next()).toMatchObject({ payload: { data: null, errors: [{}] } })
    await socket.next()
    socket.send({ id: '2', type: 'subscribe', payload: { query: '{ viewer { id } }' } })
    expect(await socket.next()).toMatchObject({ payload: { data: { viewer: { id: attacker.id } } } })
  },
  'a changed refresh token': async target => {
    const { refreshToken } = await tokensOf(target, target.attacker)
    for (const at of [0, 40, 50, 63]) {
      const bytes = Buffer.from(refreshToken, 'base64url')
      bytes[at]! ^= 1
      expect(
        await codeOf(
          clientOf(target.server.url).post(JSON.stringify({ query: refresh, variables: { input: { refreshToken: bytes.toString('base64url') } } })),
        ),
      ).toBe('UNAUTHENTICATED')
    }
    expect(codesOf(await target.ask(refresh, { input: { refreshToken } }))).toEqual([])
  },
}
