/** Whether somebody is there at the moment. */
export interface Presence {
  readonly userId: string
  readonly online: boolean
  /** When they were last seen going; null while they are online, and for who was never seen. */
  readonly lastSeenAt: Date | null
}

export const maxAskedUsers = 100
