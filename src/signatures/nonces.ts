import type { Redis } from 'ioredis'
import { window } from './window.ts'

/** Knows what was sent before. Only what is signed gets here, so strangers can't fill it. */
export interface Nonces {
  /** `forgotten`: it can't be told any more, since so many came after it. */
  spend(keyId: string, nonce: string, timestamp: number): Promise<Spending> | Spending
}

export type Spending = 'first' | 'again' | 'forgotten'

/** Nodes tell the time a little differently: what is too old for one may not be for another yet. */
const keptMs = window.maxAgeMs + window.maxAheadMs + 60_000

/** Over all nodes. While Redis is away it rejects: whether something was sent before can't be known then. */
export const createSharedNonces = (redis: Redis): Nonces => ({
  spend: async (keyId, nonce) => ((await redis.set(`tidemark:nonce:${keyId}:${nonce}`, '', 'PX', keptMs, 'NX')) === null ? 'again' : 'first'),
})
