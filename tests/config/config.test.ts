import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { failToStart, startServer } from '../harness/server.ts'

describe('a start', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidemark-config-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('fails with all faults at once, a line for each', async () => {
    const { code, output } = await failToStart({ PORT: 'many', LOG_LEVEL: 'loud', JWT_EXPIRES_IN: 'soon', JWT_SECRET: 'short', DATA_DIR: folder })
    expect(code).toBe(1)
    for (const name of ['PORT', 'LOG_LEVEL', 'JWT_EXPIRES_IN']) expect(output).toContain(`${name}: `)
    expect(output).not.toContain('    at ')
  })

  test.each([
    ['missing', {}, 'is required in production'],
    ['short', { JWT_SECRET: 'only-31-characters-are-too-few!' }, 'at least 32 characters'],
    ['an example', { JWT_SECRET: 'change-me-change-me-change-me-change-me' }, 'looks like an example'],
    ['one letter over and over', { JWT_SECRET: 'a'.repeat(64) }, 'looks like an example'],
  ])('in production refuses a secret that is %s', async (_, env, sentence) => {
    const { code, output } = await failToStart({ NODE_ENV: 'production', DATA_DIR: folder, ...env })
    expect(code).toBe(1)
    expect(output).toContain(sentence)
  })

  test('refuses to accept an outside issuer for any audience, and every origin at once', () => {
    expect(() => loadConfig({ AUTH_ISSUER: 'https://issuer.example', CORS_ORIGINS: 'https://a.example,*' })).toThrow(
      /AUTH_AUDIENCE[\s\S]*CORS_ORIGINS/,
    )
  })

  test.each([
    ['DATABASE_URL', 'postgres://someone:hidden-word@127.0.0.1', 'Start PostgreSQL there or correct the URL'],
    ['REDIS_URL', 'redis://:hidden-word@127.0.0.1', 'REDIS_URL'],
  ])('with a %s that nobody answers at fails with a sentence that says what to do, and without the password', async (name, url, sentence) => {
    const closed = await new Promise<number>(resolve => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const address = server.address()
        server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
      })
    })
    const { code, output } = await failToStart({ [name]: `${url}:${closed}/0`, DATA_DIR: folder })
    expect(code).toBe(1)
    expect(output).toContain(sentence)
    expect(output).not.toContain('hidden-word')
    expect(output).not.toContain('    at ')
  })

  test('without configuration makes its own secret, which nobody else can read, and keeps it', async () => {
    const env = { DATA_DIR: folder, NODE_ENV: 'development' }
    const register = `mutation { register(input: { email: "ann@example.org", password: "correct horse battery" }) { accessToken } }`
    const ask = async (url: string, query: string, token?: string) =>
      (
        await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
          body: JSON.stringify({ query }),
        })
      ).json() as Promise<{ data: { register: { accessToken: string }; viewer: { email: string } } }>
    const first = await startServer(env)
    const token = (await ask(first.url, register)).data.register.accessToken
    await first.stop()
    expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600)
    await using second = await startServer(env)
    expect((await ask(second.url, '{ viewer { email } }', token)).data.viewer.email).toBe('ann@example.org')
  })
})
