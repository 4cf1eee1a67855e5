import { all, owners, type Row } from './outcomes.ts'

const administrators = all('UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'ok')

/** What everybody gets of the audit log; not even what one did oneself is shown to others than administrators. */
export const auditRows: Readonly<Record<string, Row>> = {
  'Query.auditLog': { call: () => 'auditLog { nodes { id } }', outcomes: administrators },
  'Query.auditLog (of a user)': { call: ({ own }) => `auditLog(actorId: "${own.userId}") { nodes { id } }`, outcomes: administrators },
  'Query.node (audit entry)': { call: ({ auditId }) => `node(id: "${auditId}") { id }`, outcomes: owners.lookers },
  'Subscription.auditEvents': { call: ({ auditCursor }) => `auditEvents(after: "${auditCursor}") { id }`, outcomes: administrators },
}
