import { expect } from 'vitest'
import { password, signUp } from '../../harness/client.ts'
import { codesOf } from '../../transport/ask.ts'
import { openSocket } from '../../transport/raw-socket.ts'
import type { Answer, Attacks, Target } from './target.ts'

const codesIn = (answers: readonly Answer[]): unknown[] => answers.flatMap(codesOf)
const tried = (codes: readonly unknown[]) => codes.filter(code => code === 'INVALID_CREDENTIALS').length
const range = (count: number) => Array.from({ length: count }, (_, index) => index)
const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }'
const quoted = (text: string) => JSON.stringify(text)
const guess = (email: string, at: number) => `login(input: { email: ${quoted(email)}, password: "guess ${at}" }) { accessToken }`

/** So many guesses are free; a slow machine may get one more when a wait is over. */
const most = 9

/** However the guesses are sent, hardly any of them is tried, and the right one in the middle of them is not. */
const slowed = (send: (target: Target, email: string) => Promise<readonly unknown[]>) => async (target: Target) => {
  const { email } = await signUp(target.server.url, 'guessed')
  const codes = await send(target, email)
  expect(codes.length).toBeGreaterThan(0)
  expect(tried(codes), codes.join()).toBeLessThanOrEqual(most)
}

export const guessing: Attacks = {
  'passwords under forty names in one operation': slowed(async ({ ask }, email) =>
    codesOf(
      await ask(
        `mutation { ${range(40)
          .map(at => `a${at}: ${guess(email, at)}`)
          .join(' ')} }`,
      ),
    ),
  ),
  'passwords one after the other': slowed(async ({ ask }, email) => {
    const answers: Answer[] = []
    for (const at of range(20)) answers.push(await ask(login, { input: { email, password: `guess ${at}` } }))
    return codesIn(answers)
  }),
  'passwords at once': slowed(async ({ ask }, email) =>
    codesIn(await Promise.all(range(40).map(at => ask(login, { input: { email, password: `guess ${at}` } })))),
  ),
  'passwords over one socket': slowed(async ({ server }, email) => {
    using socket = await openSocket(server.wsUrl)
    await socket.init()
    for (const at of range(30)) socket.send({ id: String(at), type: 'subscribe', payload: { query: `mutation { ${guess(email, at)} }` } })
    const codes: unknown[] = []
    while (codes.length < 30) {
      const { type, payload } = await socket.next()
      if (type === 'next') codes.push(...codesOf(payload as Answer))
    }
    return codes
  }),
  'passwords with an address in many spellings': slowed(async ({ ask }, email) => {
    const spellings = range(24).map(at => [...email].map((letter, index) => ((at >> (index % 5)) & 1 ? letter.toUpperCase() : letter)).join(''))
    return codesIn(await Promise.all(spellings.map((spelling, at) => ask(login, { input: { email: spelling, password: `guess ${at}` } }))))
  }),
  'passwords from many addresses that are only said': slowed(async ({ ask }, email) =>
    codesIn(
      await Promise.all(
        range(30).map(at =>
          ask(login, { input: { email, password: `guess ${at}` } }, null, {
            'x-forwarded-for': `198.51.100.${at}`,
            forwarded: `for=198.51.100.${at}`,
          }),
        ),
      ),
    ),
  ),
  'passwords with many keys of idempotency': slowed(async ({ ask }, email) =>
    codesIn(await Promise.all(range(30).map(at => ask(login, { input: { email, password: `guess ${at}`, idempotencyKey: `a key of mine ${at}` } })))),
  ),
  'passwords at two nodes at once': slowed(async ({ ask, strict }, email) => {
    const there = (at: number) =>
      fetch(strict.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: login, variables: { input: { email, password: `guess ${at}` } } }),
      }).then(response => response.json() as Promise<Answer>)
    return codesIn(await Promise.all(range(30).map(at => (at % 2 ? there(at) : ask(login, { input: { email, password: `guess ${at}` } })))))
  }),
  'the password of a session that was stolen, by deleting the account': slowed(async ({ ask, server }) => {
    const person = await signUp(server.url, 'stolen')
    const names = range(30).map(at => `a${at}: deleteAccount(input: { password: "guess ${at}" }) { deletedId }`)
    return codesOf(await ask(`mutation { ${names.join(' ')} }`, undefined, person))
  }),
  'the password of a session that was stolen, by changing it': slowed(async ({ ask, server }) => {
    const person = await signUp(server.url, 'stolen')
    const names = range(30).map(
      at => `a${at}: changePassword(input: { currentPassword: "guess ${at}", newPassword: "another horse" }) { accessToken }`,
    )
    return codesOf(await ask(`mutation { ${names.join(' ')} }`, undefined, person))
  }),
  'a locked account, whose owner is locked out where they signed in before': async ({ ask, server }) => {
    // They share the attacker’s address here, so they wait; and not for longer than a few seconds.
    const { email } = await signUp(server.url, 'owner')
    await Promise.all(range(8).map(at => ask(login, { input: { email, password: `guess ${at}` } })))
    const answer = await ask(login, { input: { email, password } })
    const waitMs = Number(answer.errors?.[0]?.extensions['retryAfterMs'] ?? 0)
    expect(waitMs).toBeLessThanOrEqual(60_000)
  },
  'an address for signing in that is a pattern': async ({ ask }) => {
    for (const email of ['%@example.org', '*@example.org', '_@example.org', "' or '1'='1' --@example.org", 'victim@example.org\0'])
      expect(['INVALID_CREDENTIALS', 'BAD_USER_INPUT', 'ACCOUNT_LOCKED', 'RATE_LIMITED']).toContain(
        codesOf(await ask(login, { input: { email, password } }))[0],
      )
  },
  'refresh tokens under forty names': async ({ ask }) => {
    const names = range(40).map(at => `a${at}: refreshSession(input: { refreshToken: "${String(at).padStart(86, 'A')}" }) { accessToken }`)
    const codes = codesOf(await ask(`mutation { ${names.join(' ')} }`))
    // The first that fails ends the operation.
    expect(codes).toEqual(['UNAUTHENTICATED'])
  },
  'keys of administrators': async ({ ask }) => {
    const answers = await Promise.all(range(30).map(at => ask('{ viewer { id } }', undefined, null, { 'x-admin-api-key': `guess ${at}` })))
    for (const answer of answers) expect(['UNAUTHENTICATED', 'RATE_LIMITED', 'FORBIDDEN'], answer.text).toContain(codesOf(answer)[0])
  },
  'a key of administrators that is nearly right': async ({ ask, adminApiKey }) => {
    for (const key of [adminApiKey.slice(0, -1), `${adminApiKey}0`, adminApiKey.toUpperCase(), ` ${adminApiKey}x`, `${adminApiKey},${adminApiKey}`])
      expect(['UNAUTHENTICATED', 'RATE_LIMITED', 'FORBIDDEN']).toContain(
        codesOf(await ask('{ viewer { id } }', undefined, null, { 'x-admin-api-key': key }))[0],
      )
  },
  'passwords of administrators, where there is none': async ({ ask }) => {
    for (const pair of [':', 'admin:', 'admin:admin', ':undefined', 'undefined:undefined', 'null:null']) {
      const authorization = `Basic ${Buffer.from(pair).toString('base64')}`
      expect(['UNAUTHENTICATED', 'RATE_LIMITED', 'FORBIDDEN']).toContain(
        codesOf(await ask('{ viewer { id } }', undefined, null, { authorization }))[0],
      )
    }
  },
}
