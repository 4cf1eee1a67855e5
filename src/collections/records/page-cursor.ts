import { badInput } from '../../errors.ts'
import { maxNameLength } from '../collection.ts'
import type { RecordState } from './record.ts'

export const noPlace = () => badInput('after', 'This is no cursor of this list of records.')

export const encodePlace = (collectionId: string, { updatedAt, key }: Pick<RecordState, 'updatedAt' | 'key'>): string =>
  Buffer.from(`${collectionId} ${updatedAt} ${key}`).toString('base64url')

/** Anybody can make such a cursor up, so what is in it must be fit for the database. @throws BAD_USER_INPUT for one of another list too */
export function decodePlace(cursor: string, collectionId: string): { updatedAt: number; key: string } {
  const text = Buffer.from(cursor, 'base64url').toString()
  const [, collection, time, key = ''] = /^(\S+) (\d{1,14}) (.+)$/s.exec(text) ?? []
  const place = { updatedAt: Number(time), key }
  const isWhole = collection === collectionId && key.length <= maxNameLength && !key.includes('\0') && encodePlace(collectionId, place) === cursor
  if (!isWhole) throw noPlace()
  return place
}
