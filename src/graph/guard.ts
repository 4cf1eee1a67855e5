import { defaultFieldResolver, type GraphQLField, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import type { AccessLevel } from '../access/level.ts'
import type { Admin, Role } from '../access/viewer.ts'
import { AppError } from '../errors.ts'
import type { Context } from './context.ts'
import { idChecksOf } from './id-check.ts'

/** What the schema says about a root field: who may call it, and how often. */
export interface Rules {
  readonly public?: object
  readonly auth?: { readonly role?: Role; readonly scope?: string }
  readonly access?: { readonly level: AccessLevel; readonly argument: string }
  readonly rateLimit?: { readonly max: number; readonly windowSeconds: number; readonly per?: 'IP' | 'USER' }
}

const rulesOf = (field: GraphQLField<unknown, unknown>): Rules => (field.extensions.directives ?? {}) as Rules

/**
 * Puts the one check in front of every root field that enforces what its directives say.
 * @throws when a root field says neither who may call it nor that everybody may: such a schema does not start.
 */
export function guardRootFields(schema: GraphQLSchema): GraphQLSchema {
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      const rules = rulesOf(field)
      if (!rules.public && !rules.auth && !rules.access) throw new Error(`${root?.name}.${field.name} needs @public, @auth or @access.`)
      if (field.subscribe) field.subscribe = guarded(field, rules, field.subscribe)
      else field.resolve = guarded(field, rules, field.resolve ?? defaultFieldResolver)
    }
  }
  return schema
}

type Resolver = GraphQLFieldResolver<unknown, Context>

function guarded(field: GraphQLField<unknown, Context>, rules: Rules, inner: Resolver): Resolver {
  const checkIds = idChecksOf(field)
  return async (source, args, context, info) => {
    if (rules.rateLimit) await limit(field.name, rules.rateLimit, context)
    if (!rules.public) {
      if (rules.auth?.role === 'ADMIN') administering(context)
      else signedIn(context)
      checkScope(context.viewer?.scopes ?? null, rules.auth?.scope)
    }
    checkIds(args)
    if (rules.access) await context.services.access.require(signedIn(context), argumentAt(args, rules.access.argument), rules.access.level)
    return inner(source, args, context, info)
  }
}

/** The viewer of an operation that needs one. @throws UNAUTHENTICATED */
export function signedIn(context: Context) {
  if (!context.viewer) throw new AppError('UNAUTHENTICATED', 'Sign in first: send `authorization: Bearer <access token>`.')
  return context.viewer
}

/** Whoever administers the server with an operation. @throws UNAUTHENTICATED, FORBIDDEN for users who may not */
function administering(context: Context): Admin {
  if (context.admin) return context.admin
  signedIn(context)
  throw new AppError('FORBIDDEN', 'Only administrators may do this, and only from where they are allowed to.')
}

function checkScope(held: readonly string[] | null, needed: string | undefined): void {
  if (needed && held && !held.includes(needed)) throw new AppError('FORBIDDEN', `The token lacks the scope ${needed}.`)
}

function limit(name: string, rule: NonNullable<Rules['rateLimit']>, context: Context): Promise<void> {
  const subject = rule.per !== 'IP' && context.viewer ? context.viewer.userId : context.ip
  return context.services.limits.take(name, subject, rule)
}

function argumentAt(args: unknown, path: string): string {
  const value = path.split('.').reduce((at: unknown, name) => (at as Record<string, unknown> | undefined)?.[name], args)
  if (typeof value !== 'string') throw new Error(`@access names the argument ${path}, which holds no id.`)
  return value
}
