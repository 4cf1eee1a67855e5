import { sql } from 'drizzle-orm'
import { changedSince, type KeysetTable, text, textKey, time } from '../../platform/keyset.ts'

/** Accounts, deleted ones too: of those nothing is left that tells whose they were. Never what somebody could sign in with. */
export const userTables: readonly KeysetTable[] = [
  {
    type: 'User',
    columns: {
      id: text('u.id'),
      email: text('u.email'),
      emailVerifiedAt: time('u.email_verified_at'),
      displayName: text('u.display_name'),
      role: text('u.role'),
      issuer: text('u.issuer'),
      subject: text('u.subject'),
      createdAt: time('u.created_at'),
      deletedAt: time('u.deleted_at'),
    },
    scan: selection => ({
      from: sql`users u`,
      key: [textKey('u.id')],
      where: selection.userId === null ? undefined : sql`u.id = ${selection.userId}`,
      wanted: changedSince(selection, 'u.created_at', 'u.email_verified_at', 'u.deleted_at'),
    }),
  },
]
