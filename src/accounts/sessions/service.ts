import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import type { Config } from '../../config.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import { type Caller, userAgentOf } from '../caller.ts'
import type { Device } from '../devices/service.ts'
import type { ToUser, User } from '../users/user.ts'
import type { AccessTokens } from './access-token.ts'
import { hashToken, type RefreshTokens } from './refresh-token.ts'
import type { AuthPayload, Session } from './session.ts'
import {
  deleteSession,
  deleteSessionsOf,
  findExcessSessions,
  findSession,
  findStanding,
  insertSession,
  listSessions,
  type Rotation,
  replaceRefresh,
  rotateSession,
  type SessionRow,
} from './store.ts'

export interface SessionsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly config: Config
  readonly clock: Clock
  readonly accessTokens: AccessTokens
  readonly refreshTokens: RefreshTokens
  readonly toUser: ToUser
}

/** A session as it was made, with the token that only its owner gets to see. */
export interface OpenedSession {
  readonly session: SessionRow
  readonly refreshToken: string
}

/** Beyond this, the session used longest ago ends. */
const maxSessions = 100

export function createSessions({ database, feed, access, config, clock, accessTokens, refreshTokens, toUser }: SessionsDeps) {
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
      signingKey: null,
    }
    await insertSession(tx, { ...row, refreshHash })
    for (const excess of await findExcessSessions(tx, userId, maxSessions)) await announceEnded(tx, await deleteSession(tx, excess, userId))
    return { session: { ...row, device }, refreshToken }
  }

  /** New tokens for a session its owner has proved to be theirs. Null: it is over. */
  async function renew(tx: Tx, sessionId: string, userId: string): Promise<OpenedSession | null> {
    const { refreshToken, next } = rotation(sessionId)
    if (!(await replaceRefresh(tx, sessionId, userId, next))) return null
    const session = await findSession(tx, sessionId)
    return session && { session, refreshToken }
  }

  async function payload(user: User, { session, refreshToken }: OpenedSession): Promise<AuthPayload> {
    const end = Math.min(clock.now().getTime() + config.JWT_EXPIRES_IN * 1000, session.expiresAt.getTime())
    const expiresAt = new Date(Math.floor(end / 1000) * 1000)
    const accessToken = await accessTokens.issue(user.id, session.id, expiresAt)
    return { user: { ...user, emailKnown: true }, session: { ...session, current: true }, accessToken, refreshToken, expiresAt }
  }

  /**
   * Of two that present the good token at once, one gets new ones; for the other it is a used token, and that ends the session.
   * The same holds for a client that never got the answer: who else might have got it can't be known, so it signs in again.
   */
  async function refresh({ refreshToken: used }: { readonly refreshToken: string }): Promise<AuthPayload> {
    const sessionId = refreshTokens.sessionOf(used)
    if (sessionId === null) throw new AppError('UNAUTHENTICATED', 'This is no refresh token of this server.', { field: 'input.refreshToken' })
    const { refreshToken, next } = rotation(sessionId)
    const outcome = await feed.transact(async tx => {
      const rotated = await rotateSession(tx, sessionId, hashToken(used), next)
      const session = await findSession(tx, sessionId)
      if (!session) return 'TOKEN_REVOKED'
      if (!rotated && isOver(session)) return 'TOKEN_EXPIRED'
      const standing = rotated ? await findStanding(tx, sessionId) : null
      if (standing) return { user: toUser(standing.user), session }
      await announceEnded(tx, await deleteSession(tx, sessionId, session.userId))
      return 'TOKEN_REVOKED'
    })
    if (outcome === 'TOKEN_REVOKED') throw new AppError(outcome, 'This refresh token is no longer good, and its session is over; sign in again.')
    if (outcome === 'TOKEN_EXPIRED') throw new AppError(outcome, 'The session has ended; sign in again.')
    return payload(outcome.user, { session: outcome.session, refreshToken })
  }

  return {
    announceEnded,
    open,
    renew,
    payload,
    refresh,
    list: ({ userId }: Viewer): Promise<Session[]> => listSessions(database.db, userId, clock.now()),
    async find({ userId }: Viewer, id: string): Promise<Session | null> {
      const session = await findSession(database.db, id)
      return session?.userId === userId && !isOver(session) ? session : null
    },
    async endAll(tx: Tx, userId: string, exceptId: string | null): Promise<number> {
      const ended = await deleteSessionsOf(tx, userId, exceptId)
      await announceEnded(tx, ended)
      return ended.length
    },
    /** Tokens of other issuers have no session here that could end; of these, what is open is closed. */
    async logout(viewer: Viewer, input: { readonly everywhere?: boolean | null | undefined } | null | undefined): Promise<{ endedSessions: number }> {
      const { userId, sessionId } = viewer
      return feed.transact(async tx => {
        const ended = input?.everywhere
          ? await deleteSessionsOf(tx, userId, null)
          : sessionId === null
            ? []
            : await deleteSession(tx, sessionId, userId)
        await announceEnded(tx, ended)
        if (sessionId === null) await access.revoke(tx, input?.everywhere ? { userId } : { tokenId: viewer.tokenId })
        return { endedSessions: ended.length }
      })
    },
    async revoke({ userId }: Viewer, { id }: { readonly id: string }): Promise<{ revokedId: string }> {
      return feed.transact(async tx => {
        const ended = await deleteSession(tx, id, userId)
        if (ended.length === 0) throw notFound('session')
        await announceEnded(tx, ended)
        return { revokedId: id }
      })
    },
  }
}

export type Sessions = ReturnType<typeof createSessions>
