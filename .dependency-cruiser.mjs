// The arrows of the house: transport → schema → */schema → */service → */store → */table.
// Each rule is one arrow that must not be there. `npm run boundaries` checks them all.

// A layer is known by the end of its file's name: `notes/store.ts`, `notes/folder-store.ts`. src/schema.ts, at the top, is none.
const layer = name => `^src/[^.]+[/-]${name}[.]ts$`
const [schema, service, store, table] = ['schema', 'service', 'store', 'table'].map(layer)
const graphql = '(?:^|/)node_modules/(?:graphql|graphql-yoga|graphql-ws|graphql-scalars|@graphql-tools|@graphql-yoga|@pothos)/'
const sql = '(?:^|/)node_modules/(?:drizzle-orm|pg|pg-protocol|@electric-sql)/'
const ground = '^src/(?:feed|access|audit|signals|merge|platform)/'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one file, or lack a third below both. Types are gone when the code runs, so they may point back.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'merge-imports-nothing',
      comment: 'Merging is pure: the same inputs give the same winner, whatever else the server is made of.',
      severity: 'error',
      from: { path: '^src/merge/' },
      to: { pathNot: '^src/merge/' },
    },
    {
      name: 'only-store-table-and-platform-know-sql',
      comment: 'A query lives in a store, a column in a table, the driver in platform. Everybody else calls a function with a name.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/platform/', store, table] },
      to: { path: sql },
    },
    {
      name: 'only-schema-graph-and-transport-know-graphql',
      comment: 'Services work the same for a test, a job or another API; what is GraphQL stays at the edge.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/schema\\.ts$', schema, '^src/graph/', '^src/transport/'] },
      to: { path: graphql },
    },
    {
      name: 'graph-belongs-to-schemas',
      comment: 'The builder and its helpers serve the schemas and the transport, and the app joins them; nothing below depends on how the API looks.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/app\\.ts$', '^src/schema\\.ts$', schema, '^src/graph/', '^src/transport/'] },
      to: { path: '^src/graph/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'transport-belongs-to-app',
      comment: 'Transport is the outermost layer: createApp starts it, nobody else knows it.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/app\\.ts$', '^src/transport/'] },
      to: { path: '^src/transport/' },
    },
    {
      name: 'schemas-are-loaded-by-schemas',
      comment: 'A room’s schema adds itself to the API; only src/schema.ts and the schemas that name its types import it.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/schema\\.ts$', schema] },
      to: { path: schema },
    },
    {
      name: 'the-api-is-served-by-transport',
      comment: 'The whole schema is a leaf for everybody but the app and the transport that serves it.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/app\\.ts$', '^src/transport/'] },
      to: { path: '^src/schema\\.ts$' },
    },
    {
      name: 'schema-asks-the-service',
      comment: 'A resolver is one call to a service, which authorises; going to the store would pass by that. It may name the type of a row it gets.',
      severity: 'error',
      from: { path: [schema, '^src/(?:graph|transport)/', '^src/[^/]+\\.ts$'] },
      to: { path: [store, table], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'service-asks-the-store',
      comment: 'Columns are the store’s business; a service passes and gets rows.',
      severity: 'error',
      from: { path: service },
      to: { path: table },
    },
    {
      name: 'store-looks-down',
      comment: 'A store runs one query per function. It decides nothing, so it needs no service.',
      severity: 'error',
      from: { path: [store, table] },
      to: { path: [service, '^src/services\\.ts$'] },
    },
    {
      name: 'table-stands-alone',
      comment: 'A table is columns and indexes. Beside column types from platform it may name another table of its room, in a foreign key.',
      severity: 'error',
      from: { path: table },
      to: { path: '^src/', pathNot: ['^src/platform/', table], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'store-belongs-to-its-room',
      comment: 'Another room’s data comes from its service, which knows who may see it.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: [store, table], pathNot: '^src/$1/' },
    },
    {
      name: 'ground-knows-no-domain',
      comment: 'Feed, access, signals, merge and platform carry every domain; a new one must not need an edit there.',
      severity: 'error',
      from: { path: ground },
      to: { path: '^src/', pathNot: [ground, '^src/(?:config|errors)\\.ts$', '^src/graph/', schema, table], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'platform-is-the-bottom',
      comment: 'Database, bus, clock and log know nothing of what runs on them.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/', pathNot: ['^src/platform/', '^src/(?:config|errors)\\.ts$'] },
    },
    {
      name: 'composition-happens-at-the-top',
      comment: 'Only the app puts the services together, and only run starts it; everybody else is handed what it needs.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:app|run|main)\\.ts$' },
      to: { path: '^src/(?:services|app|run|main)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'source-needs-no-test',
      comment: 'What is shipped stands without tests, scripts and benchmarks.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(?:tests|bench|scripts|examples|clients)/' },
    },
    {
      name: 'clients-stand-alone',
      comment: 'What programs of others take along needs nothing of the server.',
      severity: 'error',
      from: { path: '^clients/' },
      to: { path: '^(?:src|tests|bench|scripts|examples)/' },
    },
    {
      name: 'source-needs-no-dev-dependency',
      comment: 'The image is installed with --omit=dev: this import would fail there.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(?:^|/)node_modules/@types/' },
    },
    {
      name: 'every-import-resolves',
      comment: 'The file or package is not there.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'dependencies-are-declared',
      comment: 'A package that is there by accident of somebody else’s dependencies can leave the same way.',
      severity: 'error',
      from: { path: '^(?:src|clients|tests|bench|scripts|examples)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What is generated, what a browser loads, and whom we are measured beside have no place in the house.
    exclude: { path: ['^tests/generated/', '^src/transport/graphiql/', '^bench/peers/[^/]+[.]js$', '^bench/peers/node_modules/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'types', 'default'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
}
