import { AppError, badInput } from '../../errors.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/database.ts'
import { chosenId, prefixOf } from '../../platform/ids.ts'
import { checkEmail } from '../users/email.ts'
import { findUserByEmail, insertUser, lockUser, type UserRow } from '../users/store.ts'
import { checkName } from '../users/user.ts'

/** Whom a token is for. */
export interface RecipientInput {
  readonly userId?: string | null | undefined
  readonly email?: string | null | undefined
  readonly displayName?: string | null | undefined
}

export interface Recipient {
  readonly userId: string | null
  readonly email: string | null
  readonly displayName: string | null
}

/** @throws BAD_USER_INPUT */
export function checkRecipient({ userId, email, displayName }: RecipientInput): Recipient {
  if (userId != null && prefixOf(userId) !== 'user') throw badInput('input.userId', 'An id of a user is user_ and a UUIDv7 in lower case.')
  return {
    userId: userId ?? null,
    email: email == null ? null : checkEmail(email, 'input.email'),
    displayName: displayName == null ? null : checkName(displayName, 'input.displayName'),
  }
}

/**
 * The user with this id or this address, whose row is locked; made if there is none, without a password.
 * @throws CONFLICT when id and address are not those of one user, or the user of this id is gone; and for an address alone that
 * nobody showed to be theirs: whoever registered with it knows the password of an account that somebody else would be let into
 */
export async function findOrMake(tx: Tx, { userId, email, displayName }: Recipient, clock: Clock): Promise<UserRow> {
  const find = async () => (userId !== null ? lockUser(tx, userId) : email !== null ? lockByEmail(tx, email) : null)
  const make = () => insertUser(tx, { id: chosenId('user', userId), email, displayName, createdAt: clock.now() })
  // The second look finds who was made by somebody else meanwhile.
  const user = (await find()) ?? (await make()) ?? (await find())
  if (user && userId === null && user.emailVerifiedAt === null && user.passwordHash !== null)
    throw new AppError(
      'CONFLICT',
      'Whoever registered with this address did not verify it. Name the user by `userId` as well if it is them you mean.',
      {
        field: 'input.email',
      },
    )
  if (user && (email === null || user.email === email)) return user
  throw new AppError('CONFLICT', 'The address is not that of the user with this id, or that user was deleted.', { field: 'input.userId' })
}

async function lockByEmail(tx: Tx, email: string): Promise<UserRow | null> {
  const found = await findUserByEmail(tx, email)
  return found && lockUser(tx, found.id)
}
