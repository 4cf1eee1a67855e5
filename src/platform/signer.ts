import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import type { Keys } from './secrets.ts'

/** Tells what this server made from what somebody made up. */
export interface Signer {
  sign(content: string | Uint8Array): Buffer
  /** Whether this signature was made for this content, with any of the keys. */
  isSigned(content: string | Uint8Array, signature: Uint8Array): boolean
}

/** HMAC-SHA256, of which `bytes` are kept. */
export function createSigner(keys: Keys, bytes = 32): Signer {
  // Made once: to sign with bare bytes makes one each time, which takes longer than the signing.
  const secrets = keys.map(key => createSecretKey(key))
  const signatures = secrets.map(secret => (content: string | Uint8Array) => createHmac('sha256', secret).update(content).digest().subarray(0, bytes))
  const [newest] = signatures as [(typeof signatures)[number]]
  return {
    sign: newest,
    isSigned: (content, signature) => signature.length === bytes && signatures.some(sign => timingSafeEqual(signature, sign(content))),
  }
}
