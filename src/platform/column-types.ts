import { customType, timestamp } from 'drizzle-orm/pg-core'

/** A moment, to the millisecond: what a JavaScript date holds, so that it comes back as it went in. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** What PostgreSQL's full-text search looks into. */
export const searchVector = customType<{ data: string }>({ dataType: () => 'tsvector' })

export const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: value => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
})
