import { createHash, randomBytes } from 'node:crypto'
import { parse, stringify } from 'uuid'
import type { Keys } from '../../platform/secrets.ts'
import { createSigner } from '../../platform/signer.ts'

/** 256 random bits, for whoever holds them. */
export const randomToken = (): string => randomBytes(32).toString('base64url')

/** What is kept of a token: it recognises it, and gives nothing away. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url')

export interface RefreshTokens {
  make(sessionId: string): string
  /** The session a token was made for. Null: not one of ours. */
  sessionOf(token: string): string | null
}

const randomLength = 32
const uuidLength = 16
const macLength = 16

/**
 * A refresh token is 256 random bits, its session's id and a keyed check over both. The check tells a used token from a made-up one
 * without keeping every used one: only a token that was once good can end a session.
 */
export function createRefreshTokens(keys: Keys): RefreshTokens {
  const signer = createSigner(keys, macLength)
  return {
    make(sessionId) {
      const content = Buffer.concat([randomBytes(randomLength), parse(sessionId.slice('sess_'.length))])
      return Buffer.concat([content, signer.sign(content)]).toString('base64url')
    },
    sessionOf(token) {
      if (!/^[\w-]{86}$/.test(token)) return null
      const bytes = Buffer.from(token, 'base64url')
      const content = bytes.subarray(0, randomLength + uuidLength)
      if (bytes.toString('base64url') !== token || !signer.isSigned(content, bytes.subarray(content.length))) return null
      return `sess_${stringify(content, randomLength)}`
    },
  }
}
