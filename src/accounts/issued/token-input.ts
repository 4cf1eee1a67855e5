import { isScope, type Scope, scopes } from '../../access/scope.ts'
import { badInput } from '../../errors.ts'

const daySeconds = 86_400
export const ttlBounds = { min: 60, max: 400 * daySeconds, fallback: 30 * daySeconds } as const

export interface Grant {
  readonly ttlSeconds?: number | null | undefined
  readonly scopes?: readonly string[] | null | undefined
}

/** @throws BAD_USER_INPUT */
export function checkTtl({ ttlSeconds }: Grant): number {
  const { min, max, fallback } = ttlBounds
  const ttl = ttlSeconds ?? fallback
  if (ttl < min || ttl > max) throw badInput('input.ttlSeconds', `A token lives from ${min} to ${max} seconds.`)
  return ttl
}

/** In one order and each once; null: whatever the user may do. @throws BAD_USER_INPUT */
export function checkScopes({ scopes: given }: Grant): Scope[] | null {
  if (given == null) return null
  if (given.length === 0) throw badInput('input.scopes', 'A token without any scope is good for nothing; leave `scopes` out for all its user may do.')
  for (const [index, scope] of given.entries()) {
    if (!isScope(scope)) throw badInput(`input.scopes.${index}`, `There is no such scope; there are: ${scopes.join(', ')}.`)
  }
  return scopes.filter(scope => given.includes(scope))
}
