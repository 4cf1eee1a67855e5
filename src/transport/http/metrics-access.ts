import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Config } from '../../config.ts'
import { AppError } from '../../errors.ts'
import type { Caller } from '../caller.ts'

/** Lets whoever may read the metrics through. @throws UNAUTHENTICATED for others, and what their own credentials come to */
export type MetricsAccess = (request: IncomingMessage, caller: Caller) => Promise<void>

/** Those who have METRICS_TOKEN, and administrators. Outside production everybody, as long as there is no token. */
export function createMetricsAccess({ METRICS_TOKEN: token, NODE_ENV }: Pick<Config, 'METRICS_TOKEN' | 'NODE_ENV'>): MetricsAccess {
  const isOpen = token === undefined && NODE_ENV !== 'production'
  const expected = digest(`Bearer ${token}`)

  return async ({ headers }, caller) => {
    if (isOpen) return
    if (token !== undefined && timingSafeEqual(digest(headers.authorization ?? ''), expected)) return
    if (!(await caller.identity()).admin)
      throw new AppError('UNAUTHENTICATED', 'Metrics are for those who send `authorization: Bearer <METRICS_TOKEN>`, and for administrators.')
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()
