import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../errors.ts'
import { canonicalForm, memberOf, type SentOperation } from './canonical.ts'
import { window } from './window.ts'

/** What `extensions.signature` says. */
interface Signature {
  readonly value: string
  /** When it was signed, in milliseconds since 1970. */
  readonly timestamp: number
  /** Something that no other operation of this key has. */
  readonly nonce: string
}

export const invalid = (message: string, details = {}) => new AppError('SIGNATURE_INVALID', message, details)

/** Whether an operation claims to be signed. */
export const isSigned = (operation: SentOperation): boolean => (memberOf(operation.extensions, 'signature') ?? null) !== null

/**
 * Checks that whoever has the key signed just this operation, and lately. What says when and which comes after what proves it,
 * so that strangers learn and change nothing. @throws SIGNATURE_INVALID
 */
export function verify(operation: SentOperation, key: Uint8Array, now: Date): Signature {
  const signature = signatureOf(operation)
  const form = canonicalForm(operation, signature.timestamp, signature.nonce)
  if (form === null || !fits(signature.value, form, key))
    throw invalid('The signature does not fit the operation and the key of this connection or session (see schema/signatures.md).')
  const ageMs = now.getTime() - signature.timestamp
  const serverTime = now.toISOString()
  if (ageMs > window.maxAgeMs)
    throw invalid('The signature is older than 5 minutes. Sign the operation again; if it was signed just now, set the clock.', { serverTime })
  if (-ageMs > window.maxAheadMs) throw invalid('The signature is from more than 60 seconds ahead. Set the clock.', { serverTime })
  return signature
}

function signatureOf({ extensions }: SentOperation): Signature {
  const given = memberOf(extensions, 'signature')
  const value = memberOf(given, 'value')
  const timestamp = memberOf(given, 'timestamp')
  const nonce = memberOf(given, 'nonce')
  if (typeof value !== 'string') throw invalid('`value` of the signature is text: 43 characters of base64url.')
  if (typeof timestamp !== 'number' || !Number.isSafeInteger(timestamp))
    throw invalid('`timestamp` of the signature is a whole number of milliseconds since 1970.')
  if (typeof nonce !== 'string' || !/^[\w-]{16,64}$/.test(nonce))
    throw invalid('`nonce` of the signature is text: 16 to 64 of A-Z, a-z, 0-9, - and _.')
  return { value, timestamp, nonce }
}

/** Takes as long for what is nearly right as for what is not. */
function fits(value: string, form: string, key: Uint8Array): boolean {
  const expected = Buffer.from(createHmac('sha256', key).update(form).digest('base64url'))
  const given = Buffer.from(value)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
