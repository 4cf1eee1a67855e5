import { decodeJwt } from 'jose'
import type { Access } from '../../access/access.ts'
import type { ViewerOfLink } from '../../access/link-holder.ts'
import type { Revocation } from '../../access/revocation.ts'
import { includesScope } from '../../access/scope.ts'
import type { Role, Viewer } from '../../access/viewer.ts'
import type { Recorder } from '../../audit/audit.ts'
import type { Config } from '../../config.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import type { AddressList } from '../../platform/addresses.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import type { Logger } from '../../platform/logger.ts'
import { readTogether } from '../../platform/read-together.ts'
import type { SigningKey } from '../../signatures/signatures.ts'
import type { Caller } from '../caller.ts'
import { findToken } from '../issued/store.ts'
import type { OutsideIdentity } from '../outside/identity.ts'
import { createIssuer } from '../outside/issuer.ts'
import { createOutsideUsers } from '../outside/outside-users.ts'
import { createProfileEndpoint } from '../outside/profile.ts'
import type { SigningKeys } from '../signing-keys.ts'
import { findUser } from '../users/store.ts'
import type { ToUser, User } from '../users/user.ts'
import { type AccessClaims, type AccessTokens, ownIssuer, tokenError } from './access-token.ts'
import { createRemembered } from './remembered.ts'
import { findStandings } from './store.ts'

export interface Authentication extends Disposable {
  /** Whom a token that came from `ip` speaks for. @throws TOKEN_EXPIRED, TOKEN_REVOKED, UNAUTHENTICATED */
  authenticate(token: string, ip: string): Promise<Viewer>
  /** The same without asking anybody; null: it has to be asked. */
  recall(token: string, ip: string): Viewer | null
  /** Whom a session speaks for, which was proved by other means than a token of it. @throws TOKEN_EXPIRED, TOKEN_REVOKED */
  viewerOf(claims: AccessClaims, ip: string): Promise<Viewer>
  readonly viewerOfLink: ViewerOfLink
  /** What a viewer's operations over HTTP are signed with; null for tokens of other issuers, which have nothing. */
  signingKeyOf(viewer: Viewer): Promise<SigningKey | null>
  verifyToken(input: { readonly token: string }, caller: Caller): Promise<TokenVerdict>
  /** The account of a viewer as it is now; null when it is gone. */
  userOf(viewer: Viewer): Promise<User | null> | User
  /** Lets every node forget what it remembers of a user who changes. */
  announceChange(tx: Tx, userId: string): Promise<void>
  /** Forgets it here, at once. */
  forget(): void
}

export interface TokenVerdict {
  readonly valid: boolean
  readonly user: User | null
  readonly expiresAt: Date | null
  readonly reason: ErrorCode | null
}

export interface AuthenticationDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly audit: Recorder
  readonly config: Config
  readonly logger: Logger
  readonly clock: Clock
  readonly accessTokens: AccessTokens
  readonly signingKeys: SigningKeys
  readonly toUser: ToUser
  /** Whether an address is one that administrators may come from. */
  readonly mayAdminister: AddressList
}

/** What an access token stands on: its session, or what an administrator issued, with the user as they are now. */
interface Standing {
  readonly user: User
  readonly expiresAt: Date
  readonly scopes: Viewer['scopes']
  /** Sealed. */
  readonly signingKey: string | null
}

const remembered = { max: 10_000, ttlMs: 3_000 }
const maxTokenLength = 8_192

