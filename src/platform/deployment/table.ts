import { pgTable, text } from 'drizzle-orm/pg-core'

/** Under which name the nodes that have a secret hear each other. It stays when the secret is rotated. */
export const deploymentKeys = pgTable('deployment_keys', {
  /** Derived from the secret, and tells nothing of it. */
  key: text().primaryKey(),
  deployment: text().notNull(),
})
