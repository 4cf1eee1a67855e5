import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Keys } from '../platform/secrets.ts'

/** A key that operations are signed with: what its owner gets to see, in base64url, and what may be stored. */
export interface MadeKey {
  readonly key: string
  readonly sealed: string
}

/**
 * Keys that operations over HTTP are signed with. They are random, so no token leads to one; they are stored sealed, so whoever
 * reads the database can't sign. A sealed key opens for its owner only: a session, or an issued token.
 */
export interface SigningKeys {
  make(ownerId: string): MadeKey
  /** Null: there is none, or the secret it was sealed with is gone. */
  open(ownerId: string, sealed: string | null): Uint8Array | null
  /** The same key, sealed with the secret of today; a new one when it does not open. */
  keep(ownerId: string, sealed: string | null): MadeKey & { readonly isNew: boolean }
}

const keyBytes = 32
const ivBytes = 12
const tagBytes = 16

export function createSigningKeys([newest, ...others]: Keys): SigningKeys {
  function seal(ownerId: string, key: Uint8Array): MadeKey {
    const iv = randomBytes(ivBytes)
    const cipher = createCipheriv('aes-256-gcm', newest, iv).setAAD(Buffer.from(ownerId))
    const sealed = Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()])
    return { key: Buffer.from(key).toString('base64url'), sealed: sealed.toString('base64url') }
  }

  function open(ownerId: string, sealed: string | null): Uint8Array | null {
    if (sealed === null) return null
    for (const secret of [newest, ...others]) {
      const key = opened(secret, ownerId, Buffer.from(sealed, 'base64url'))
      if (key) return key
    }
    return null
  }

  const make = (ownerId: string) => seal(ownerId, randomBytes(keyBytes))

  return {
    make,
    open,
    keep(ownerId, sealed) {
      const key = open(ownerId, sealed)
      return key ? { ...seal(ownerId, key), isNew: false } : { ...make(ownerId), isNew: true }
    },
  }
}

function opened(secret: Uint8Array, ownerId: string, sealed: Buffer): Uint8Array | null {
  if (sealed.length !== ivBytes + keyBytes + tagBytes) return null
  const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, ivBytes), { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(ownerId)).setAuthTag(sealed.subarray(-tagBytes))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(ivBytes, -tagBytes)), decipher.final()])
  } catch {
    return null
  }
}
