import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest, by its path, in that order: begun last, it would run alone at the end. */
const longest = [
  'crash/kill',
  'access/matrix',
  'notes/publications-page',
  'examples/import',
  'admin/exports-',
  'presence/presence',
  'collections/expiry',
  'collections/races',
  'collections/properties',
  'vaults/logs',
  'presence/crash',
  'platform/embedded',
  'chats/typing',
  'examples/',
  'vaults/properties',
  'notes/publications',
  'admin/',
  'security/',
  'crash/',
  'notes/attachments',
].map(path => `/tests/${path}`)

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex(path => moduleId.includes(path))
      return place === -1 ? longest.length : place
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  // Vite would take the ES modules of graphql for our code while its users take CommonJS: two copies, and no error of one is one of the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/harness/services.ts'],
    setupFiles: ['src/json-parse.ts'],
    pool: 'forks',
    // Twice the least cores: many tests wait for a clock, a browser or a database rather than for a core.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // `.ci/run` names each test that needed its second try, with what went wrong at the first.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 90_000,
    teardownTimeout: 30_000,
  },
})
