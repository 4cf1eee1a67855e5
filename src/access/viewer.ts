export type Role = 'USER' | 'ADMIN'

/** Whoever a request speaks for, as proved by its token. */
export interface Viewer {
  readonly userId: string
  readonly role: Role
  /** What an issued token is limited to; null for sessions, which may do all their user may. */
  readonly scopes: readonly string[] | null
  /** Null for tokens that were issued without a session, or by another issuer. */
  readonly sessionId: string | null
  readonly tokenId: string
  readonly expiresAt: Date
}
