import type { Role } from '../../access/viewer.ts'
import { badInput } from '../../errors.ts'
import { checkText } from '../../platform/json.ts'
import type { UserRow } from './store.ts'

export interface User {
  readonly id: string
  /** For those who may know it; `emailKnown` says that whoever asked named it themselves. */
  readonly email: string | null
  readonly emailKnown?: true
  readonly emailVerified: boolean
  readonly displayName: string | null
  readonly role: Role
  readonly createdAt: Date
}

/** ADMIN_EMAIL makes whoever verified that address an administrator, for as long as it is set. */
export type ToUser = (row: UserRow) => User

export const createToUser =
  (adminEmail: string | null): ToUser =>
  row => {
    const emailVerified = row.emailVerifiedAt !== null
    const isAdmin = row.deletedAt === null && (row.role === 'ADMIN' || (emailVerified && adminEmail !== null && row.email === adminEmail))
    const { id, email, displayName, createdAt } = row
    return { id, email, emailVerified, displayName, createdAt, role: isAdmin ? 'ADMIN' : 'USER' }
  }

const maxNameLength = 200

/** A name that people see. @throws BAD_USER_INPUT */
export function checkName(text: string, field: string): string {
  checkText(text, field)
  const name = text.trim()
  if (name.length < 1 || name.length > maxNameLength) throw badInput(field, `A name has 1 to ${maxNameLength} characters.`)
  return name
}
