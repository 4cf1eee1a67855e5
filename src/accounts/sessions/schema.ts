import { AppError } from '../../errors.ts'
import { builder } from '../../graph/builder.ts'
import type { Context } from '../../graph/context.ts'
import { ErrorCode } from '../../graph/enums.ts'
import { administering, signedIn } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { Node, registerNode } from '../../graph/node.ts'
import { rootsOf } from '../../graph/roots.ts'
import { Device } from '../devices/schema.ts'
import { User } from '../schema.ts'
import type { TokenVerdict } from './authentication.ts'
import type { AuthPayload as AuthPayloadModel, Session as SessionModel } from './session.ts'

const roots = rootsOf('account')

const Session = builder.objectRef<SessionModel>('Session').implement({
  description:
    'One signed-in place. Refreshing rotates its tokens; presenting a used refresh token ends the session. Only its owner and administrators see it.',
  interfaces: [Node],
  fields: t => ({
    device: t.field({ type: Device, nullable: true, description: 'What was signed in with, if it was named.', resolve: session => session.device }),
    userAgent: t.exposeString('userAgent', { nullable: true, description: 'The User-Agent header at sign-in, its first 400 characters.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was signed in.', resolve: session => session.createdAt }),
    lastUsedAt: t.field({ type: 'DateTime', description: 'When its tokens were last given out.', resolve: session => session.lastUsedAt }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it ends, unless it is refreshed before.', resolve: session => session.expiresAt }),
    current: t.boolean({
      directives: { perViewer: {} },
      description: 'Whether the answer goes to this session.',
      resolve: (session, _, { viewer }) => session.current ?? viewer?.sessionId === session.id,
    }),
  }),
})

registerNode('sess', (id, { loaders }) => loaders.sessions.load(id))

export const AuthPayload = builder.objectRef<AuthPayloadModel>('AuthPayload').implement({
  description: 'A signed-in session and the tokens that prove it.',
  fields: t => ({
    user: t.field({ type: User, description: 'Who is signed in.', resolve: payload => payload.user }),
    session: t.field({ type: Session, description: 'The session the tokens belong to.', resolve: payload => payload.session }),
    accessToken: t.exposeString('accessToken', { description: 'Send it as `authorization: Bearer …`, or as `token` in `connection_init`.' }),
    refreshToken: t.exposeString('refreshToken', { description: 'Good for one refreshSession. Keep it as you would keep the password.' }),
    signingKey: t.exposeString('signingKey', {
      nullable: true,
      description:
        'What operations of this session over HTTP are signed with, 32 bytes in base64url (see schema/signatures.md). It is given when the password, or a mail, is proved, and the session keeps it: null from refreshSession, unless the session had none.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'When the access token ends.', resolve: payload => payload.expiresAt }),
  }),
})

const RegisterInput = builder.inputType('RegisterInput', {
  description: 'A new account.',
  fields: t => ({
    email: t.string({ required: true, description: 'At most 254 characters; case does not matter.' }),
    password: t.string({ required: true, description: '8 to 256 characters, none of the most common ones.' }),
    displayName: t.string({ description: 'What others see, 1 to 200 characters.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const LoginInput = builder.inputType('LoginInput', {
  description: 'Who wants to sign in.',
  fields: t => ({
    email: t.string({ required: true, description: 'The address of the account.' }),
    password: t.string({ required: true, description: 'Its password.' }),
    deviceName: t.string({ description: 'What the device is called, 1 to 200 characters; it is found among the user’s devices, or made.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const RefreshSessionInput = builder.inputType('RefreshSessionInput', {
  description: 'A session to go on with.',
  fields: t => ({ refreshToken: t.string({ required: true, description: 'The refresh token that was given out last.' }) }),
})

const VerifyTokenInput = builder.inputType('VerifyTokenInput', {
  description: 'A token in question.',
  fields: t => ({ token: t.string({ required: true, description: 'An access token, of this server or of an issuer it accepts.' }) }),
})

const VerifyTokenPayload = builder.objectRef<TokenVerdict>('VerifyTokenPayload').implement({
  description: 'What is to be said of a token.',
  fields: t => ({
    valid: t.exposeBoolean('valid', { description: 'Whether it would be accepted now.' }),
    user: t.field({ type: User, nullable: true, description: 'Whom it speaks for; null when it is not valid.', resolve: verdict => verdict.user }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ends; null when it is not valid.',
      resolve: verdict => verdict.expiresAt,
    }),
    reason: t.field({
      type: ErrorCode,
      nullable: true,
      description: 'Why it is not valid: TOKEN_EXPIRED, TOKEN_REVOKED or UNAUTHENTICATED.',
      resolve: verdict => verdict.reason,
    }),
  }),
})

const LogoutInput = builder.inputType('LogoutInput', {
  description: 'What to sign out of.',
  fields: t => ({
    everywhere: t.boolean({ defaultValue: false, description: 'All sessions of the viewer, and all tokens issued for them, not this one only.' }),
  }),
})

const LogoutPayload = builder.objectRef<{ endedSessions: number }>('LogoutPayload').implement({
  description: 'What logout did.',
  fields: t => ({ endedSessions: t.exposeInt('endedSessions', { description: 'How many sessions it ended.' }) }),
})

const RevokeSessionInput = builder.inputType('RevokeSessionInput', {
  description: 'A session to end.',
  fields: t => ({ id: t.id({ required: true, description: 'Which.' }) }),
})

const RevokeSessionPayload = builder.objectRef<{ revokedId: string }>('RevokeSessionPayload').implement({
  description: 'What revokeSession did.',
  fields: t => ({ revokedId: t.exposeID('revokedId', { description: 'The id of the session that is over.' }) }),
})

const RenewConnectionInput = builder.inputType('RenewConnectionInput', {
  description: 'What lets an open socket go on.',
  fields: t => ({ accessToken: t.string({ required: true, description: 'A fresh access token of the same user.' }) }),
})

const RenewConnectionPayload = builder.objectRef<{ expiresAt: Date }>('RenewConnectionPayload').implement({
  description: 'What renewConnection did.',
  fields: t => ({
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the socket ends now, unless it is renewed again.',
      resolve: payload => payload.expiresAt,
    }),
  }),
})

roots.queryField('sessions', t =>
  t.field({
    type: [Session],
    directives: { auth: {} },
    description: 'Where the viewer is signed in, or for administrators somebody else, the session used last first; at most 100 are kept.',
    args: { userId: t.arg.id({ description: 'Whose. FORBIDDEN for another user than the viewer, unless the viewer administers the server.' }) },
    resolve: (_, { userId }, context) => sessionsOf(context, userId),
  }),
)

roots.mutationFields(t => ({
  register: t.field({
    type: AuthPayload,
    directives: { public: {}, signIn: {} },
    description:
      'Makes an account and signs in. EMAIL_TAKEN when the address has one, RATE_LIMITED for many such calls from one address, FORBIDDEN when the server takes no registrations. A repeat with the same idempotencyKey and password gets fresh tokens of the same session.',
    args: { input: t.arg({ type: RegisterInput, required: true, description: 'The account.' }) },
    resolve: (_, { input }, context) => context.services.accounts.register(input, context),
  }),
  login: t.field({
    type: AuthPayload,
    directives: { public: {}, signIn: {} },
    description:
      'Signs in. INVALID_CREDENTIALS for a wrong password and for an unknown address alike. After 5 failures from one address, ACCOUNT_LOCKED with a wait that doubles from 2 s to 15 min; who signed in from an address before does not wait for failures elsewhere. A repeat with the same idempotencyKey gets fresh tokens of the same session.',
    args: { input: t.arg({ type: LoginInput, required: true, description: 'Who, and how they prove it.' }) },
    resolve: (_, { input }, context) => context.services.accounts.login(input, context),
  }),
  refreshSession: t.field({
    type: AuthPayload,
    directives: { public: {}, signIn: {} },
    description:
      'Exchanges a refresh token for new tokens. Each is good once: presenting it again, even at the same moment, or because the first answer was lost, ends the session with TOKEN_REVOKED. TOKEN_EXPIRED when the session has run out.',
    args: { input: t.arg({ type: RefreshSessionInput, required: true, description: 'The token.' }) },
    resolve: (_, { input }, context) => context.services.accounts.refreshSession(input, context),
  }),
  verifyToken: t.field({
    type: VerifyTokenPayload,
    directives: { public: {}, rateLimit: { max: 600, windowSeconds: 60, per: 'IP' } },
    description: 'Says whether an access token is good, and whose it is: for services that get tokens of this server.',
    args: { input: t.arg({ type: VerifyTokenInput, required: true, description: 'The token.' }) },
    resolve: (_, { input }, context) => context.services.accounts.verifyToken(input, context),
  }),
  logout: t.field({
    type: LogoutPayload,
    directives: { auth: {} },
    description:
      'Ends this session or issued token, or all of the viewer’s; what they have open closes within a second, on every node. Tokens of other issuers end with their issuer.',
    args: { input: t.arg({ type: LogoutInput, required: false, description: 'What to sign out of; without it, this session.' }) },
    resolve: (_, { input }, context) => context.services.accounts.logout(signedIn(context), input),
  }),
  revokeSession: t.field({
    type: RevokeSessionPayload,
    directives: { auth: {} },
    description:
      'Ends one session of the viewer, or for administrators of anybody; what is open in it closes within a second, on every node. NOT_FOUND when it is not theirs, or over.',
    args: { input: t.arg({ type: RevokeSessionInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, context) => context.services.accounts.revokeSession(context, input),
  }),
}))

// Whatever a token is limited to, the fresh one has scopes of its own.
rootsOf(null).mutationField('renewConnection', t =>
  t.field({
    type: RenewConnectionPayload,
    directives: { auth: {} },
    description:
      'Gives an open socket a fresh access token before its old one ends. BAD_USER_INPUT for a token of another user, CONFLICT over HTTP, where nothing is open.',
    args: { input: t.arg({ type: RenewConnectionInput, required: true, description: 'The token.' }) },
    resolve: (_, { input }, context) => renewConnection(context, input),
  }),
)

function sessionsOf(context: Context, userId: string | null | undefined): Promise<SessionModel[]> {
  const { services, viewer } = context
  if (userId == null || userId === viewer?.userId) return services.accounts.sessions(signedIn(context))
  if (!context.admin) services.audit.refuse(signedIn(context), 'admin-refused', { target: 'Query.sessions' })
  return services.accounts.sessionsOf(administering(context), userId)
}

async function renewConnection(context: Context, input: { readonly accessToken: string }): Promise<{ expiresAt: Date }> {
  const { connection, services } = context
  if (!connection) throw new AppError('CONFLICT', 'Only an open socket can be renewed; over HTTP, send the new token with the next request.')
  const identity = await services.accounts.renewal(signedIn(context), input)
  connection.renew(identity)
  return { expiresAt: identity.viewer.expiresAt }
}
