/** Where a call comes from. */
export interface Caller {
  readonly ip: string
  readonly userAgent: string | null
}

const maxUserAgentLength = 400

/** A header may carry bytes that are no text PostgreSQL takes. */
export const userAgentOf = ({ userAgent }: Caller): string | null =>
  userAgent?.replaceAll('\0', '').slice(0, maxUserAgentLength).toWellFormed() || null
