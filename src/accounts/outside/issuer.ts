import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { AppError } from '../../errors.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import { tokenError } from '../sessions/access-token.ts'
import { hashToken } from '../sessions/refresh-token.ts'
import { fetchJson } from './fetch-json.ts'
import { nameOf, type OutsideIdentity, subjectOf, textOr, verifiedEmailOf } from './identity.ts'

/** An OpenID Connect issuer whose tokens are accepted. */
export interface Issuer {
  readonly name: string
  /** @throws UNAUTHENTICATED, TOKEN_EXPIRED */
  identify(token: string): Promise<OutsideIdentity>
}

export interface IssuerDeps {
  readonly issuer: string
  readonly audience: string
  /** Without it, discovery tells. */
  readonly jwksUrl: string | undefined
  readonly clock: Clock
  readonly logger: Logger
}

/** Public-key signatures only: with a shared secret, whoever can check a token could make one. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
const timeoutMs = 5_000
/** An unknown key id sends us to the issuer at most this often. */
const cooldownMs = 10_000
const keysKeptMs = 10 * 60_000

export function createIssuer({ issuer, audience, jwksUrl, clock, logger }: IssuerDeps): Issuer {
  let keys: Promise<JWTVerifyGetKey> | null = null

  async function findKeys(): Promise<JWTVerifyGetKey> {
    const url = new URL(jwksUrl ?? (await discover(issuer)))
    return createRemoteJWKSet(url, {
      cooldownDuration: cooldownMs,
      cacheMaxAge: keysKeptMs,
      [customFetch]: async asked => {
        const { status, body } = await fetchJson(asked, { timeoutMs })
        return Response.json(body, { status })
      },
    })
  }

  /** A failure is kept for a moment too: an issuer that is down is not asked by every request. */
  function keysOnce(): Promise<JWTVerifyGetKey> {
    if (keys) return keys
    const found = findKeys()
    keys = found
    found.catch(error => {
      logger.warn({ err: error, issuer }, 'could not find the keys of AUTH_ISSUER')
      setTimeout(() => {
        keys = null
      }, 1_000).unref()
    })
    return found
  }

  return {
    name: issuer,
    async identify(token) {
      const getKey = await keysOnce().catch(cause => Promise.reject(unreachable(cause)))
      const { payload } = await jwtVerify(token, getKey, {
        algorithms,
        issuer,
        audience,
        requiredClaims: ['sub', 'exp'],
        currentDate: clock.now(),
      }).catch(error => {
        if (error instanceof errors.JWTExpired || !isTransportFault(error)) throw tokenError(error)
        logger.warn({ err: error, issuer }, 'could not read the keys of AUTH_ISSUER')
        throw unreachable(error)
      })
      const subject = subjectOf(payload.sub)
      if (subject === null || payload.exp === undefined) throw tokenError(null)
      return {
        issuer,
        subject,
        email: verifiedEmailOf(payload),
        displayName: nameOf(payload),
        tokenId: textOr(payload.jti, hashToken(token)),
        expiresAt: new Date(payload.exp * 1000),
      }
    },
  }
}

async function discover(issuer: string): Promise<string> {
  const document = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { timeoutMs })
  if (document.status !== 200) throw new Error(`Discovery answered with status ${document.status}.`)
  const { issuer: named, jwks_uri: url } = document.body
  if (named !== issuer) throw new Error(`Discovery speaks for another issuer: ${String(named)}.`)
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) throw new Error('Discovery names no jwks_uri.')
  return url
}

/** Whether it was the way to the issuer that failed, and not the token. */
function isTransportFault(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true
  return !(error instanceof errors.JOSEError) || error.code === 'ERR_JOSE_GENERIC'
}

const unreachable = (cause: unknown) =>
  new AppError('UNAUTHENTICATED', 'The issuer of this token can’t be asked for its keys at the moment.', { cause })
