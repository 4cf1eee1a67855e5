import { index, pgEnum, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

export const accessLevel = pgEnum('access_level', ['READ', 'WRITE', 'ADMIN'])

/** Who may do what with which document, collection, note or chat. */
export const memberships = pgTable(
  'memberships',
  {
    resourceId: text('resource_id').notNull(),
    userId: text('user_id').notNull(),
    level: accessLevel().notNull(),
    since: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  },
  table => [primaryKey({ columns: [table.resourceId, table.userId] }), index('memberships_user').on(table.userId, table.resourceId)],
)
