import type { Mail } from './mail.ts'

/** Where a link leads, and which operation GraphiQL shows there with the token filled in. */
export const linkOperations = {
  '/setup': 'mutation BecomeAdmin($input: ClaimAdminInput!) {\n  claimAdmin(input: $input) { user { id email role } }\n}',
  '/verify-email': 'mutation VerifyEmail($input: VerifyEmailInput!) {\n  verifyEmail(input: $input) { user { id email emailVerified } }\n}',
  '/reset-password':
    'mutation ResetPassword($input: ResetPasswordInput!) {\n  resetPassword(input: $input) { user { id email } accessToken refreshToken expiresAt }\n}',
} as const

type LinkPath = keyof typeof linkOperations

export const linkTo = (publicUrl: string, path: LinkPath, token: string): string =>
  `${publicUrl.replace(/\/+$/, '')}${path}?token=${encodeURIComponent(token)}`

export const verificationMail = (to: string, publicUrl: string, token: string): Mail => ({
  to,
  subject: 'Verify your e-mail address',
  text: [
    'Somebody, probably you, gave this address for an account. To say that it is yours, open this link within 24 hours:',
    linkTo(publicUrl, '/verify-email', token),
    `If your app asks for a code, it is: ${token}`,
    'If it was not you, do nothing.',
  ].join('\n\n'),
})

export const resetMail = (to: string, publicUrl: string, token: string): Mail => ({
  to,
  subject: 'Choose a new password',
  text: [
    'Somebody, probably you, asked for a new password for your account. To choose one, open this link within one hour:',
    linkTo(publicUrl, '/reset-password', token),
    `If your app asks for a code, it is: ${token}`,
    'If it was not you, do nothing: your password stays as it is.',
  ].join('\n\n'),
})
