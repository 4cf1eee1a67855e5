import type { GraphQLField } from 'graphql'
import { type Scope, type ScopedRoom, type ScopeLevel, scopeOf, scopeOfPrefix } from '../access/scope.ts'
import { prefixOf } from '../platform/ids.ts'
import { argumentAt } from './argument-at.ts'
import { builder } from './builder.ts'

/** Whose scope a token needs: that of a room, of whatever the id (or ids) in an argument names, or `null`: whatever scopes it has will do. */
type ScopeOwner = ScopedRoom | { readonly ofId: string } | null

/** What a root field says about scopes, kept among its extensions. */
interface Stated {
  readonly owner: ScopeOwner
  readonly level: ScopeLevel
}

type Roots = Pick<typeof builder, 'queryField' | 'queryFields' | 'mutationField' | 'mutationFields' | 'subscriptionField' | 'subscriptionFields'>

/** Adds root fields that an issued token needs a scope for: to read for queries and subscriptions, to write for mutations. */
export function rootsOf(owner: ScopeOwner): Roots {
  const reads = stating({ owner, level: 'read' })
  const writes = stating({ owner, level: 'write' })
  return {
    queryField: (name, define) => builder.queryField(name, t => reads(define(t))),
    queryFields: define => builder.queryFields(t => each(define(t), reads)),
    mutationField: (name, define) => builder.mutationField(name, t => writes(define(t))),
    mutationFields: define => builder.mutationFields(t => each(define(t), writes)),
    subscriptionField: (name, define) => builder.subscriptionField(name, t => reads(define(t))),
    subscriptionFields: define => builder.subscriptionFields(t => each(define(t), reads)),
  }
}

/** The one scope that a field always needs (null: it goes by its arguments, or needs none), and all that it needs when it is called. */
export interface NeededScopes {
  readonly always: Scope | null
  readonly toCall: (args: unknown) => readonly Scope[]
}

/** What a field that was added by `rootsOf` needs; null for others. */
export function statedScopes(field: GraphQLField<unknown, never>): NeededScopes | null {
  const stated = field.extensions[extension] as Stated | undefined
  if (!stated) return null
  const { owner, level } = stated
  if (owner === null) return { always: null, toCall: () => [] }
  if (typeof owner === 'string') return needing(scopeOf(owner, level))
  return {
    always: null,
    toCall: args =>
      [argumentAt(args, owner.ofId)].flat().flatMap(id => {
        const prefix = prefixOf(String(id))
        return prefix ? [scopeOfPrefix(prefix, level)] : []
      }),
  }
}

export const needing = (scope: Scope): NeededScopes => ({ always: scope, toCall: () => [scope] })

const extension = 'scope'

interface FieldRef {
  updateConfig(change: (config: { readonly extensions?: object | null }) => never): void
}

const stating =
  (stated: Stated) =>
  <Ref>(field: Ref): Ref => {
    ;(field as FieldRef).updateConfig(config => ({ ...config, extensions: { ...config.extensions, [extension]: stated } }) as never)
    return field
  }

function each<Fields extends object>(fields: Fields, state: (field: unknown) => unknown): Fields {
  for (const field of Object.values(fields)) state(field)
  return fields
}
