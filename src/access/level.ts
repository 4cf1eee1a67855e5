const ranks = { READ: 1, WRITE: 2, ADMIN: 3 } as const

/** What someone may do with a thing; each level includes those before it. */
export type AccessLevel = keyof typeof ranks

/** Whether `held` is enough where `needed` is asked for. */
export const allows = (held: AccessLevel | null, needed: AccessLevel): boolean => held !== null && ranks[held] >= ranks[needed]
