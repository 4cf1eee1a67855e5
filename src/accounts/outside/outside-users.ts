import type { Feed } from '../../feed/feed.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import { findUserBySubject, insertUser, type UserRow } from '../users/store.ts'
import type { OutsideIdentity } from './identity.ts'

/**
 * The account of somebody whom another issuer vouches for: it appears on first use. It is found by issuer and subject alone.
 * An address that belongs to another account stays there, since whoever has the token need not be whoever has that account.
 */
export function createOutsideUsers({ database, feed, clock }: { readonly database: Database; readonly feed: Feed; readonly clock: Clock }) {
  return async function userOf({ issuer, subject, email, displayName }: OutsideIdentity): Promise<UserRow> {
    const found = await findUserBySubject(database.db, issuer, subject)
    if (found) return found
    return feed.transact(async tx => {
      const createdAt = clock.now()
      const row = { id: newId('user'), issuer, subject, displayName, createdAt }
      // Where the address is taken the account does without; where the subject is, somebody was first, with the same subject.
      const made =
        (email === null ? null : await insertUser(tx, { ...row, email, emailVerifiedAt: createdAt })) ??
        (await insertUser(tx, row)) ??
        (await findUserBySubject(tx, issuer, subject))
      if (!made) throw new Error('A user of an outside issuer could be neither made nor found.')
      return made
    })
  }
}
