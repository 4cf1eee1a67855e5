/** How far the timestamp of a signature may be from the time of the server. */
export const window = { maxAgeMs: 300_000, maxAheadMs: 60_000 } as const
