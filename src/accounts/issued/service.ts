import { v7 } from 'uuid'
import type { Access } from '../../access/access.ts'
import type { Admin } from '../../access/viewer.ts'
import type { Recorder } from '../../audit/audit.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { once, type Repeatable } from '../../feed/idempotency.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import type { AccessTokens } from '../sessions/access-token.ts'
import type { SigningKeys } from '../signing-keys.ts'
import { lockUser } from '../users/store.ts'
import type { ToUser, User } from '../users/user.ts'
import { checkRecipient, findOrMake, type RecipientInput } from './recipient.ts'
import { countTokens, deleteToken, findToken, type IssuedTokenRow, insertToken, listTokens } from './store.ts'
import { checkScopes, checkTtl, type Grant } from './token-input.ts'

export interface IssuedToken {
  readonly token: string
  readonly jti: string
  readonly user: User
  readonly scopes: readonly string[] | null
  readonly expiresAt: Date
  /** In base64url; null: it was sealed with a secret that is gone. */
  readonly signingKey: string | null
}

export interface IssuedTokensDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly audit: Pick<Recorder, 'record'>
  readonly clock: Clock
  readonly accessTokens: AccessTokens
  readonly signingKeys: SigningKeys
  readonly toUser: ToUser
  /** Ends all sessions and issued tokens of a user. */
  readonly endAll: (tx: Tx, userId: string) => Promise<unknown>
}

/** Good tokens of one user at a time. */
export const maxTokens = 100

/** Tokens that administrators give out: to programs, and to the users of an application that signs them in itself. */
export function createIssuedTokens({ database, feed, access, audit, clock, accessTokens, signingKeys, toUser, endAll }: IssuedTokensDeps) {
  async function add(tx: Tx, userId: string, { ttlSeconds, scopes }: { ttlSeconds: number; scopes: string[] | null }): Promise<IssuedTokenRow> {
    const now = clock.now()
    if ((await countTokens(tx, userId, now)) >= maxTokens)
      throw new AppError('QUOTA_EXCEEDED', `A user has at most ${maxTokens} good tokens; revoke one first.`)
    // A token tells seconds. What is kept is what it says, so that it can be made again as it was.
    const createdAt = new Date(Math.floor(now.getTime() / 1000) * 1000)
    const row = { jti: v7(), userId, scopes, createdAt, expiresAt: new Date(createdAt.getTime() + ttlSeconds * 1000) }
    await insertToken(tx, { ...row, signingKey: signingKeys.make(row.jti).sealed })
    return row
  }

  /** Nobody keeps a token: whoever repeats a call gets it made again, as long as it is good. */
  async function answer({ jti }: { readonly jti: string }): Promise<IssuedToken> {
    const found = await findToken(database.db, jti)
    if (!found || found.token.expiresAt <= clock.now())
      throw new AppError('TOKEN_REVOKED', 'The token that the first call with this key gave is no longer good; use another key.')
    const { userId, scopes, createdAt, expiresAt } = found.token
    const signingKey = signingKeys.open(jti, found.token.signingKey)
    const token = await accessTokens.sign({ userId, sessionId: null, tokenId: jti, issuedAt: createdAt, expiresAt })
    const user: User = { ...toUser(found.user), emailKnown: true }
    return { token, jti, user, scopes, expiresAt, signingKey: signingKey && Buffer.from(signingKey).toString('base64url') }
  }

  return {
    async issue(admin: Admin, input: RecipientInput & Grant & Repeatable): Promise<IssuedToken> {
      const recipient = checkRecipient(input)
      const grant = { ttlSeconds: checkTtl(input), scopes: checkScopes(input) }
      const issued = await feed.transact(tx =>
        once(
          tx,
          callOf(admin, 'issueToken', input),
          async () => {
            const user = await findOrMake(tx, recipient, clock)
            const { jti, expiresAt } = await add(tx, user.id, grant)
            await audit.record(tx, admin, 'token-issued', { target: jti, details: { userId: user.id, scopes: grant.scopes, expiresAt } })
            return { jti }
          },
          clock.now(),
        ),
      )
      return answer(issued)
    },

    async rotate(admin: Admin, input: { readonly userId: string } & Grant & Repeatable): Promise<IssuedToken> {
      const grant = { ttlSeconds: checkTtl(input), scopes: checkScopes(input) }
      const { userId } = input
      const rotated = await feed.transact(tx =>
        once(
          tx,
          callOf(admin, 'rotateTokens', input),
          async () => {
            if (!(await lockUser(tx, userId))) throw notFound('user')
            await endAll(tx, userId)
            // Tokens of other issuers can't be ended here; of these, what is open is closed.
            await access.revoke(tx, { userId })
            const { jti, expiresAt } = await add(tx, userId, grant)
            await audit.record(tx, admin, 'tokens-rotated', { target: userId, details: { jti, scopes: grant.scopes, expiresAt } })
            return { jti }
          },
          clock.now(),
        ),
      )
      return answer(rotated)
    },

    async revoke(admin: Admin, { jti }: { readonly jti: string }): Promise<{ revokedJti: string }> {
      return feed.transact(async tx => {
        const userId = await deleteToken(tx, jti)
        if (userId === null) throw notFound('token')
        await access.revoke(tx, { tokenId: jti })
        await audit.record(tx, admin, 'token-revoked', { target: jti, details: { userId } })
        return { revokedJti: jti }
      })
    },

    list: (_: Admin, userId: string): Promise<IssuedTokenRow[]> => listTokens(database.db, userId, clock.now()),
  }
}

/** Those who are no user share their keys: they are one administrator, of the configuration. */
const callOf = <Input extends Repeatable>({ userId, by }: Admin, mutation: string, input: Input) => ({
  scope: userId ?? `administrator by ${by}`,
  mutation,
  key: input.idempotencyKey,
  input,
})
