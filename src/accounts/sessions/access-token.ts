import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose'
import { v7 } from 'uuid'
import { AppError } from '../../errors.ts'
import type { Clock } from '../../platform/clock.ts'
import type { TokenKey, TokenKeys } from './token-keys.ts'

/** Names this server as issuer and audience of its own tokens. */
export const ownIssuer = 'tidemark'

export interface AccessClaims {
  readonly userId: string
  readonly sessionId: string
  readonly tokenId: string
  readonly expiresAt: Date
}

export interface AccessTokens {
  issue(userId: string, sessionId: string, expiresAt: Date): Promise<string>
  /** @throws TOKEN_EXPIRED, UNAUTHENTICATED */
  verify(token: string): Promise<AccessClaims>
}

/** Clocks of nodes differ; a token of one is good on the others at once. */
const clockSkewSeconds = 5

export function createAccessTokens({ keys, clock }: { readonly keys: TokenKeys; readonly clock: Clock }): AccessTokens {
  return {
    issue(userId, sessionId, expiresAt) {
      const { alg, kid, key } = keys.newest
      const issuedAt = Math.floor(clock.now().getTime() / 1000)
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg, kid, typ: 'JWT' })
        .setIssuer(ownIssuer)
        .setAudience(ownIssuer)
        .setSubject(userId)
        .setJti(v7())
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt - clockSkewSeconds)
        .setExpirationTime(Math.floor(expiresAt.getTime() / 1000))
        .sign(key)
    },
    async verify(token) {
      const { alg, key } = keyOf(token, keys)
      const { payload } = await jwtVerify(token, key, {
        algorithms: [alg],
        issuer: ownIssuer,
        audience: ownIssuer,
        requiredClaims: ['sub', 'sid', 'jti', 'iat', 'nbf', 'exp'],
        currentDate: clock.now(),
      }).catch(error => Promise.reject(tokenError(error)))
      const { sub, sid, jti, exp } = payload
      if (typeof sub !== 'string' || typeof sid !== 'string' || typeof jti !== 'string' || typeof exp !== 'number') throw tokenError(null)
      return { userId: sub, sessionId: sid, tokenId: jti, expiresAt: new Date(exp * 1000) }
    },
  }
}

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
