import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest, by its path, in that order: begun last, it would run alone at the end. */
const longest = [
  'crash/kill',
  'access/matrix',
  'examples/import',
  'notes/publications-page',
  'documents/json',
  'notes/attachments-crash',
  'security/attacks',
  'admin/exports-',
  'notes/attachments-quota',
  'platform/embedded',
  'notes/attachments-download',
  'audit/chain',
  'admin/exports.',
  'notes/attachments.',
  'notes/publications.',
  'security/many-collections',
  'presence/crash',
  'collections/properties',
  'collections/expiry',
  'notes/crash',
  'crash/',
  'notes/statements',
  'collections/races',
  'admin/',
  'examples/',
  'vaults/properties',
  'chats/typing',
  'signatures/required',
  'notes/folders.',
  'vaults/logs',
  'notes/listing',
  'audit/',
  'chats/retry',
  'security/amounts',
  'documents/push-batches',
  'clients/',
  'collections/list',
  'notes/',
  'presence/',
  'vaults/',
  'security/',
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
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/harness/services.ts'],
    pool: 'forks',
    // Node.js runs the tests as it runs the server: nothing is transformed for each file anew, and what was compiled once is kept.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    execArgv: ['src/json-parse.ts', 'src/quick-imports.ts'].map(path => `--import=${new URL(path, import.meta.url)}`),
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