export function createAuthentication(deps: AuthenticationDeps): Authentication {
  const { database, access, audit, config, logger, clock, accessTokens, signingKeys, toUser, mayAdminister } = deps
  const standings = createRemembered<Standing>(remembered)
  const standingTogether = readTogether((sessionIds: readonly string[]) => findStandings(database.db, sessionIds))
  const outsiders = createRemembered<User>(remembered)
  const outsideUser = createOutsideUsers(deps)
  const { AUTH_ISSUER: issuerName, AUTH_AUDIENCE: audience, AUTH_JWKS_URL: jwksUrl, AUTH_PROFILE_URL: profileUrl } = config
  const issuer = issuerName !== undefined && audience !== undefined ? createIssuer({ issuer: issuerName, audience, jwksUrl, clock, logger }) : null
  const profile = profileUrl === undefined ? null : createProfileEndpoint({ url: profileUrl, lifeSeconds: config.JWT_EXPIRES_IN, clock, logger })

  function forget(): void {
    standings.dropAll()
    outsiders.dropAll()
  }

  const drop = (what: Revocation) => {
    if ('sessionId' in what) standings.drop(what.sessionId)
    else if ('tokenId' in what) standings.drop(what.tokenId)
    else if ('changedUserId' in what || what.resourceId === undefined) forget()
  }
  const stopListening = [access.onRevoked(drop), access.onRevokedHere(drop)]

  const roleFrom = (ip: string, { role }: User, scopes: Viewer['scopes'] = null): Role =>
    role === 'ADMIN' && mayAdminister(ip) && includesScope(scopes, 'admin') ? 'ADMIN' : 'USER'

  const outsider = (user: User, tokenId: string, expiresAt: Date, ip: string): Viewer => ({
    userId: user.id,
    role: roleFrom(ip, user),
    scopes: null,
    sessionId: null,
    tokenId,
    isOutside: true,
    expiresAt,
    ip,
  })

  const standingOf = (sessionId: string): Promise<Standing | null> =>
    standings.get(sessionId, async () => {
      const found = await standingTogether(sessionId)
      return found && { ...found, user: toUser(found.user), scopes: null }
    })

  const standingOfIssued = (tokenId: string): Promise<Standing | null> =>
    standings.get(tokenId, async () => {
      const found = await findToken(database.db, tokenId)
      return found && { ...found.token, user: toUser(found.user) }
    })

  const standingFor = ({ sessionId, tokenId }: Pick<AccessClaims, 'sessionId' | 'tokenId'>) =>
    sessionId === null ? standingOfIssued(tokenId) : standingOf(sessionId)

  const viewerOn = ({ user, scopes, expiresAt: end }: Standing, { userId, sessionId, tokenId, expiresAt }: AccessClaims, ip: string): Viewer => ({
    userId,
    role: roleFrom(ip, user, scopes),
    scopes,
    sessionId,
    tokenId,
    expiresAt: end < expiresAt ? end : expiresAt,
    ip,
  })

  /** That it was good a moment ago is not enough: what it stands on was not taken away since, and has not ended. */
  function recall(token: string, ip: string): Viewer | null {
    const claims = token.length > maxTokenLength ? null : accessTokens.recall(token)
    const standing = claims && standings.peek(claims.sessionId ?? claims.tokenId)
    return standing?.user.id === claims?.userId && standing && standing.expiresAt > clock.now() ? viewerOn(standing, claims, ip) : null
  }

  async function viewerOf(claims: AccessClaims, ip: string): Promise<Viewer> {
    const { userId, sessionId, tokenId } = claims
    const standing = await standingFor(claims)
    if (standing?.user.id !== userId) {
      const details = { proof: 'token', reason: 'TOKEN_REVOKED', userId }
      audit.refuse({ userId: null, ip }, 'sign-in-refused', { target: sessionId ?? tokenId, details })
      throw new AppError('TOKEN_REVOKED', 'This token, or its session, was ended; sign in again.')
    }
    if (standing.expiresAt <= clock.now()) throw new AppError('TOKEN_EXPIRED', 'The session of this token has ended; sign in again.')
    return viewerOn(standing, claims, ip)
  }

  async function userAsRead(viewer: Viewer): Promise<User | null> {
    if (viewer.isOutside) {
      const row = await findUser(database.db, viewer.userId)
      return row && toUser(row)
    }
    const standing = await standingFor(viewer)
    return standing?.user.id === viewer.userId ? standing.user : null
  }

  /** Of a token of another issuer nothing is known but its end, which such links do not outlive. */
  const viewerOfLink: ViewerOfLink = async ({ user: userId, by, proof }, expiresAt, ip) => {
    if (by === 'outside') {
      const row = await findUser(database.db, userId)
      return row && outsider(toUser(row), proof, expiresAt, ip)
    }
    const standsOn = by === 'session' ? { sessionId: proof, tokenId: '' } : { sessionId: null, tokenId: proof }
    return viewerOf({ userId, ...standsOn, expiresAt }, ip).catch(error => (error instanceof AppError ? null : Promise.reject(error)))
  }

  async function outsideViewer(identity: OutsideIdentity, ip: string): Promise<Viewer> {
    const user = await outsiders.get(`${identity.issuer} ${identity.subject}`, async () => toUser(await outsideUser(identity, ip)))
    if (!user) throw tokenError(null)
    return outsider(user, identity.tokenId, identity.expiresAt, ip)
  }

  /** A token that has ended is everyday; one that never was good is none. */
  async function authenticate(token: string, ip: string): Promise<Viewer> {
    try {
      return await viewerOfToken(token, ip)
    } catch (error) {
      if (error instanceof AppError && error.code === 'UNAUTHENTICATED')
        audit.refuse({ userId: null, ip }, 'sign-in-refused', { details: { proof: 'token', reason: error.code } })
      throw error
    }
  }

  async function viewerOfToken(token: string, ip: string): Promise<Viewer> {
    if (token.length > maxTokenLength) throw tokenError(null)
    const known = accessTokens.recall(token)
    if (known) return viewerOf(known, ip)
    const claimed = claimedIssuer(token)
    if (claimed === ownIssuer) return viewerOf(await accessTokens.verify(token), ip)
    if (issuer && claimed === issuer.name) return outsideViewer(await issuer.identify(token), ip)
    // A token can't carry what is no part of a header: it would not be passed on as it is.
    if (profile && /^[\x21-\x7e]+$/.test(token)) return outsideViewer(await profile.identify(token), ip)
    throw tokenError(null)
  }

  return {
    authenticate,
    recall,
    viewerOf,
    viewerOfLink,
    userOf(viewer) {
      const known = viewer.isOutside ? undefined : standings.peek(viewer.sessionId ?? viewer.tokenId)
      return known?.user.id === viewer.userId ? known.user : userAsRead(viewer)
    },
    announceChange: (tx, userId) => access.revoke(tx, { changedUserId: userId }),
    forget,
    async signingKeyOf({ userId, sessionId, tokenId }) {
      const id = sessionId ?? tokenId
      async function open(): Promise<Uint8Array | null> {
        const standing = await standingFor({ sessionId, tokenId })
        return standing?.user.id === userId ? signingKeys.open(id, standing.signingKey) : null
      }
      const known = await open()
      // What is remembered may be from before the session had one.
      if (!known) standings.drop(id)
      const bytes = known ?? (await open())
      return bytes && { id, bytes }
    },
    async verifyToken({ token }, { ip }) {
      try {
        const { userId, expiresAt } = await authenticate(token, ip)
        const row = await findUser(database.db, userId)
        if (!row) return refused('TOKEN_REVOKED')
        return { valid: true, user: { ...toUser(row), emailKnown: true }, expiresAt, reason: null }
      } catch (error) {
        if (error instanceof AppError) return refused(error.code)
        throw error
      }
    },
    [Symbol.dispose]() {
      for (const stop of stopListening) stop()
    },
  }
}

const refused = (reason: ErrorCode): TokenVerdict => ({ valid: false, user: null, expiresAt: null, reason })

/** Says which key to check the token with; nothing in it is believed before that. */
function claimedIssuer(token: string): string | null {
  try {
    return decodeJwt(token).iss ?? null
  } catch {
    return null
  }
}
