import type { Identity } from '../access/viewer.ts'
import type { Connection, Context } from '../graph/context.ts'
import type { Standing } from '../platform/quota.ts'
import type { SentOperation } from '../signatures/canonical.ts'
import type { OperationType } from './metrics.ts'

/** What the transport knows of one operation before it runs; the rest of its context is added by the application. */
export type PartialContext = Omit<Context, 'services' | 'loaders'>

/** Whoever sent an operation, over whatever it came. */
export interface Caller {
  readonly requestId: string
  readonly ip: string
  readonly userAgent: string | null
  readonly connection: Connection | null
  /** @throws UNAUTHENTICATED, TOKEN_EXPIRED or TOKEN_REVOKED when there are credentials and they do not hold */
  identity(): Promise<Identity> | Identity
  /** @throws SIGNATURE_REQUIRED, SIGNATURE_INVALID, REPLAYED */
  checkSignature(operation: SentOperation): Promise<void> | void
}

/** What is noted of an HTTP request while it is answered. */
export interface Exchange {
  readonly startedAt: number
  operationType: OperationType
  /** Tells the client how it stands with a limit. */
  tell(standing: Standing): void
  tellRetry(retryAfterMs: number): void
  /** The answer is a stream now, which nobody waits for when the server stops. `end` is called once nobody reads it any more. */
  becomeStream(end: () => void): void
}

export const userAgentOf = (headers: { readonly 'user-agent'?: string | undefined }): string | null => headers['user-agent']?.slice(0, 512) ?? null
