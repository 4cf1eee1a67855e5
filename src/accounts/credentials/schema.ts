import { builder } from '../../graph/builder.ts'
import { signedIn } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { rootsOf } from '../../graph/roots.ts'
import { User } from '../schema.ts'
import { AuthPayload } from '../sessions/schema.ts'
import type { User as UserModel } from '../users/user.ts'

const roots = rootsOf('account')

const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'A new password for the viewer.',
  fields: t => ({
    currentPassword: t.string({ required: true, description: 'The password until now.' }),
    newPassword: t.string({ required: true, description: '8 to 256 characters, none of the most common ones.' }),
  }),
})

const RequestPasswordResetInput = builder.inputType('RequestPasswordResetInput', {
  description: 'Who forgot their password.',
  fields: t => ({ email: t.string({ required: true, description: 'The address of the account.' }) }),
})

const RequestPasswordResetPayload = builder.objectRef<{ accepted: boolean }>('RequestPasswordResetPayload').implement({
  description: 'Always accepted, whether or not there is such an account.',
  fields: t => ({ accepted: t.exposeBoolean('accepted', { description: 'True.' }) }),
})

const ResetPasswordInput = builder.inputType('ResetPasswordInput', {
  description: 'A new password, by mail.',
  fields: t => ({
    token: t.string({ required: true, description: 'From the mail; good once, for one hour.' }),
    newPassword: t.string({ required: true, description: '8 to 256 characters, none of the most common ones.' }),
  }),
})

const RequestEmailVerificationInput = builder.inputType('RequestEmailVerificationInput', {
  description: 'Another mail to the viewer’s address.',
  fields: t => ({ idempotencyKey: idempotencyKeyField(t) }),
})

const RequestEmailVerificationPayload = builder.objectRef<{ accepted: boolean }>('RequestEmailVerificationPayload').implement({
  description: 'What requestEmailVerification did.',
  fields: t => ({ accepted: t.exposeBoolean('accepted', { description: 'True; an address that is verified already gets no mail.' }) }),
})

const VerifyEmailInput = builder.inputType('VerifyEmailInput', {
  description: 'What shows that an address is someone’s.',
  fields: t => ({ token: t.string({ required: true, description: 'From the mail; good once, for 24 hours.' }) }),
})

const VerifyEmailPayload = builder.objectRef<{ user: UserModel }>('VerifyEmailPayload').implement({
  description: 'What verifyEmail did.',
  fields: t => ({ user: t.field({ type: User, description: 'Whose address it is.', resolve: payload => payload.user }) }),
})

roots.mutationFields(t => ({
  changePassword: t.field({
    type: AuthPayload,
    directives: { auth: {} },
    description:
      'Sets another password, ends every other session and every issued token, and gives this one new tokens. INVALID_CREDENTIALS or ACCOUNT_LOCKED for wrong passwords; CONFLICT for accounts without one.',
    args: { input: t.arg({ type: ChangePasswordInput, required: true, description: 'Both passwords.' }) },
    resolve: (_, { input }, context) => context.services.accounts.changePassword(signedIn(context), input, context),
  }),
  requestPasswordReset: t.field({
    type: RequestPasswordResetPayload,
    directives: { public: {}, signIn: {}, rateLimit: { max: 20, windowSeconds: 3600, per: 'IP' } },
    description: 'Mails a token for resetPassword, at most 5 in an hour, if there is such an account. CONFLICT when the server can’t send mail.',
    args: { input: t.arg({ type: RequestPasswordResetInput, required: true, description: 'Whose.' }) },
    resolve: (_, { input }, context) => context.services.accounts.requestPasswordReset(input),
  }),
  resetPassword: t.field({
    type: AuthPayload,
    directives: { public: {}, signIn: {}, rateLimit: { max: 60, windowSeconds: 3600, per: 'IP' } },
    description:
      'Sets another password, ends every session and issued token, and signs in. BAD_USER_INPUT for a token that was used, has ended, or never was one.',
    args: { input: t.arg({ type: ResetPasswordInput, required: true, description: 'The token and the password.' }) },
    resolve: (_, { input }, context) => context.services.accounts.resetPassword(input, context),
  }),
  requestEmailVerification: t.field({
    type: RequestEmailVerificationPayload,
    directives: { auth: {} },
    description:
      'Mails the viewer another token for verifyEmail, at most 5 in an hour: RATE_LIMITED. CONFLICT when the account has no address, or the server can’t send mail.',
    args: { input: t.arg({ type: RequestEmailVerificationInput, required: false, description: 'How to ask safely twice.' }) },
    resolve: (_, { input }, context) => context.services.accounts.requestEmailVerification(signedIn(context), input),
  }),
  verifyEmail: t.field({
    type: VerifyEmailPayload,
    directives: { public: {}, signIn: {}, rateLimit: { max: 60, windowSeconds: 3600, per: 'IP' } },
    description: 'Marks an address as verified. BAD_USER_INPUT for a token that was used, has ended, or never was one.',
    args: { input: t.arg({ type: VerifyEmailInput, required: true, description: 'The token.' }) },
    resolve: (_, { input }, context) => context.services.accounts.verifyEmail(input, context),
  }),
}))
