import { getRandomValues, randomUUID } from 'node:crypto'
import { v7, validate, version } from 'uuid'
import { badInput } from '../errors.ts'

/** What each prefix stands for; the name is that of the GraphQL type. */
export const idPrefixes = {
  user: 'User',
  sess: 'Session',
  dev: 'Device',
  doc: 'Document',
  snap: 'Snapshot',
  col: 'Collection',
  rec: 'Record',
  note: 'Note',
  fold: 'Folder',
  att: 'Attachment',
  rev: 'NoteRevision',
  chat: 'Chat',
  msg: 'Message',
  vlog: 'VaultLog',
  aud: 'AuditEntry',
  exp: 'Export',
} as const

export type IdPrefix = keyof typeof idPrefixes

const randomLength = 16
/** Randomness for so many ids is fetched at once: to ask for it costs more than all the rest of an id. */
const pool = new Uint8Array(256 * randomLength)
let used = pool.length

function nextRandom(): Uint8Array {
  if (used === pool.length) {
    getRandomValues(pool)
    used = 0
  }
  used += randomLength
  return pool.subarray(used - randomLength, used)
}

let msecs = 0
/** Counts the ids of one millisecond, from a random number on, so that they sort as they were made. */
let seq = 0

/** A typed id whose text sorts by the time it was made: `doc_` and a UUIDv7 (RFC 9562). */
export function newId(prefix: IdPrefix): string {
  const random = nextRandom()
  const now = Date.now()
  if (now > msecs) {
    msecs = now
    seq = new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1
  } else seq++
  return `${prefix}_${v7({ random, msecs, seq })}`
}

/** A name that is kept for long, in one piece: as it comes it is a tree of its parts, which takes ten times as much. */
export const newName = (): string => Buffer.from(randomUUID(), 'latin1').toString('latin1')

/** Tells the prefix of an id, or null when it is not one of ours. */
export function prefixOf(id: string): IdPrefix | null {
  const end = id.indexOf('_')
  const prefix = id.slice(0, end)
  const uuid = id.slice(end + 1)
  return Object.hasOwn(idPrefixes, prefix) && validate(uuid) && version(uuid) === 7 && uuid === uuid.toLowerCase() ? (prefix as IdPrefix) : null
}

/** The id a client chose for something new, or a fresh one. @throws BAD_USER_INPUT for ids of another form. */
export function chosenId(prefix: IdPrefix, given: string | null | undefined, field = 'input.id'): string {
  if (given == null) return newId(prefix)
  if (prefixOf(given) !== prefix) throw badInput(field, `An id for a new ${idPrefixes[prefix]} is ${prefix}_ and a UUIDv7 in lower case.`)
  return given
}
