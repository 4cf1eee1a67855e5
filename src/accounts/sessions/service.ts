import type { Access } from '../../access/access.ts'
import type { Admin, Identity, Viewer } from '../../access/viewer.ts'
import type { Recorder } from '../../audit/audit.ts'
import type { Config } from '../../config.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import { type Caller, userAgentOf } from '../caller.ts'
import type { Device } from '../devices/service.ts'
import { deleteToken, deleteTokensOf } from '../issued/store.ts'
import type { SigningKeys } from '../signing-keys.ts'
import type { ToUser, User } from '../users/user.ts'
import type { AccessTokens } from './access-token.ts'
import { hashToken, type RefreshTokens } from './refresh-token.ts'
import type { AuthPayload, Session } from './session.ts'
import {
  countSessions,
  deleteAnySession,
  deleteSession,
  deleteSessionsOf,
  findExcessSessions,
  findSession,
  findSessions,
  findSigningKey,
  findStanding,
  insertSession,
  listSessions,
  type Rotation,
  replaceRefresh,
  replaceSigningKey,
  rotateSession,
  type SessionCount,
  type SessionRow,
} from './store.ts'

export interface SessionsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly audit: Recorder
  readonly config: Config
  readonly clock: Clock
  readonly accessTokens: AccessTokens
  readonly refreshTokens: RefreshTokens
  readonly signingKeys: SigningKeys
  readonly toUser: ToUser
}

/** A session as it was made, with what only its owner gets to see. */
export interface OpenedSession {
  readonly session: SessionRow
  readonly refreshToken: string
  readonly signingKey: string | null
}

/** Beyond this, the session used longest ago ends. */
const maxSessions = 100

