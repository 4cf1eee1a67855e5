/**
 * What was taken away: a whole user's, a session's or a token's right to be here, or a user's access to one thing. Nothing is taken from
 * a user who changed: what is remembered of them is old.
 */
export type Revocation =
  | { readonly userId: string; readonly resourceId?: never }
  | { readonly sessionId: string }
  | { readonly tokenId: string }
  | { readonly userId: string; readonly resourceId: string }
  | { readonly changedUserId: string }
