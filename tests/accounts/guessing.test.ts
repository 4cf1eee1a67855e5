import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { networkOf } from '../../src/platform/addresses.ts'
import { until } from '../harness/wait.ts'
import { codeOf, from, type Node, newEmail, password, signUp, startWorld } from './world.ts'

const waitOf = async (work: Promise<unknown>): Promise<{ code: string; retryAfterMs: number }> => {
  const error = await work.then(
    () => null,
    (refusal: unknown) => refusal,
  )
  if (!(error instanceof AppError)) throw new Error('It was not refused.', { cause: error })
  return { code: error.code, retryAfterMs: Number(error.details.retryAfterMs) }
}

describe.each(['postgres', 'postgres+redis'] as const)('guessing passwords on %s', mode => {
  let node: Node
  beforeAll(async () => {
    node = await startWorld(mode)
  })
  afterAll(() => node[Symbol.asyncDispose]())
  const guess = (email: string, ip: string) => node.accounts.login({ email, password: 'a wrong password' }, from(ip))

  test('costs a wait after five failures, that is over after its time and then doubles', async () => {
    const email = newEmail()
    await signUp(node, email, '192.0.2.1')
    for (let count = 0; count < 6; count++) expect(await codeOf(guess(email, '198.51.100.1'))).toBe('INVALID_CREDENTIALS')
    const { code, retryAfterMs } = await waitOf(guess(email, '198.51.100.1'))
    expect(code).toBe('ACCOUNT_LOCKED')
    expect(retryAfterMs).toBeGreaterThan(500)
    expect(retryAfterMs).toBeLessThanOrEqual(2_000)
    expect(await codeOf(node.accounts.login({ email, password }, from('198.51.100.1')))).toBe('ACCOUNT_LOCKED')
    await delay(retryAfterMs + 20)
    expect(await codeOf(guess(email, '198.51.100.1'))).toBe('INVALID_CREDENTIALS')
    const second = await waitOf(guess(email, '198.51.100.1'))
    expect(second.retryAfterMs).toBeGreaterThan(2_000)
    expect(second.retryAfterMs).toBeLessThanOrEqual(4_000)
  })

  test('is counted before it is tried, so a hundred guesses at once are no more than a few', async () => {
    const email = newEmail()
    await signUp(node, email, '192.0.2.1')
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => codeOf(guess(email, '198.51.100.2'))))
    // On a slow machine the first wait is over before the last guess.
    const tried = outcomes.filter(code => code === 'INVALID_CREDENTIALS').length
    expect(tried).toBeGreaterThanOrEqual(6)
    expect(tried).toBeLessThanOrEqual(8)
    expect(outcomes.filter(code => code === 'ACCOUNT_LOCKED')).toHaveLength(100 - tried)
  })

  test('from many addresses slows everybody down but the owner where they signed in before', async () => {
    const email = newEmail()
    await signUp(node, email, '192.0.2.7')
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, at) => codeOf(guess(email, `203.0.113.${at}`))))
    expect(outcomes.filter(code => code === 'INVALID_CREDENTIALS').length).toBeGreaterThan(50)
    // Each guess makes the wait longer, so after a few it is long enough to be seen on a slow machine too.
    const isLocked = async (): Promise<boolean> => (await codeOf(guess(email, '203.0.113.200'))) === 'ACCOUNT_LOCKED'
    await until('the account is locked', isLocked)
    expect(await codeOf(node.accounts.login({ email, password }, from('192.0.2.7')))).toBeNull()
    await until('the account is locked', isLocked)
    const { retryAfterMs } = await waitOf(guess(email, '203.0.113.200'))
    expect(retryAfterMs).toBeLessThanOrEqual(60_000)
  })

  test('gives the same answers for addresses that have no account', async () => {
    const nobody = newEmail('nobody')
    for (let count = 0; count < 6; count++) expect(await codeOf(guess(nobody, '198.51.100.3'))).toBe('INVALID_CREDENTIALS')
    expect((await waitOf(guess(nobody, '198.51.100.3'))).code).toBe('ACCOUNT_LOCKED')
  })

  test('of an open session’s password is slowed down as well', async () => {
    const { accessToken } = await signUp(node)
    const viewer = await node.accounts.authenticate(accessToken, '127.0.0.1')
    const attempt = () =>
      codeOf(node.accounts.changePassword(viewer, { currentPassword: 'a wrong password', newPassword: 'another long one' }, from('198.51.100.4')))
    const codes: (string | null)[] = []
    for (let count = 0; count < 8; count++) codes.push(await attempt())
    expect(codes).toEqual([...new Array(6).fill('INVALID_CREDENTIALS'), 'ACCOUNT_LOCKED', 'ACCOUNT_LOCKED'])
  })

  test('of addresses by registering them is slowed down per caller', async () => {
    const email = newEmail()
    await signUp(node, email)
    const codes: (string | null)[] = []
    for (let count = 0; count < 22; count++) codes.push(await codeOf(node.accounts.register({ email, password }, from('198.51.100.5'))))
    expect(codes.slice(0, 21)).toEqual(new Array(21).fill('EMAIL_TAKEN'))
    expect(codes[21]).toBe('RATE_LIMITED')
    expect(await codeOf(node.accounts.register({ email: newEmail(), password }, from('198.51.100.6')))).toBeNull()
  })
})

