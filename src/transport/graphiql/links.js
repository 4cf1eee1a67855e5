// Runs in the browser. Links in mails and in the log lead here: each shows the operation that its token is for.

const logIn = {
  query: `# 1. Sign in as whoever shall be the administrator. (For a new account, use the mutation \`register\`.)
mutation Login($input: LoginInput!) {
  login(input: $input) {
    user { id email role }
    accessToken
  }
}
`,
  input: { email: '', password: '' },
}

const operations = {
  '/setup': token => [
    logIn,
    {
      query: `# 2. Become the administrator.
mutation ClaimAdmin($input: ClaimAdminInput!) {
  claimAdmin(input: $input) {
    user { id email role }
  }
}
`,
      input: { token },
    },
  ],
  '/verify-email': token => [
    {
      query: `# Run this to say that the address is yours.
mutation VerifyEmail($input: VerifyEmailInput!) {
  verifyEmail(input: $input) {
    user { id email emailVerified }
  }
}
`,
      input: { token },
    },
  ],
  '/reset-password': token => [
    {
      query: `# Choose a new password below, and run this.
mutation ResetPassword($input: ResetPasswordInput!) {
  resetPassword(input: $input) {
    user { id email }
    accessToken
    refreshToken
    expiresAt
  }
}
`,
      input: { token, newPassword: '' },
    },
  ],
}

/** The tabs for a link, or null. The token leaves the address bar, and with it the history. */
export function linkTabs() {
  const { pathname, hash } = location
  const token = new URLSearchParams(hash.slice(1)).get('token')
  if (!Object.hasOwn(operations, pathname) || token === null) return null
  history.replaceState(null, '', pathname)
  return operations[pathname](token).map(({ query, input }) => ({ query, variables: JSON.stringify({ input }, null, 2) }))
}
