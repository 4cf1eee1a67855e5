import { createSecretKey } from 'node:crypto'
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { v7 } from 'uuid'
import { adminOf, type Identity, nobody, type Viewer } from '../../access/viewer.ts'
import type { AccessClaims } from '../../accounts/sessions/access-token.ts'
import type { Config } from '../../config.ts'
import { AppError } from '../../errors.ts'
import type { AddressList } from '../../platform/addresses.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Keys } from '../../platform/secrets.ts'
import { createSigner } from '../../platform/signer.ts'

/**
 * What the cookie of the dashboard holds: a token that is good for nothing else. It stands on the session it was made with,
 * or on the user name and password of the configuration, and ends with what it stands on.
 */
export interface DashboardCookies {
  /** Null for who is no administrator, or proved it with something that a cookie can't stand on. */
  issue(identity: Identity): Promise<{ readonly value: string; readonly expiresAt: Date } | null>
  /** Whom a cookie speaks for; nobody when it does not hold, since a browser sends it with whatever it asks. */
  identify(value: string, ip: string): Promise<Identity>
}

export interface DashboardCookiesDeps {
  readonly config: Pick<Config, 'ADMIN_USERNAME' | 'ADMIN_PASSWORD'>
  readonly keys: Keys
  readonly clock: Clock
  /** Whom a session speaks for. @throws TOKEN_REVOKED or TOKEN_EXPIRED for one that is over */
  readonly viewerOf: (claims: AccessClaims, ip: string) => Promise<Viewer>
  readonly mayAdminister: AddressList
}

export const cookieName = 'tidemark_admin'
export const cookieLifeSeconds = 12 * 3_600

const issuer = 'tidemark'
const audience = 'tidemark/dashboard'
const algorithm = 'HS256'
/** Clocks of nodes differ; the cookie of one is good on the others at once. */
const clockSkewSeconds = 5
const maxLength = 2_048

export function createDashboardCookies({ config, keys, clock, viewerOf, mayAdminister }: DashboardCookiesDeps): DashboardCookies {
  const secrets = keys.map(key => createSecretKey(key))
  const signer = createSigner(keys)
  const { ADMIN_USERNAME: username, ADMIN_PASSWORD: password } = config
  /** With a key: nobody who reads a cookie can try passwords on it. */
  const credentials = username !== undefined && password !== undefined ? `${username}\0${password}` : null

  function claimsOf({ viewer, admin }: Identity): JWTPayload | null {
    if (admin?.by === 'password' && credentials !== null) return { by: 'password', fingerprint: signer.sign(credentials).toString('base64url') }
    if (admin?.by === 'session' && viewer?.sessionId) return { by: 'session', sub: viewer.userId, sid: viewer.sessionId }
    return null
  }

  async function verified(value: string): Promise<JWTPayload | null> {
    const checks = { algorithms: [algorithm], issuer, audience, requiredClaims: ['by', 'jti', 'iat', 'nbf', 'exp'], currentDate: clock.now() }
    for (const secret of secrets) {
      const payload = await jwtVerify(value, secret, checks).then(
        result => result.payload,
        error => (error instanceof errors.JOSEError ? null : Promise.reject(error)),
      )
      if (payload) return payload
    }
    return null
  }

  async function ofSession({ sub, sid, jti, exp }: JWTPayload, ip: string): Promise<Identity> {
    if (typeof sub !== 'string' || typeof sid !== 'string') return nobody
    try {
      const viewer = await viewerOf({ userId: sub, sessionId: sid, tokenId: String(jti), expiresAt: new Date(Number(exp) * 1_000) }, ip)
      const admin = adminOf(viewer)
      return admin ? { viewer, admin } : nobody
    } catch (error) {
      if (error instanceof AppError) return nobody
      throw error
    }
  }

  return {
    async issue(identity) {
      const claims = claimsOf(identity)
      const [newest] = secrets
      if (!claims || !newest) return null
      const issuedAt = Math.floor(clock.now().getTime() / 1_000)
      const endsAt = issuedAt + cookieLifeSeconds
      const value = await new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setJti(v7())
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt - clockSkewSeconds)
        .setExpirationTime(endsAt)
        .sign(newest)
      return { value, expiresAt: new Date(endsAt * 1_000) }
    },
    async identify(value, ip) {
      const claims = value.length <= maxLength && mayAdminister(ip) ? await verified(value) : null
      if (!claims) return nobody
      if (claims['by'] === 'session') return ofSession(claims, ip)
      const fingerprint = Buffer.from(String(claims['fingerprint']), 'base64url')
      if (claims['by'] !== 'password' || credentials === null || !signer.isSigned(credentials, fingerprint)) return nobody
      return { viewer: null, admin: { userId: null, by: 'password', ip, expiresAt: new Date(Number(claims.exp) * 1_000) } }
    },
  }
}
