import type { AccessLevel } from '../../access/level.ts'

/** A membership, as far as it says what its member sees. */
export interface Standing {
  readonly userId: string
  readonly joinedSeq: number
  readonly hiddenNumber: number
}

export interface MemberRow {
  readonly chatId: string
  readonly userId: string
  readonly access: AccessLevel
  readonly lastReadNumber: number
  readonly lastReadMessageId: string | null
  readonly readAt: Date | null
}

/** A member as somebody sees them, to whom messages up to `hiddenNumber` are hidden. */
export interface ChatMember extends MemberRow {
  readonly hiddenNumber: number
}

export const maxMembers = 1_000
/** How many are let in at once. */
export const maxAdded = 500
