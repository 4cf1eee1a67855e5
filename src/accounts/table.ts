import { sql } from 'drizzle-orm'
import { index, pgEnum, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from '../platform/column-types.ts'

export const role = pgEnum('role', ['USER', 'ADMIN'])
export const oneTimePurpose = pgEnum('one_time_purpose', ['VERIFY_EMAIL', 'RESET_PASSWORD', 'CLAIM_ADMIN'])

/** A deleted account keeps its row, without anything that tells whose it was, for the sake of what it wrote for others. */
export const users = pgTable(
  'users',
  {
    id: text().primaryKey(),
    /** Normalised: trimmed, NFKC, lower case. Mail goes to this form, so that what was verified is what is unique. */
    email: text(),
    emailVerifiedAt: instant('email_verified_at'),
    displayName: text('display_name'),
    role: role().notNull().default('USER'),
    /** argon2id; null for those who only ever came with tokens of another issuer. */
    passwordHash: text('password_hash'),
    issuer: text(),
    subject: text(),
    createdAt: instant('created_at').notNull(),
    deletedAt: instant('deleted_at'),
  },
  table => [
    uniqueIndex('users_email').on(table.email),
    uniqueIndex('users_issuer_subject').on(table.issuer, table.subject),
    index('users_admins').on(table.id).where(sql`${table.role} = 'ADMIN'`),
    index('users_newest').on(table.createdAt, table.id).where(sql`${table.deletedAt} is null`),
  ],
)

export const devices = pgTable(
  'devices',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  table => [uniqueIndex('devices_user_name').on(table.userId, table.name)],
)

/** Open sessions; one that ended has no row. */
export const sessions = pgTable(
  'sessions',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    deviceId: text('device_id').references(() => devices.id, { onDelete: 'set null' }),
    userAgent: text('user_agent'),
    /** SHA-256 of the one refresh token that is good. */
    refreshHash: text('refresh_hash').notNull(),
    /** What its operations are signed with, sealed with a key that the database does not have. */
    signingKey: text('signing_key'),
    createdAt: instant('created_at').notNull(),
    lastUsedAt: instant('last_used_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  table => [
    index('sessions_user').on(table.userId, table.lastUsedAt),
    index('sessions_device').on(table.deviceId),
    index('sessions_expiry').on(table.expiresAt),
  ],
)

/** Tokens that an administrator gave out and that are good; one that was revoked has no row. */
export const issuedTokens = pgTable(
  'issued_tokens',
  {
    jti: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Null: whatever its user may do. */
    scopes: text().array(),
    signingKey: text('signing_key'),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  table => [index('issued_tokens_user').on(table.userId), index('issued_tokens_expiry').on(table.expiresAt)],
)

/** What goes out by mail, or in the log at the first start; good for one use. */
export const oneTimeTokens = pgTable(
  'one_time_tokens',
  {
    /** SHA-256 of the token. */
    hash: text().primaryKey(),
    purpose: oneTimePurpose().notNull(),
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** The address it was sent to. */
    email: text(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at'),
  },
  table => [index('one_time_tokens_user').on(table.userId, table.purpose), index('one_time_tokens_expiry').on(table.expiresAt)],
)

/** Networks from which a user signed in before, as keyed hashes: from there, strangers' failures do not make them wait. */
export const signInPlaces = pgTable(
  'sign_in_places',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    place: text().notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
  },
  table => [primaryKey({ columns: [table.userId, table.place] }), index('sign_in_places_seen').on(table.lastSeenAt)],
)