export function createSessions({ database, feed, access, audit, config, clock, accessTokens, refreshTokens, signingKeys, toUser }: SessionsDeps) {
  const isOver = (session: SessionRow) => session.expiresAt <= clock.now()

  function rotation(sessionId: string): { refreshToken: string; next: Rotation } {
    const refreshToken = refreshTokens.make(sessionId)
    const lastUsedAt = clock.now()
    const expiresAt = new Date(lastUsedAt.getTime() + config.JWT_REFRESH_EXPIRES_IN * 1000)
    return { refreshToken, next: { refreshHash: hashToken(refreshToken), lastUsedAt, expiresAt } }
  }

  /** Tells every node that these sessions, whose rows were deleted, are over. */
  async function announceEnded(tx: Tx, sessionIds: readonly string[]): Promise<void> {
    for (const sessionId of sessionIds) await access.revoke(tx, { sessionId })
  }

  /**
   * What an administrator issued ends with the sessions: whoever changes a password, or signs out everywhere, wants nobody else to get in,
   * and a token that is still needed is issued anew in a moment. Gives the number of sessions.
   */
  async function endAll(tx: Tx, userId: string, exceptId: string | null): Promise<number> {
    const ended = await deleteSessionsOf(tx, userId, exceptId)
    await announceEnded(tx, ended)
    for (const tokenId of await deleteTokensOf(tx, userId)) await access.revoke(tx, { tokenId })
    return ended.length
  }

  async function open(tx: Tx, userId: string, caller: Caller, device: Device | null): Promise<OpenedSession> {
    const id = newId('sess')
    const { refreshToken, next } = rotation(id)
    const { refreshHash, lastUsedAt, expiresAt } = next
    const row = {
      id,
      userId,
      deviceId: device?.id ?? null,
      userAgent: userAgentOf(caller),
      createdAt: lastUsedAt,
      lastUsedAt,
      expiresAt,
    }
    const { key: signingKey, sealed } = signingKeys.make(id)
    await insertSession(tx, { ...row, refreshHash, signingKey: sealed })
    for (const excess of await findExcessSessions(tx, userId, maxSessions)) {
      await announceEnded(tx, await deleteSession(tx, excess, userId))
      await audit.record(tx, { userId, ip: caller.ip }, 'session-revoked', { target: excess, details: { reason: 'too many sessions' } })
    }
    return { session: { ...row, device }, refreshToken, signingKey }
  }

  /** The key of a session, which gets one if it has none that opens. */
  async function keepKey(tx: Tx, sessionId: string): Promise<{ readonly key: string; readonly isNew: boolean }> {
    const kept = signingKeys.keep(sessionId, await findSigningKey(tx, sessionId))
    await replaceSigningKey(tx, sessionId, kept.sealed)
    return kept
  }

  /** New tokens for a session its owner has proved to be theirs. Null: it is over. */
  async function renew(tx: Tx, sessionId: string, userId: string): Promise<OpenedSession | null> {
    const { refreshToken, next } = rotation(sessionId)
    if (!(await replaceRefresh(tx, sessionId, userId, next))) return null
    const session = await findSession(tx, sessionId)
    return session && { session, refreshToken, signingKey: (await keepKey(tx, sessionId)).key }
  }

  async function payload(user: User, { session, refreshToken, signingKey }: OpenedSession): Promise<AuthPayload> {
    const end = Math.min(clock.now().getTime() + config.JWT_EXPIRES_IN * 1000, session.expiresAt.getTime())
    const expiresAt = new Date(Math.floor(end / 1000) * 1000)
    const accessToken = await accessTokens.issue(user.id, session.id, expiresAt)
    return { user: { ...user, emailKnown: true }, session: { ...session, current: true }, accessToken, refreshToken, signingKey, expiresAt }
  }

  /**
   * Of two that present the good token at once, one gets new ones; for the other it is a used token, and that ends the session.
   * The same holds for a client that never got the answer: who else might have got it can't be known, so it signs in again.
   * The signing key is not told again: whoever stole the token does not get it too.
   */
  async function refresh({ refreshToken: used }: { readonly refreshToken: string }, { ip }: Caller): Promise<AuthPayload> {
    const sessionId = refreshTokens.sessionOf(used)
    if (sessionId === null) {
      audit.refuse({ userId: null, ip }, 'sign-in-refused', { details: { proof: 'refresh token', reason: 'UNAUTHENTICATED' } })
      throw new AppError('UNAUTHENTICATED', 'This is no refresh token of this server.', { field: 'input.refreshToken' })
    }
    const { refreshToken, next } = rotation(sessionId)
    const outcome = await feed.transact(async tx => {
      const rotated = await rotateSession(tx, sessionId, hashToken(used), next)
      const session = await findSession(tx, sessionId)
      if (!session) return 'TOKEN_REVOKED'
      if (!rotated && isOver(session)) return 'TOKEN_EXPIRED'
      const standing = rotated ? await findStanding(tx, sessionId) : null
      if (standing) {
        const { key, isNew } = await keepKey(tx, sessionId)
        return { user: toUser(standing.user), opened: { session, refreshToken, signingKey: isNew ? key : null } }
      }
      await announceEnded(tx, await deleteSession(tx, sessionId, session.userId))
      const details = { userId: session.userId, reason: 'a used refresh token' }
      await audit.record(tx, { userId: null, ip }, 'session-revoked', { target: sessionId, details })
      return 'TOKEN_REVOKED'
    })
    if (outcome === 'TOKEN_REVOKED') throw new AppError(outcome, 'This refresh token is no longer good, and its session is over; sign in again.')
    if (outcome === 'TOKEN_EXPIRED') throw new AppError(outcome, 'The session has ended; sign in again.')
    return payload(outcome.user, outcome.opened)
  }

  return {
    announceEnded,
    open,
    renew,
    payload,
    refresh,
    list: ({ userId }: Viewer): Promise<Session[]> => listSessions(database.db, userId, clock.now()),
    listOf: (_: Admin, userId: string): Promise<Session[]> => listSessions(database.db, userId, clock.now()),
    /** How many open sessions each of these users has, and when the last of them was used; those without any are left out. */
    count: (userIds: readonly string[]): Promise<Map<string, SessionCount>> => countSessions(database.db, userIds, clock.now()),
    /** Those that are the viewer's own; for administrators, anybody's. */
    async find({ viewer, admin }: Identity, ids: readonly string[]): Promise<Map<string, Session>> {
      const found = await findSessions(database.db, ids)
      return new Map(found.flatMap(session => (!isOver(session) && (admin || session.userId === viewer?.userId) ? [[session.id, session]] : [])))
    },
    endAll,
    /** Tokens of other issuers have no session here that could end; of these, what is open is closed. */
    async logout(viewer: Viewer, input: { readonly everywhere?: boolean | null | undefined } | null | undefined): Promise<{ endedSessions: number }> {
      const { userId, sessionId, tokenId } = viewer
      return feed.transact(async tx => {
        if (input?.everywhere) {
          const endedSessions = await endAll(tx, userId, null)
          if (sessionId === null) await access.revoke(tx, { userId })
          await audit.record(tx, viewer, 'sign-out', { target: userId, details: { endedSessions } })
          return { endedSessions }
        }
        if (sessionId === null) {
          await deleteToken(tx, tokenId, userId)
          await access.revoke(tx, { tokenId })
          await audit.record(tx, viewer, 'sign-out', { target: tokenId })
          return { endedSessions: 0 }
        }
        const ended = await deleteSession(tx, sessionId, userId)
        await announceEnded(tx, ended)
        if (ended.length > 0) await audit.record(tx, viewer, 'sign-out', { target: sessionId })
        return { endedSessions: ended.length }
      })
    },
    /** Those that are the viewer's own; for administrators, anybody's. */
    async revoke({ viewer, admin }: Identity, { id }: { readonly id: string }): Promise<{ revokedId: string }> {
      return feed.transact(async tx => {
        const own = viewer ? await deleteSession(tx, id, viewer.userId) : []
        const userId = own.length === 0 && admin ? await deleteAnySession(tx, id) : null
        if (own.length === 0 && userId === null) throw notFound('session')
        await announceEnded(tx, [id])
        if (admin && userId !== null) await audit.record(tx, admin, 'token-revoked', { target: id, details: { userId } })
        else if (viewer) await audit.record(tx, viewer, 'session-revoked', { target: id })
        return { revokedId: id }
      })
    },
  }
}

export type Sessions = ReturnType<typeof createSessions>
