import { scopes } from '../../access/scope.ts'
import { builder } from '../../graph/builder.ts'
import { administering } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { User } from '../schema.ts'
import { type IssuedToken as IssuedTokenModel, maxTokens } from './service.ts'
import type { IssuedTokenRow } from './store.ts'
import { ttlBounds } from './token-input.ts'

const scopesText =
  'What the token is limited to; null: whatever its user may do. `room:read` is for queries and subscriptions of a room, `room:write` for these and its mutations; what a field gives goes with it, and public fields need no scope. ' +
  '`admin` lets the token of an ADMIN administer the server, which includes issuing tokens for all else; without it, it is that of an ordinary user.'
const ttlText = `Its life in seconds, ${ttlBounds.min} to ${ttlBounds.max} (400 days); default ${ttlBounds.fallback} (30 days).`
const scopesInput = `${scopesText} At least one of: ${scopes.map(scope => `\`${scope}\``).join(', ')}.`

const IssuedToken = builder.objectRef<IssuedTokenModel>('IssuedToken').implement({
  description: 'A token that an administrator gave out. It can’t be refreshed; it is good until it expires or is revoked.',
  fields: t => ({
    token: t.exposeString('token', {
      description: 'Send it as `authorization: Bearer …`, or as `token` in `connection_init`. The server does not keep it.',
    }),
    jti: t.exposeID('jti', { description: 'Names the token, for `revokeToken`.' }),
    user: t.field({ type: User, description: 'Whom it speaks for.', resolve: issued => issued.user }),
    scopes: t.exposeStringList('scopes', { nullable: true, description: scopesText }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it ends.', resolve: issued => issued.expiresAt }),
    signingKey: t.exposeString('signingKey', {
      nullable: true,
      description:
        'What operations with this token over HTTP are signed with, 32 bytes in base64url (see schema/signatures.md); null when the server’s secret was replaced since.',
    }),
  }),
})

const TokenGrant = builder.objectRef<IssuedTokenRow>('TokenGrant').implement({
  description: 'What is known of a token that was given out; the token itself is not kept.',
  fields: t => ({
    jti: t.exposeID('jti', { description: 'Names the token, for `revokeToken`.' }),
    scopes: t.exposeStringList('scopes', { nullable: true, description: scopesText }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was given out.', resolve: grant => grant.createdAt }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it ends.', resolve: grant => grant.expiresAt }),
  }),
})

const IssueTokenInput = builder.inputType('IssueTokenInput', {
  description: 'Whom a token is for, and what for. The user is found by id, else by e-mail; where there is none, one is made, without a password.',
  fields: t => ({
    userId: t.id({ description: '`user_` and a UUIDv7. With `email`, both have to be of one user, or CONFLICT.' }),
    email: t.string({
      description:
        'At most 254 characters; case does not matter. CONFLICT without `userId` when whoever registered with it did not verify it: somebody else may have.',
    }),
    displayName: t.string({ description: 'Name of the user if one is made, 1 to 200 characters; else it changes nothing.' }),
    ttlSeconds: t.int({ description: ttlText }),
    scopes: t.stringList({ description: scopesInput }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const RotateTokensInput = builder.inputType('RotateTokensInput', {
  description: 'Whose tokens and sessions end, and what the new token is for.',
  fields: t => ({
    userId: t.id({ required: true, description: 'Whose. NOT_FOUND when there is no such user.' }),
    ttlSeconds: t.int({ description: ttlText }),
    scopes: t.stringList({ description: scopesInput }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const RevokeTokenInput = builder.inputType('RevokeTokenInput', {
  description: 'A token to end.',
  fields: t => ({ jti: t.id({ required: true, description: 'Which: the `jti` it was given out with.' }) }),
})

const RevokeTokenPayload = builder.objectRef<{ revokedJti: string }>('RevokeTokenPayload').implement({
  description: 'What revokeToken did.',
  fields: t => ({ revokedJti: t.exposeID('revokedJti', { description: 'Names the token that is over.' }) }),
})

const repeated =
  'A repeat with the same idempotencyKey gets the same token (its signature may be another one), as long as that is good; then TOKEN_REVOKED.'

builder.queryField('issuedTokens', t =>
  t.field({
    type: [TokenGrant],
    directives: { auth: { role: 'ADMIN' } },
    description: `The good tokens that a user was given by administrators, the newest first; at most ${maxTokens}. Empty when there is no such user.`,
    args: { userId: t.arg.id({ required: true, description: 'Whose.' }) },
    resolve: (_, { userId }, context) => context.services.accounts.issuedTokens(administering(context), userId),
  }),
)

builder.mutationFields(t => ({
  issueToken: t.field({
    type: IssuedToken,
    directives: { auth: { role: 'ADMIN' } },
    description: `Gives out a token, and makes its user if there is none. QUOTA_EXCEEDED when the user has ${maxTokens} good ones. It ends too when its user changes or resets the password, signs out everywhere, or deletes the account. ${repeated}`,
    args: { input: t.arg({ type: IssueTokenInput, required: true, description: 'For whom, and what for.' }) },
    resolve: (_, { input }, context) => context.services.accounts.issueToken(administering(context), input),
  }),
  rotateTokens: t.field({
    type: IssuedToken,
    directives: { auth: { role: 'ADMIN' } },
    description: `Ends every session and every issued token of a user, closes within a second what is open with them, and gives a new token. Tokens of other issuers end with their issuer. ${repeated}`,
    args: { input: t.arg({ type: RotateTokensInput, required: true, description: 'Whose.' }) },
    resolve: (_, { input }, context) => context.services.accounts.rotateTokens(administering(context), input),
  }),
  revokeToken: t.field({
    type: RevokeTokenPayload,
    directives: { auth: { role: 'ADMIN' } },
    description: 'Ends an issued token; what is open with it closes within a second, on every node. NOT_FOUND when there is none, or none any more.',
    args: { input: t.arg({ type: RevokeTokenInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, context) => context.services.accounts.revokeToken(administering(context), input),
  }),
}))
