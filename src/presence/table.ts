import { pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../platform/column-types.ts'

/** When a user's last connection went; written when it does and at no other time. */
export const lastSeen = pgTable('last_seen', {
  userId: text('user_id').primaryKey(),
  at: instant('at').notNull(),
})
