import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { openSecrets } from '../../src/platform/secrets.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const key = (env: Record<string, string>, purpose = 'test') => Buffer.from(openSecrets(loadConfig(env)).deriveKeys(purpose)[0]).toString('hex')

test('a secret is made once, for the eyes of the server alone, and kept', () => {
  const DATA_DIR = join(folder, 'data')
  const first = key({ DATA_DIR })
  expect(first).toMatch(/^[0-9a-f]{64}$/)
  expect(key({ DATA_DIR })).toBe(first)
  expect(statSync(join(DATA_DIR, 'secret')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(DATA_DIR, 'secret'), 'utf8').trim().length).toBeGreaterThanOrEqual(64)
  expect(key({ DATA_DIR: join(folder, 'other') })).not.toBe(first)
})

test('each purpose has a key of its own', () => {
  expect(key({ DATA_DIR: folder }, 'one')).not.toBe(key({ DATA_DIR: folder }, 'two'))
})

test('JWT_SECRET comes first, and two nodes with the same one have the same keys', () => {
  const JWT_SECRET = 'a'.repeat(20) + 'b'.repeat(20)
  expect(key({ DATA_DIR: folder, JWT_SECRET })).toBe(key({ DATA_DIR: join(folder, 'other'), JWT_SECRET }))
  expect(() => statSync(join(folder, 'secret'))).toThrow('ENOENT')
})

test('a damaged secret stops the start instead of being used', () => {
  writeFileSync(join(folder, 'secret'), 'short\n')
  expect(() => key({ DATA_DIR: folder })).toThrow(/holds no usable secret. Remove it/)
})
