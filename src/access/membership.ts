import type { AccessLevel } from './level.ts'

/** Someone’s access to a thing. */
export interface Membership {
  readonly resourceId: string
  readonly userId: string
  readonly level: AccessLevel
  readonly owner: boolean
  readonly since: Date
}
