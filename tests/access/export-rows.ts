import { all, type Row } from './outcomes.ts'

const administrators = all('UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'ok')

/** What everybody gets of exports. */
export const exportRows: Readonly<Record<string, Row>> = {
  'Query.export': { call: ({ exportId }) => `export(id: "${exportId}") { id downloadUrl }`, outcomes: administrators },
  'Query.exports': { call: () => 'exports { nodes { id downloadUrl } }', outcomes: administrators },
  'Query.node (export)': {
    call: ({ exportId }) => `node(id: "${exportId}") { ... on Export { id downloadUrl } }`,
    outcomes: all('UNAUTHENTICATED', 'null', 'null', 'null', 'null', 'ok'),
  },
  'Mutation.createExport': { call: () => 'createExport(input: { kind: USERS, format: CSV }) { export { id } }', outcomes: administrators },
  'Mutation.createExport (of a user)': {
    call: ({ own }) => `createExport(input: { kind: USERS, format: CSV, userId: "${own.userId}" }) { export { id } }`,
    outcomes: administrators,
  },
  'Subscription.exportProgress': { call: ({ exportId }) => `exportProgress(id: "${exportId}") { id downloadUrl }`, outcomes: administrators },
}
