import type { Mail } from './mail.ts'

/** Pages of GraphiQL with the operation that the token is for (src/transport/graphiql/links.js). */
type LinkPath = '/setup' | '/verify-email' | '/reset-password'

/** The token is behind the `#`, which browsers keep to themselves: no log of a server or proxy on the way has it. */
export const linkTo = (publicUrl: string, path: LinkPath, token: string): string =>
  `${publicUrl.replace(/\/+$/, '')}${path}#token=${encodeURIComponent(token)}`

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
