import { badInput } from '../../errors.ts'
import type { Repeatable } from '../../feed/idempotency.ts'
import type { ConflictPolicy } from '../../merge/conflict-policy.ts'
import { checkWriterTime } from '../../platform/clock.ts'
import { checkValue } from '../../platform/json.ts'
import { type CollectionRef, checkName } from '../collection.ts'

export interface PutRecordInput extends CollectionRef, Repeatable {
  readonly key: string
  readonly value?: unknown
  readonly delete?: boolean | null | undefined
  readonly conflictPolicy?: ConflictPolicy | null | undefined
  readonly updatedAt?: Date | null | undefined
  readonly ttlSeconds?: number | null | undefined
}

export interface DeleteRecordInput extends CollectionRef, Repeatable {
  readonly key: string
  readonly updatedAt?: Date | null | undefined
}

/** What is to be done to a key, checked. */
export interface RecordWrite {
  readonly key: string
  /** Null for a deletion. */
  readonly value: unknown
  /** The value as JSON; null for a deletion. */
  readonly json: string | null
  readonly deletes: boolean
  /** Nothing is left behind where nothing was, and what is deleted is left alone. */
  readonly onlyLive: boolean
  readonly policy: ConflictPolicy
  /** Null: when the server takes it. */
  readonly updatedAt: number | null
  readonly ttlMs: number | null
}

/** @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE, CLOCK_SKEW with a field below `field` */
export function checkPut(input: PutRecordInput, now: Date, field: string): RecordWrite {
  const { key, value, ttlSeconds } = input
  checkName(input.collection, `${field}.collection`)
  checkName(key, `${field}.key`)
  const deletes = input.delete ?? false
  if (deletes && value != null) throw badInput(`${field}.value`, 'A write either deletes or has a value.')
  if (!deletes && value === undefined) throw badInput(`${field}.value`, 'A write needs a `value`, or `delete: true`.')
  const json = deletes ? null : checkValue(value, `${field}.value`)
  if (deletes && ttlSeconds != null) throw badInput(`${field}.ttlSeconds`, 'What is deleted does not expire.')
  if (ttlSeconds != null && ttlSeconds < 1) throw badInput(`${field}.ttlSeconds`, 'A record lives for a second or longer.')
  const policy = input.conflictPolicy ?? 'LAST_WRITE_WINS'
  // Clients whose clock is wrong have this policy to go by the server's.
  const given = policy === 'SERVER_TIME' ? null : input.updatedAt
  const updatedAt = given == null ? null : checkWriterTime(given, now, `${field}.updatedAt`)
  const ttlMs = ttlSeconds == null ? null : ttlSeconds * 1000
  return { key, value: deletes ? null : value, json, deletes, onlyLive: false, policy, updatedAt, ttlMs }
}

/** @throws BAD_USER_INPUT, CLOCK_SKEW */
export function checkDeletion(input: DeleteRecordInput, now: Date): RecordWrite {
  checkName(input.collection, 'input.collection')
  checkName(input.key, 'input.key')
  const updatedAt = input.updatedAt == null ? null : checkWriterTime(input.updatedAt, now, 'input.updatedAt')
  return { key: input.key, value: null, json: null, deletes: true, onlyLive: true, policy: 'LAST_WRITE_WINS', updatedAt, ttlMs: null }
}
