import type { Admin, Viewer } from './viewer.ts'

/** Whoever asked for a link, and what they proved it with: the link is good for as long as that is. */
export interface LinkHolder {
  /** Empty for administrators who are no user. */
  readonly user: string
  readonly by: Admin['by'] | 'token' | 'outside'
  /** The session, or the token; empty when there is neither. */
  readonly proof: string
}

export const linkHolderNames = ['user', 'by', 'proof'] as const

export function linkHolderOf({ userId: user, sessionId, tokenId, isOutside }: Viewer): LinkHolder {
  if (sessionId !== null) return { user, by: 'session', proof: sessionId }
  return { user, by: isOutside ? 'outside' : 'token', proof: tokenId }
}

/** Whom a link speaks for, when it is used from somewhere; null once what it stands on is over. */
export type ViewerOfLink = (holder: LinkHolder, expiresAt: Date, ip: string) => Promise<Viewer | null>
