import { sql } from 'drizzle-orm'
import { boolean, index, pgEnum, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../platform/column-types.ts'

export const accessLevel = pgEnum('access_level', ['READ', 'WRITE', 'ADMIN'])

/** Who may do what with which document, collection, note or chat. */
export const memberships = pgTable(
  'memberships',
  {
    resourceId: text('resource_id').notNull(),
    userId: text('user_id').notNull(),
    level: accessLevel().notNull(),
    /** Of a thing that belongs to one user: theirs is the ADMIN access nobody can lower or take, and the thing goes with their account. */
    owner: boolean().notNull().default(false),
    since: instant('since').notNull(),
  },
  table => [
    primaryKey({ columns: [table.resourceId, table.userId] }),
    index('memberships_user').on(table.userId, table.resourceId),
    // What others share with a user; of their own they may have a hundred thousand.
    index('memberships_shared').on(table.userId, table.resourceId).where(sql`not ${table.owner}`),
  ],
)
