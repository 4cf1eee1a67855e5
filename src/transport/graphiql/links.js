// Runs in the browser. Links in mails and in the log lead here: each shows the operation that its token is for.
import { linkOperations } from './link-operations.ts'

const tabs = {
  '/setup': token => [
    { query: linkOperations.logIn, input: { email: '', password: '' } },
    { query: linkOperations.claimAdmin, input: { token } },
  ],
  '/verify-email': token => [{ query: linkOperations.verifyEmail, input: { token } }],
  '/reset-password': token => [{ query: linkOperations.resetPassword, input: { token, newPassword: '' } }],
}

/** The tabs for a link, or null. The token leaves the address bar, and with it the history. */
export function linkTabs() {
  const { pathname, hash } = location
  const token = new URLSearchParams(hash.slice(1)).get('token')
  if (!Object.hasOwn(tabs, pathname) || token === null) return null
  history.replaceState(null, '', pathname)
  return tabs[pathname](token).map(({ query, input }) => ({ query, variables: JSON.stringify({ input }, null, 2) }))
}
