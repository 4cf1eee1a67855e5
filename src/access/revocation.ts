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

/** Whom an open feed or socket belongs to. */
export interface Holder {
  readonly userId: string
  readonly sessionId: string | null
  readonly tokenId: string
  /** The thing it reads; null for a socket, which outlives the loss of any one thing. */
  readonly resourceId: string | null
}

/** The keys under which a revocation finds those it concerns. */
export function keyOf(what: Revocation): string {
  if ('sessionId' in what) return `session ${what.sessionId}`
  if ('tokenId' in what) return `token ${what.tokenId}`
  if ('changedUserId' in what) return `change of ${what.changedUserId}`
  return what.resourceId === undefined ? `user ${what.userId}` : `user ${what.userId} at ${what.resourceId}`
}

export function keysOf({ userId, sessionId, tokenId, resourceId }: Holder): string[] {
  const revocations: Revocation[] = [{ userId }, { tokenId }]
  if (sessionId !== null) revocations.push({ sessionId })
  if (resourceId !== null) revocations.push({ userId, resourceId })
  return revocations.map(keyOf)
}
