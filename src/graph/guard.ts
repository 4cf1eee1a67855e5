import { defaultFieldResolver, type GraphQLField, type GraphQLFieldResolver, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql'
import type { AccessLevel } from '../access/level.ts'
import { includesScope, type Scope } from '../access/scope.ts'
import type { Admin, Role, Viewer } from '../access/viewer.ts'
import type { AuditAction } from '../audit/action.ts'
import type { AuditNote } from '../audit/noted.ts'
import { AppError } from '../errors.ts'
import { argumentAt } from './argument-at.ts'
import type { Context } from './context.ts'
import { idChecksOf } from './id-check.ts'
import { type NeededScopes, needing, statedScopes } from './roots.ts'

/** What the schema says about a root field: who may call it, and how often. */
export interface Rules {
  readonly public?: object
  readonly auth?: { readonly role?: Role }
  readonly access?: { readonly level: AccessLevel; readonly argument: string }
  readonly rateLimit?: { readonly max: number; readonly windowSeconds: number; readonly per?: 'IP' | 'USER' }
  /** It signs in or recovers an account, and counts with all that do so from one address. */
  readonly signIn?: object
}

/**
 * Puts the one check in front of every root field that enforces what it says of itself.
 * @throws when a root field does not say who may call it and with which scope, nor that everybody may: such a schema does not start.
 */
export function guardRootFields(schema: GraphQLSchema): GraphQLSchema {
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      const rules = (field.extensions.directives ?? {}) as Rules
      if (!rules.public && !rules.auth && !rules.access) throw new Error(`${root?.name}.${field.name} needs @public, @auth or @access.`)
      const scopes = rules.public ? null : rules.auth?.role === 'ADMIN' ? needing('admin') : statedScopes(field)
      if (!rules.public && !scopes) throw new Error(`${root?.name}.${field.name} needs a scope: add it by \`rootsOf\`.`)
      if (scopes?.always) field.extensions = { ...field.extensions, directives: { ...rules, auth: { ...rules.auth, scope: scopes.always } } }
      // What the builder wrote of the directives before would be printed beside them.
      field.astNode = undefined
      if (field.subscribe) field.subscribe = guarded(field, rules, scopes, field.subscribe)
      else field.resolve = guarded(field, rules, scopes, field.resolve ?? defaultFieldResolver)
    }
  }
  return schema
}

/** For a field whose service looks up who may in the same breath as it does its work, and refuses with the errors of `access.require`. */
export const authorisesItself = { authorisesItself: true }

type Resolver = GraphQLFieldResolver<unknown, Context>

/** Waits only where a rule has something to ask for, so that most fields are resolved without a promise. */
function guarded(field: GraphQLField<unknown, Context>, rules: Rules, scopes: NeededScopes | null, inner: Resolver): Resolver {
  const { rateLimit, access, auth } = rules
  const checkIds = idChecksOf(field)
  const isForAdmins = auth?.role === 'ADMIN'
  const isItself = field.extensions['authorisesItself'] === true

  const resolve: Resolver = (source, args, context, info) => {
    const { viewer, admin } = context
    if (scopes && !(admin && isForAdmins)) {
      if (isForAdmins) tellRefused(context, info, 'admin-refused')
      // Who came with the key or the password of administrators is no user; a resolver that needs one says so by `signedIn`.
      if (!admin) signedIn(context)
      if (viewer) checkScopes(viewer, scopes.toCall(args), scope => isForAdmins || tellRefused(context, info, 'scope-refused', { scope }))
      if (isForAdmins) administering(context)
    }
    checkIds(args)
    if (!access || isItself) return inner(source, args, context, info)
    return context.services.access
      .require(signedIn(context), idAt(args, access.argument), access.level)
      .then(() => inner(source, args, context, info))
  }
  if (!rateLimit) return resolve
  return async (...call) => {
    const [, , context] = call
    await limit(field.name, rateLimit, context)
    return resolve(...call)
  }
}

/** The viewer of an operation that needs one. @throws UNAUTHENTICATED */
export function signedIn(context: Context) {
  if (!context.viewer) throw new AppError('UNAUTHENTICATED', 'Sign in first: send `authorization: Bearer <access token>`.')
  return context.viewer
}

/** Whoever administers the server with an operation. @throws UNAUTHENTICATED, FORBIDDEN for users who may not */
export function administering(context: Context): Admin {
  if (context.admin) return context.admin
  signedIn(context)
  throw new AppError('FORBIDDEN', 'Only administrators may do this, and only from where they are allowed to.')
}

function tellRefused(context: Context, { parentType, fieldName }: GraphQLResolveInfo, action: AuditAction, details?: AuditNote['details']): void {
  const { viewer, ip, services } = context
  services.audit.refuse(viewer ?? { userId: null, ip }, action, { target: `${parentType.name}.${fieldName}`, ...(details && { details }) })
}

function checkScopes({ scopes }: Viewer, needed: readonly Scope[], onLacking: (scope: Scope) => void): void {
  const lacking = needed.find(scope => !includesScope(scopes, scope))
  if (!lacking) return
  onLacking(lacking)
  throw new AppError('FORBIDDEN', `The token lacks the scope ${lacking}.`, { scope: lacking })
}

function limit(name: string, rule: NonNullable<Rules['rateLimit']>, context: Context): Promise<void> {
  const subject = rule.per !== 'IP' && context.viewer ? context.viewer.userId : context.ip
  return context.services.limits.take(name, subject, rule)
}

function idAt(args: unknown, path: string): string {
  const value = argumentAt(args, path)
  if (typeof value !== 'string') throw new Error(`@access names the argument ${path}, which holds no id.`)
  return value
}
