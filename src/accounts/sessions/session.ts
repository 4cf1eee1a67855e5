import type { User } from '../users/user.ts'
import type { SessionRow } from './store.ts'

/** `current` says that whoever asks got this session just now, and has no token of it yet that could tell. */
export type Session = SessionRow & { readonly current?: true }

export interface AuthPayload {
  readonly user: User
  readonly session: Session
  readonly accessToken: string
  readonly refreshToken: string
  /** In base64url; null: the session goes on with the one it was given before. */
  readonly signingKey: string | null
  /** When the access token ends. */
  readonly expiresAt: Date
}
