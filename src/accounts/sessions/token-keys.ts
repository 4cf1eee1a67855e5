import { createHash, createSecretKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { Config } from '../../config.ts'
import type { PublicKey } from '../../platform/asymmetric-key.ts'
import type { Secrets } from '../../platform/secrets.ts'
import type { WebRoute } from '../../web.ts'

/** A key, and the one algorithm it is for: a token does not get to say how it is checked. */
export interface TokenKey {
  readonly kid: string
  readonly alg: string
  readonly key: KeyObject
}

export interface TokenKeys {
  /** Signs what is new. */
  readonly newest: TokenKey
  /** What checks the tokens of this `kid`; undefined for one that is not ours. */
  find(kid: unknown): TokenKey | undefined
  /** The public ones, for those who check tokens without asking this server. */
  readonly published: readonly JsonWebKey[]
}

type TokenKeysConfig = Pick<Config, 'JWT_PRIVATE_KEY' | 'JWT_PREVIOUS_PUBLIC_KEYS'>

/**
 * Every secret has a key, so that tokens outlive its rotation, and a change to a private key too. Keys are kept by names that derive
 * from themselves, and each has its algorithm: the public key is never taken for a shared secret.
 */
export function createTokenKeys(secrets: Secrets, { JWT_PRIVATE_KEY: privateKey, JWT_PREVIOUS_PUBLIC_KEYS: others }: TokenKeysConfig): TokenKeys {
  const [secret, ...earlierSecrets] = secrets.deriveKeys('access-token').map(sharedKey) as [TokenKey, ...TokenKey[]]
  const publicKeys: readonly PublicKey[] = [...(privateKey ? [privateKey.publicKey] : []), ...others]
  const byKid = new Map([secret, ...earlierSecrets, ...publicKeys].map(({ kid, alg, key }) => [kid, { kid, alg, key }]))
  return {
    newest: privateKey ? { ...privateKey.publicKey, key: privateKey.key } : secret,
    find: kid => (typeof kid === 'string' ? byKid.get(kid) : undefined),
    published: [...new Map(publicKeys.map(({ kid, jwk }) => [kid, jwk])).values()],
  }
}

const sharedKey = (key: Uint8Array): TokenKey => ({
  kid: createHash('sha256').update('tidemark/kid').update(key).digest('base64url'),
  alg: 'HS256',
  key: createSecretKey(key),
})

export const jwksPath = '/.well-known/jwks.json'
/** A key is to be published for longer than this before it signs. */
const keptSeconds = 300

/** The public keys (RFC 7517). Without a private key there are none, and the list is empty. */
export function createJwksRoute({ published }: TokenKeys): WebRoute {
  const headers = { 'content-type': 'application/jwk-set+json', 'cache-control': `public, max-age=${keptSeconds}` }
  const body = JSON.stringify({ keys: published })
  return async ({ url }) => (url.pathname === jwksPath ? { status: 200, headers, body } : null)
}
