import { all, type Row } from './outcomes.ts'

const administrators = all('UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'ok')

/** What everybody gets of how the server is. */
export const statsRows: Readonly<Record<string, Row>> = {
  'Query.serverStats': { call: () => 'serverStats { nodes connections users databaseBytes }', outcomes: administrators },
  'Query.connectionsByUser': { call: () => 'connectionsByUser { user { id email } deviceCount }', outcomes: administrators },
  'Subscription.serverStats': { call: () => 'serverStats(intervalMs: 60000) { nodes }', outcomes: administrators },
}