test('a success clears what was mistyped before', async () => {
  await using node = await startWorld('postgres')
  const email = newEmail()
  await signUp(node, email)
  for (let round = 0; round < 3; round++) {
    for (let count = 0; count < 4; count++)
      expect(await codeOf(node.accounts.login({ email, password: 'mistyped password' }, from('198.51.100.1')))).toBe('INVALID_CREDENTIALS')
    expect(await codeOf(node.accounts.login({ email, password }, from('198.51.100.1')))).toBeNull()
  }
})

test('an answer takes as long for an address without an account as for a wrong password', async () => {
  await using node = await startWorld('postgres')
  const known: number[] = []
  const unknown: number[] = []
  const time = async (times: number[], email: string, ip: string) => {
    const start = performance.now()
    expect(await codeOf(node.accounts.login({ email, password: 'a wrong password' }, from(ip)))).toBe('INVALID_CREDENTIALS')
    times.push(performance.now() - start)
  }
  const email = newEmail()
  await signUp(node, email)
  for (let count = 0; count < 20; count++) {
    await time(known, email, `198.51.100.${count}`)
    await time(unknown, newEmail('nobody'), `198.51.100.${count}`)
  }
  const median = (times: number[]) => times.toSorted((a, b) => a - b)[10]!
  // An argon2 comparison left out would make it a tenth.
  expect(median(unknown) / median(known)).toBeGreaterThan(0.5)
  expect(median(unknown) / median(known)).toBeLessThan(2)
})

test('addresses of one IPv6 network count as one', () => {
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:0db8:1:2::9'))
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64')
  expect(networkOf('::1')).toBe('0:0:0:0::/64')
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  expect(networkOf('2001:db8:1:3::1')).not.toBe(networkOf('2001:db8:1:2::1'))
  expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1')
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1')
  expect(networkOf('user_1')).toBe('user_1')
})

test('many who sign in or register at once from one address all get in', async () => {
  await using node = await startWorld('postgres')
  const emails = Array.from({ length: 40 }, () => newEmail())
  const registered = await Promise.all(emails.map(email => codeOf(signUp(node, email, '198.51.100.9'))))
  expect(registered).toEqual(emails.map(() => null))
  const signedIn = await Promise.all(
    [...emails, ...new Array<string>(15).fill(emails[0]!)].map(email => codeOf(node.accounts.login({ email, password }, from('198.51.100.10')))),
  )
  expect(signedIn).toEqual(signedIn.map(() => null))
})
