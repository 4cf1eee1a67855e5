import { createHash, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'

/** A public key, and the one algorithm its signatures are made with. */
export interface PublicKey {
  readonly alg: 'EdDSA' | 'ES256' | 'RS256'
  /** The thumbprint of the key (RFC 7638): nobody gets to choose it. */
  readonly kid: string
  readonly key: KeyObject
  /** As it is published; nothing in it is secret. */
  readonly jwk: JsonWebKey
}

export interface PrivateKey {
  readonly key: KeyObject
  readonly publicKey: PublicKey
}

const leastRsaBits = 2048
const block = /-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g

/** @throws Error with what such a key has to be */
export function readPrivateKey(text: string): PrivateKey {
  const key = attempt(() => createPrivateKey(withLines(text)), 'is no private key; `openssl genpkey -algorithm ed25519` makes one')
  return { key, publicKey: describe(createPublicKey(key)) }
}

/** @throws Error with what such keys have to be */
export function readPublicKeys(texts: string): readonly PublicKey[] {
  const lines = withLines(texts)
  if (lines.replaceAll(block, '').trim() !== '')
    throw new Error('takes public keys in PEM alone; `openssl pkey -in private.pem -pubout` writes that of a private one')
  return (lines.match(block) ?? []).map(text => describe(attempt(() => createPublicKey(text), 'holds a public key that can’t be read')))
}

/** Files of variables and secret stores often keep a text on one line. */
const withLines = (text: string) => text.replaceAll('\\n', '\n')

function attempt<T>(read: () => T, complaint: string): T {
  try {
    return read()
  } catch {
    // Without the cause, which could quote the key.
    throw new Error(complaint)
  }
}

function describe(key: KeyObject): PublicKey {
  const alg = algorithmOf(key)
  const jwk = key.export({ format: 'jwk' })
  const { crv, e, kty, n, x, y } = jwk
  const kid = createHash('sha256').update(JSON.stringify({ crv, e, kty, n, x, y })).digest('base64url')
  return { alg, kid, key, jwk: { ...jwk, kid, alg, use: 'sig' } }
}

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): PublicKey['alg'] {
  if (type === 'ed25519') return 'EdDSA'
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256'
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= leastRsaBits) return 'RS256'
  throw new Error(`is a key of Ed25519, of P-256, or of RSA with at least ${leastRsaBits} bits`)
}
