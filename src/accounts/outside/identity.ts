import { normalEmail } from '../users/email.ts'

/** Who somebody else says the bearer of a token is. */
export interface OutsideIdentity {
  readonly issuer: string
  readonly subject: string
  /** Only an address that the issuer says it verified. */
  readonly email: string | null
  readonly displayName: string | null
  readonly tokenId: string
  readonly expiresAt: Date
}

const maxSubjectLength = 255
const maxNameLength = 200

export const textOr = <T>(value: unknown, otherwise: T): string | T =>
  typeof value === 'string' && value.length > 0 && !value.includes('\0') && value.isWellFormed() ? value : otherwise

export function subjectOf(value: unknown): string | null {
  const subject = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textOr(value, null)
  return subject !== null && subject.length <= maxSubjectLength ? subject : null
}

export const nameOf = (claims: Readonly<Record<string, unknown>>): string | null =>
  textOr(claims['name'], null)?.slice(0, maxNameLength).toWellFormed().trim() || null

/** Cognito says "true" in text. An address that changes by more than its case when normalised may be another mailbox, so it is left out. */
export function verifiedEmailOf(claims: Readonly<Record<string, unknown>>): string | null {
  const { email, email_verified: verified } = claims
  if (typeof email !== 'string' || (verified !== true && verified !== 'true')) return null
  const normalised = normalEmail(email)
  return normalised === email.trim().toLowerCase() ? normalised : null
}
