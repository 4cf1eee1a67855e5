import type { Admin } from '../access/viewer.ts'
import type { AuditAction } from './action.ts'

/** Whoever did something: a viewer, an administrator, or a stranger of whom only the address is known. */
export interface Actor {
  readonly userId: string | null
  /** Null: from many. */
  readonly ip: string | null
  readonly by?: Admin['by']
}

export interface AuditNote {
  /** The id of what it was done to. */
  readonly target?: string | null
  /** Never a secret, and nothing of what people write. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** Something that is to be an entry. */
export interface Noted {
  readonly actor: Actor
  readonly action: AuditAction
  readonly note: AuditNote
}
