import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Vite would take the ES modules of graphql for our code while its users take CommonJS: two copies, and no error of one is one of the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/harness/services.ts'],
    pool: 'forks',
    // One more than the least cores: many tests wait for a clock, a browser or a database rather than for a core.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 90_000,
    teardownTimeout: 30_000,
  },
})
