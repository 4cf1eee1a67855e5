import { createHash } from 'node:crypto'
import { AppError, badInput } from '../errors.ts'
import type { Tx } from '../platform/database.ts'
import { claimKey, insertOutcomes, isTaken, readOutcome, readOutcomes, storeOutcome } from './store.ts'

/** How long a repeat is recognised. */
export const idempotencyWindowMs = 24 * 60 * 60 * 1000

/** An input that can be retried. */
export interface Repeatable {
  readonly idempotencyKey?: string | null | undefined
}

export interface Call {
  /** Whose key it is: keys of different viewers never meet. */
  readonly scope: string
  readonly mutation: string
  readonly key: Repeatable['idempotencyKey']
  /** What the call asks for; a repeat has to ask for the same. */
  readonly input: unknown
}

/** A user's call of a mutation, with all that its input says. */
export const callOf = <Input extends Repeatable>({ userId }: { readonly userId: string }, mutation: string, input: Input): Call => ({
  scope: userId,
  mutation,
  key: input.idempotencyKey,
  input,
})

/**
 * Does `work` once for each key, whatever is retried: a repeat gets the stored outcome of the first call.
 * Claim, work and outcome are in one transaction, so a crash leaves all of them or none.
 * @throws IDEMPOTENCY_MISMATCH when the key was used for something else
 */
export async function once<T>(tx: Tx, call: Call, work: () => Promise<T>, now = new Date()): Promise<T> {
  const { scope, mutation, key } = call
  if (key == null) return work()
  if (!isKey(key)) throw noKey()
  const id = { scope, mutation, key }
  const inputHash = hashOf(call)
  if (await claimKey(tx, id, inputHash, now)) {
    const outcome = await work()
    await storeOutcome(tx, id, outcome)
    return outcome
  }
  const first = await readOutcome(tx, id)
  if (first?.inputHash !== inputHash) throw mismatch()
  return first.outcome as T
}

/** What is known of a call that came in a batch: nothing yet, its first outcome, that it repeats an earlier one of the batch, or what is wrong with it. */
export type Recalled<T> = { readonly first: true } | { readonly outcome: T } | { readonly repeats: number } | { readonly error: AppError }

/** `once` for calls that go in together; `remember` is its second half, and finds out when another transaction was first with one of them. */
export async function recall<T>(tx: Tx, calls: readonly Call[]): Promise<readonly Recalled<T>[]> {
  const keyed = calls.flatMap(({ scope, mutation, key }) => (key == null || !isKey(key) ? [] : [{ scope, mutation, key }]))
  const stored = new Map((await readOutcomes(tx, keyed)).map(row => [nameOf(row), row]))
  const inBatch = new Map<string, { index: number; inputHash: string }>()
  return calls.map((call, index) => {
    if (call.key == null) return { first: true }
    if (!isKey(call.key)) return { error: noKey() }
    const name = nameOf(call)
    const inputHash = hashOf(call)
    const known = stored.get(name) ?? inBatch.get(name)
    if (!known) {
      inBatch.set(name, { index, inputHash })
      return { first: true }
    }
    if (known.inputHash !== inputHash) return { error: mismatch() }
    return 'index' in known ? { repeats: known.index } : { outcome: known.outcome as T }
  })
}

/** Stores the outcomes of the calls that have a key. When another transaction took one of the keys meanwhile, the whole is done again, and finds that. */
export async function remember(tx: Tx, done: readonly { readonly call: Call; readonly outcome: unknown }[], now: Date): Promise<void> {
  const rows = done.flatMap(({ call, outcome }) => {
    const { scope, mutation, key } = call
    return key == null ? [] : [{ scope, mutation, key, inputHash: hashOf(call), outcome }]
  })
  if (rows.length === 0) return
  try {
    await insertOutcomes(tx, rows, now)
  } catch (error) {
    throw isTaken(error) ? new KeyTakenError('Another transaction took the idempotency key meanwhile.', { cause: error }) : error
  }
}

/** Has the code of a serialization failure, after which a transaction is tried again. */
class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError'
  readonly code = '40001'
}

const mismatch = () => new AppError('IDEMPOTENCY_MISMATCH', 'This idempotency key was used with other arguments.', { field: 'input.idempotencyKey' })

const nameOf = ({ scope, mutation, key }: Pick<Call, 'scope' | 'mutation' | 'key'>) => `${scope} ${mutation} ${key}`

const isKey = (key: string) => key.length >= 8 && key.length <= 128 && !key.includes('\0') && key.isWellFormed()
const noKey = () => badInput('input.idempotencyKey', 'An idempotency key has 8 to 128 characters.')

/** A call is looked up and remembered by the same hash, and tried again with it. */
const hashes = new WeakMap<Call, string>()

function hashOf(call: Call): string {
  const known = hashes.get(call)
  if (known !== undefined) return known
  const hash = createHash('sha256')
    .update(JSON.stringify(sorted(call.input)))
    .digest('base64')
  hashes.set(call, hash)
  return hash
}

/** The same for objects that differ in the order of their keys only. */
function sorted(value: unknown): unknown {
  if (value instanceof Date || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, child]) => [name, sorted(child)]),
  )
}
