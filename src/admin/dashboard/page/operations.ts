const entry = 'id at cursor action target ip actorId actorBy details actor { id displayName email }'
const exported = 'id kind format status progress rowCount sizeBytes error createdAt expiresAt userId since'

/** Everything the page asks. A server that runs only the operations it knows knows these; the browser loads this file as it is. */
export const operations = {
  logIn: 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }',
  logOut: 'mutation { logout { endedSessions } }',
  viewer: '{ viewer { id email displayName } }',
  nodes: '{ serverStats { nodes } }',
  stats: `subscription { serverStats(intervalMs: 1000) {
    at version uptimeSeconds nodes connections authenticatedConnections subscriptions messagesPerSecond operationsPerSecond
    latencyP50Ms latencyP99Ms users documents records notes chats vaults databaseBytes
  } }`,
  connected: '{ connectionsByUser(first: 12) { deviceCount user { id displayName email } } }',
  audit: `query ($first: Int, $after: String, $action: String, $actorId: ID) {
    auditLog(first: $first, after: $after, action: $action, actorId: $actorId) { nodes { ${entry} } pageInfo { hasNextPage endCursor } }
  }`,
  activity: `subscription ($after: Cursor) { auditEvents(after: $after) { ${entry} } }`,
  users: `query ($search: String, $first: Int, $after: String) {
    users(search: $search, first: $first, after: $after) {
      nodes { id email displayName role emailVerified createdAt sessionCount }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  access: `query ($userId: ID!) {
    sessions(userId: $userId) { id userAgent lastUsedAt createdAt device { name } }
    issuedTokens(userId: $userId) { jti scopes createdAt expiresAt }
  }`,
  setRole: 'mutation ($input: SetRoleInput!) { setRole(input: $input) { user { id role } } }',
  revokeSession: 'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { revokedId } }',
  revokeToken: 'mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { revokedJti } }',
  exports: `{ exports(first: 50) { nodes { ${exported} } } }`,
  exportLink: 'query ($id: ID!) { export(id: $id) { downloadUrl } }',
  createExport: `mutation ($input: CreateExportInput!) { createExport(input: $input) { export { ${exported} } } }`,
  exportProgress: `subscription ($id: ID!) { exportProgress(id: $id) { ${exported} } }`,
}
