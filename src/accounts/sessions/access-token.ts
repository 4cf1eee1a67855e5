import { hash } from 'node:crypto'
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import { v7 } from 'uuid'
import { AppError } from '../../errors.ts'
import type { Clock } from '../../platform/clock.ts'
import type { TokenKey, TokenKeys } from './token-keys.ts'

/** Names this server as issuer and audience of its own tokens. */
export const ownIssuer = 'tidemark'

export interface AccessClaims {
  readonly userId: string
  /** Null for tokens that an administrator issued. */
  readonly sessionId: string | null
  readonly tokenId: string
  readonly expiresAt: Date
}

export interface AccessTokens {
  /** A new token of a session. */
  issue(userId: string, sessionId: string, expiresAt: Date): Promise<string>
  /** The token with these claims. As long as the key is the same, so is the token (ECDSA alone signs differently each time). */
  sign(claims: AccessClaims & { readonly issuedAt: Date }): Promise<string>
  /** @throws TOKEN_EXPIRED, UNAUTHENTICATED */
  verify(token: string): Promise<AccessClaims>
  /** What `verify` said of this very token, as long as it would say so again; null: it has to be asked. */
  recall(token: string): AccessClaims | null
}

/** What was verified. Keys stay what they are for as long as a node runs, so the end of the token is the end of it. */
interface Verified {
  readonly claims: AccessClaims
  readonly notBeforeMs: number
}

const mostVerified = 20_000

/** Clocks of nodes differ; a token of one is good on the others at once. */
const clockSkewSeconds = 5

const secondsOf = (at: Date) => Math.floor(at.getTime() / 1000)

export function createAccessTokens({ keys, clock }: { readonly keys: TokenKeys; readonly clock: Clock }): AccessTokens {
  const sign: AccessTokens['sign'] = ({ userId, sessionId, tokenId, issuedAt, expiresAt }) => {
    const { alg, kid, key } = keys.newest
    return new SignJWT(sessionId === null ? {} : { sid: sessionId })
      .setProtectedHeader({ alg, kid, typ: 'JWT' })
      .setIssuer(ownIssuer)
      .setAudience(ownIssuer)
      .setSubject(userId)
      .setJti(tokenId)
      .setIssuedAt(secondsOf(issuedAt))
      .setNotBefore(secondsOf(issuedAt) - clockSkewSeconds)
      .setExpirationTime(secondsOf(expiresAt))
      .sign(key)
  }

  /** By digest: no token is kept. */
  const verified = new LRUCache<string, Verified>({ max: mostVerified })

  return {
    issue: (userId, sessionId, expiresAt) => sign({ userId, sessionId, tokenId: v7(), issuedAt: clock.now(), expiresAt }),
    sign,
    async verify(token) {
      const { alg, key } = keyOf(token, keys)
      const { payload } = await jwtVerify(token, key, {
        algorithms: [alg],
        issuer: ownIssuer,
        audience: ownIssuer,
        requiredClaims: ['sub', 'jti', 'iat', 'nbf', 'exp'],
        currentDate: clock.now(),
      }).catch(error => Promise.reject(tokenError(error)))
      const { sub, sid = null, jti, exp, nbf } = payload
      const isSession = typeof sid === 'string' || sid === null
      if (typeof sub !== 'string' || !isSession || typeof jti !== 'string' || typeof exp !== 'number' || typeof nbf !== 'number')
        throw tokenError(null)
      const claims = { userId: sub, sessionId: sid, tokenId: jti, expiresAt: new Date(exp * 1000) }
      verified.set(digest(token), { claims, notBeforeMs: nbf * 1000 })
      return claims
    },
    recall(token) {
      const key = digest(token)
      const known = verified.get(key)
      const nowMs = clock.now().getTime()
      if (known && known.notBeforeMs <= nowMs && nowMs < known.claims.expiresAt.getTime()) return known.claims
      if (known) verified.delete(key)
      return null
    },
  }
}

const digest = (token: string): string => hash('sha256', token, 'base64')

/** The key that the token names: one of ours, which is used as what it is whatever else the header says. */
function keyOf(token: string, keys: TokenKeys): TokenKey {
  const header = (() => {
    try {
      return decodeProtectedHeader(token)
    } catch (error) {
      throw tokenError(error)
    }
  })()
  const key = keys.find(header.kid)
  if (!key) throw tokenError(null)
  return key
}

/** What a client may know of a token that was refused: whether it was good once. */
export const tokenError = (cause: unknown): AppError =>
  cause instanceof errors.JWTExpired
    ? new AppError('TOKEN_EXPIRED', 'The access token has ended; refresh the session.', { cause })
    : new AppError('UNAUTHENTICATED', 'The access token is not valid.', { cause })
