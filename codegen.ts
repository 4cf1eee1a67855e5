import type { CodegenConfig } from '@graphql-codegen/cli'

/** Types for every operation the tests write as graphql(`…`), from the printed schema; each is checked against it on the way. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: ['tests/**/*.ts', 'bench/**/*.ts', 'examples/**/*.ts', '!tests/generated/**', '!bench/peers/**'],
  ignoreNoDocuments: true,
  emitLegacyCommonJSImports: false,
  importExtension: '.ts',
  generates: {
    'tests/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        defaultScalarType: 'unknown',
        scalars: {
          ID: 'string',
          DateTime: 'string',
          JSON: 'unknown',
          Cursor: 'string',
          Ciphertext: 'string',
          VectorClock: 'Record<string, number>',
          BigInt: 'number',
          Upload: 'Blob | null',
        },
      },
    },
  },
}

export default config
