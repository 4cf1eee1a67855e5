import { all, type Row, signedIn } from './outcomes.ts'

const administrators = all('UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'ok')
/** Of what there is not; whether there is, is told to administrators alone. */
const ofNothing = all('UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'NOT_FOUND')

/** What administrators do with users, their sessions and their tokens. */
export const accountRows: Readonly<Record<string, Row>> = {
  'Query.users': { call: () => 'users { nodes { id email } }', outcomes: administrators },
  // Before the rows that end it.
  'Query.node (foreign session)': {
    call: ({ foreign }) => `node(id: "${foreign.sessionId}") { id }`,
    outcomes: all('UNAUTHENTICATED', 'null', 'null', 'null', 'null', 'ok'),
  },
  'Query.sessions (foreign)': { call: ({ foreign }) => `sessions(userId: "${foreign.userId}") { id }`, outcomes: administrators },
  'Query.sessions (own, by id)': { call: ({ own }) => `sessions(userId: "${own.userId}") { id }`, outcomes: signedIn('ok') },
  'Query.issuedTokens': { call: ({ foreign }) => `issuedTokens(userId: "${foreign.userId}") { jti }`, outcomes: administrators },
  'Query.issuedTokens (own)': { call: ({ own }) => `issuedTokens(userId: "${own.userId}") { jti }`, outcomes: administrators },
  'Mutation.revokeSession': {
    call: ({ foreign }) => `revokeSession(input: { id: "${foreign.sessionId}" }) { revokedId }`,
    outcomes: all('UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'ok'),
  },
  'Mutation.setRole': {
    call: ({ foreign }) => `setRole(input: { userId: "${foreign.userId}", role: USER }) { user { id } }`,
    outcomes: administrators,
  },
  'Mutation.setRole (more for oneself)': {
    call: ({ own }) => `setRole(input: { userId: "${own.userId}", role: ADMIN }) { user { id } }`,
    outcomes: administrators,
  },
  'Mutation.issueToken': { call: ({ foreign }) => `issueToken(input: { userId: "${foreign.userId}" }) { token }`, outcomes: administrators },
  'Mutation.issueToken (own)': { call: ({ own }) => `issueToken(input: { userId: "${own.userId}" }) { token }`, outcomes: administrators },
  'Mutation.rotateTokens': { call: () => 'rotateTokens(input: { userId: "user_nobody" }) { token }', outcomes: ofNothing },
  'Mutation.revokeToken': { call: () => 'revokeToken(input: { jti: "none" }) { revokedJti }', outcomes: ofNothing },
}
