import { badInput } from '../errors.ts'
import { type IdPrefix, prefixOf } from './ids.ts'

/** Where something stands in a list that goes by a time and, where that is the same, by id. */
export interface ListPlace {
  readonly at: Date
  readonly id: string
}

export const encodePlace = ({ at, id }: ListPlace): string => Buffer.from(`${at.getTime()} ${id}`).toString('base64url')

/** Anybody can make such a cursor up, so what is in it must be fit for the database. @throws BAD_USER_INPUT for what `encodePlace` did not make */
export function decodePlace(cursor: string, prefix: IdPrefix): ListPlace {
  const [, time, id = ''] = /^(\d{1,14}) (\S+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  const place = { at: new Date(Number(time)), id }
  if (time === undefined || prefixOf(id) !== prefix || encodePlace(place) !== cursor) throw badInput('after', 'This is no cursor of this list.')
  return place
}

/** A page of `first`, out of rows of which one more was asked for: that one tells whether there is more. */
export const pageOf = <Row>(rows: readonly Row[], first: number, after: unknown, cursorOf: (row: Row) => string) => ({
  rows: rows.slice(0, first),
  hasNextPage: rows.length > first,
  hasPreviousPage: after !== null,
  cursorOf,
})
