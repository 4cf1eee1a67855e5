export type Role = 'USER' | 'ADMIN'

/** Whoever a request speaks for, as proved by its token. */
export interface Viewer {
  readonly userId: string
  /** ADMIN only where administrators may be: from elsewhere than ADMIN_IP_ALLOWLIST they are users like all others. */
  readonly role: Role
  /** What an issued token is limited to; null for sessions, which may do all their user may. */
  readonly scopes: readonly string[] | null
  /** Null for tokens that were issued without a session, or by another issuer. */
  readonly sessionId: string | null
  readonly tokenId: string
  /** Proved by a token of another issuer, of which nothing is kept here. */
  readonly isOutside?: true
  readonly expiresAt: Date
  /** Where the request came from. */
  readonly ip: string
}

/** Whoever administers the server: an ADMIN, or somebody with the key or the password that the configuration names. */
export interface Admin {
  /** Null for those who came with the key or the password: they are no user. */
  readonly userId: string | null
  readonly by: 'session' | 'api-key' | 'password'
  readonly ip: string
  /** When they have to prove it again; null: it was proved with this very request. */
  readonly expiresAt: Date | null
}

/** What a request's credentials prove. */
export interface Identity {
  readonly viewer: Viewer | null
  readonly admin: Admin | null
  /** Proved by the cookie of the dashboard, which no script can read and no page elsewhere can send. */
  readonly byCookie?: true
}

export const nobody: Identity = Object.freeze({ viewer: null, admin: null })

/** When what was proved ends; null: not before what it was proved for. */
export const endOf = ({ viewer, admin }: Identity): Date | null => viewer?.expiresAt ?? admin?.expiresAt ?? null

/** An administrator who came as a user; null for everybody else. */
export const adminOf = ({ role, userId, ip, expiresAt }: Viewer): Admin | null => (role === 'ADMIN' ? { userId, by: 'session', ip, expiresAt } : null)
