// Runs in the browser as it is, so there is nothing in it but JavaScript. The server trusts these texts where it runs only known ones.

/** What the links in mails and in the log show, for whoever opens them to run. */
export const linkOperations = {
  logIn: `# 1. Sign in as whoever shall be the administrator. (For a new account, use the mutation \`register\`.)
mutation Login($input: LoginInput!) {
  login(input: $input) {
    user { id email role }
    accessToken
  }
}
`,
  claimAdmin: `# 2. Become the administrator.
mutation ClaimAdmin($input: ClaimAdminInput!) {
  claimAdmin(input: $input) {
    user { id email role }
  }
}
`,
  verifyEmail: `# Run this to say that the address is yours.
mutation VerifyEmail($input: VerifyEmailInput!) {
  verifyEmail(input: $input) {
    user { id email emailVerified }
  }
}
`,
  resetPassword: `# Choose a new password below, and run this.
mutation ResetPassword($input: ResetPasswordInput!) {
  resetPassword(input: $input) {
    user { id email }
    accessToken
    refreshToken
    expiresAt
  }
}
`,
}
