import type { Recorder } from '../../audit/audit.ts'
import type { Feed } from '../../feed/feed.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import { findUserBySubject, insertUser, type UserRow } from '../users/store.ts'
import type { ToUser } from '../users/user.ts'
import type { OutsideIdentity } from './identity.ts'

export interface OutsideUsersDeps {
  readonly database: Database
  readonly feed: Feed
  readonly audit: Recorder
  readonly clock: Clock
  readonly toUser: ToUser
}

/**
 * The account of somebody whom another issuer vouches for: it appears on first use. It is found by issuer and subject alone.
 * An address that belongs to another account stays there, since whoever has the token need not be whoever has that account.
 */
export function createOutsideUsers({ database, feed, audit, clock, toUser }: OutsideUsersDeps) {
  return async function userOf({ issuer, subject, email, displayName }: OutsideIdentity, ip: string): Promise<UserRow> {
    const found = await findUserBySubject(database.db, issuer, subject)
    if (found) return found
    return feed.transact(async tx => {
      const createdAt = clock.now()
      const row = { id: newId('user'), issuer, subject, displayName, createdAt }
      // Where the address is taken the account does without; where the subject is, somebody was first, with the same subject.
      const made = (email === null ? null : await insertUser(tx, { ...row, email, emailVerifiedAt: createdAt })) ?? (await insertUser(tx, row))
      if (made) {
        const actor = { userId: made.id, ip }
        await audit.record(tx, actor, 'register', { target: made.id, details: { issuer } })
        if (toUser(made).role === 'ADMIN')
          await audit.record(tx, actor, 'role-changed', { target: made.id, details: { from: 'USER', to: 'ADMIN', by: 'ADMIN_EMAIL' } })
        return made
      }
      const first = await findUserBySubject(tx, issuer, subject)
      if (!first) throw new Error('A user of an outside issuer could be neither made nor found.')
      return first
    })
  }
}
