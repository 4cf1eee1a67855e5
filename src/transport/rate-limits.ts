import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import { callsOf } from '../graph/calls.ts'
import type { Context } from '../graph/context.ts'
import { networkOf } from '../platform/addresses.ts'
import { allow, type Limits } from '../platform/limits.ts'
import type { Standing } from '../platform/quota.ts'

export type RateLimitsConfig = Pick<
  Config,
  'IP_RATE_LIMIT_PER_MIN' | 'RATE_LIMIT_PER_MIN' | 'READ_RATE_LIMIT_PER_MIN' | 'SIGN_IN_RATE_LIMIT_PER_MIN' | 'ADMIN_RATE_LIMIT_PER_MIN'
>

/** Hears how the caller stands with each limit that counted, refused or not. */
export type Tell = (standing: Standing) => void

/** What callers may do in a minute. */
export interface RateLimits {
  /** Counts one request or operation by where it comes from, before anything else is done for it. @throws RATE_LIMITED */
  admit(ip: string, tell?: Tell): Promise<void> | void
  /** Counts what an operation calls, by who calls it. @throws RATE_LIMITED, QUERY_TOO_COMPLEX for more calls than a minute has */
  count(asked: Asked, caller: Pick<Context, 'viewer' | 'admin' | 'ip'>, tell?: Tell): Promise<void> | void
}

/** An operation, with what it stands in. */
export interface Asked {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
}

const windowSeconds = 60

/** How a caller stands with a quota; null: it does not count here. */
type Taken = Promise<Standing> | Standing | null

export function createRateLimits(config: RateLimitsConfig, limits: Pick<Limits, 'quota'>): RateLimits {
  /** Null: there is no limit. */
  const quotaOf = (name: string, max: number) => (max === 0 ? null : { max, ...limits.quota(name, { max, windowSeconds }) })
  const quotas = {
    address: quotaOf('address', config.IP_RATE_LIMIT_PER_MIN),
    writes: quotaOf('writes', config.RATE_LIMIT_PER_MIN),
    reads: quotaOf('reads', config.READ_RATE_LIMIT_PER_MIN),
    signIn: quotaOf('sign-in', config.SIGN_IN_RATE_LIMIT_PER_MIN),
    admin: quotaOf('admin', config.ADMIN_RATE_LIMIT_PER_MIN),
  } as const

  function take(name: keyof typeof quotas, subject: string, calls: number): Taken {
    const quota = quotas[name]
    if (!quota || calls === 0) return null
    if (calls > quota.max) {
      const message = `The operation makes ${calls} calls that count together, and ${quota.max} are allowed in ${windowSeconds} seconds.`
      throw new AppError('QUERY_TOO_COMPLEX', message, { limit: quota.max, actual: calls })
    }
    return quota.take(subject, calls)
  }

  return {
    admit: (ip, tell) => settle([take('address', ip, 1)], tell),
    count({ schema, document, operation }, { viewer, admin, ip }, tell) {
      const calls = callsOf(schema, document, operation)
      const administers = admin ? calls.admin : 0
      // At once, so that it is one round trip however many of them count.
      return settle(
        [
          take('signIn', ip, calls.signIn),
          take('admin', admin ? (admin.userId ?? `${admin.by} ${networkOf(ip)}`) : '', administers),
          take(operation.operation === 'mutation' ? 'writes' : 'reads', viewer?.userId ?? ip, calls.others + calls.admin - administers),
        ],
        tell,
      )
    },
  }
}

/** Mostly all is known at once, and nobody waits. */
function settle(taken: readonly Taken[], tell: Tell | undefined): Promise<void> | void {
  if (taken.some(each => each instanceof Promise)) return Promise.all(taken).then(standings => judge(standings, tell))
  judge(taken as readonly (Standing | null)[], tell)
}

/** @throws RATE_LIMITED */
function judge(standings: readonly (Standing | null)[], tell: Tell | undefined): void {
  for (const standing of standings) if (standing) tell?.(standing)
  for (const standing of standings) if (standing) allow(standing)
}
