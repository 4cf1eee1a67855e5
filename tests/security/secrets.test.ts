import { afterAll, beforeAll, expect, test } from 'vitest'
import { importSigningKey, signatureOf } from '../../clients/signature.ts'
import { type Environment, environmentOf } from '../harness/modes.ts'
import { ask, connect } from '../harness/people.ts'
import { type Server, startServer } from '../harness/server.ts'
import { databaseText, hearBus, logText, redisText } from '../harness/traces.ts'

let environment: Environment
let server: Server
beforeAll(async () => {
  environment = await environmentOf('postgres+redis')
  // Mails that can't be sent must not end in the log either.
  server = await startServer({ ...environment.env, LOG_LEVEL: 'trace', SMTP_URL: 'smtp://127.0.0.1:1' })
})
afterAll(async () => {
  await server?.kill()
  await environment?.[Symbol.asyncDispose]()
})

interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly signingKey: string | null
}

test('no password and no token is in any table, in Redis, on the bus or in the log, whatever was done with them', async () => {
  const bus = await hearBus(environment)

  const password = 'the first password of ann'
  const newPassword = 'the second password of ann'
  const wrong = 'what somebody guessed wrongly'
  const email = 'ann@example.org'
  const call = <T>(
    name: string,
    input: object,
    person: { token: string; id: string } | null = null,
    fields = 'accessToken refreshToken signingKey',
  ) =>
    ask<Record<string, T>>(
      server.url,
      person,
      `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${fields} } }`,
      {
        input,
      },
    ).then(data => data[name] as T)

  const registered = await call<Tokens>('register', { email, password, idempotencyKey: 'register-ann' })
  const again = await call<Tokens>('register', { email, password, idempotencyKey: 'register-ann' })
  await call('login', { email, password: wrong }).catch(() => null)
  const other = await call<Tokens>('login', { email, password, deviceName: 'phone', idempotencyKey: 'login-of-ann' })
  const refreshed = await call<Tokens>('refreshSession', { refreshToken: other.refreshToken })
  await call('refreshSession', { refreshToken: other.refreshToken }).catch(() => null)
  await call('requestPasswordReset', { email }, null, 'accepted')
  const changed = await call<Tokens>('changePassword', { currentPassword: password, newPassword }, { token: again.accessToken, id: '' })
  await call('deleteAccount', { password: wrong }, { token: changed.accessToken, id: '' }, 'deletedId').catch(() => null)
  await call('verifyToken', { token: changed.accessToken }, null, 'valid')
  const person = { token: changed.accessToken, id: '' }
  const signed = { query: '{ viewer { email } }', extensions: {} }
  const signature = await signatureOf(signed, await importSigningKey(changed.signingKey ?? ''))
  const answer = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${person.token}` },
    body: JSON.stringify({ ...signed, extensions: { signature } }),
  })
  expect(await answer.json()).toEqual({ data: { viewer: { email } } })
  const connectionKeys: string[] = []
  await using connection = connect(() => server.wsUrl, person)
  connection.client.on('connected', (_, payload) => connectionKeys.push((payload as { signingKey: string }).signingKey))
  for await (const { data } of connection.client.iterate({ query: '{ viewer { email } }' })) expect(data).toEqual({ viewer: { email } })
  await call('createDocument', { fields: { title: 'seen by the log of changes' } }, person, 'document { id }')
  await expect.poll(() => bus?.text()).toContain('tidemark:')

  const places = {
    database: await databaseText(environment),
    redis: await redisText(environment),
    bus: bus?.text() ?? '',
    log: logText([server]),
  }
  expect(places.database).toContain('seen by the log of changes')
  expect(places.redis).toContain('tidemark:')
  expect(places.log).toContain('socket signed in')
  const tokens = [registered, again, other, refreshed, changed].flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken])
  // The repeated sign-in and the new password are of the first session, whose key went on; a refresh tells none.
  expect([again.signingKey, changed.signingKey, refreshed.signingKey]).toEqual([registered.signingKey, registered.signingKey, null])
  const keys = [registered.signingKey ?? '', other.signingKey ?? '', ...connectionKeys]
  expect(keys.map(key => Buffer.from(key, 'base64url').length)).toEqual([32, 32, 32])
  const spellings = keys.flatMap(key => (['base64url', 'base64', 'hex'] as const).map(spelling => Buffer.from(key, 'base64url').toString(spelling)))
  expect(places.redis).toContain(signature.nonce)
  for (const secret of [password, newPassword, wrong, ...spellings, ...tokens, ...tokens.flatMap(token => token.split('.').slice(-1))]) {
    for (const [place, text] of Object.entries(places)) expect({ place, holds: text.includes(secret) }).toEqual({ place, holds: false })
  }
  bus?.stop()
})
