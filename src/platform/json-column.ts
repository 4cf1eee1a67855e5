import { customType } from 'drizzle-orm/pg-core'

/** A jsonb column that gives back what it was given: drizzle's own turns the string "10.5" into a number. */
export const jsonColumn = customType<{ data: unknown; driverData: string }>({
  dataType: () => 'jsonb',
  toDriver: value => JSON.stringify(value),
  fromDriver: value => value,
})
