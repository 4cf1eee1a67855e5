import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modes } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'
import { type SmtpServer, startSmtpServer } from './smtp-server.ts'
import { codeOf, from, type Node, newEmail, password, signUp, startWorld } from './world.ts'

const home = from('192.0.2.1')
const hourMs = 3_600_000
const newPassword = 'another horse battery'
const tokenIn = (text: string) => /code, it is: ([\w-]+)/.exec(text)?.[1] ?? ''

describe.each(modes)('mails on %s', mode => {
  let node: Node
  let smtp: SmtpServer
  beforeAll(async () => {
    smtp = await startSmtpServer()
    node = await startWorld(mode, { SMTP_URL: smtp.url, PUBLIC_URL: 'https://tide.example.org/', MAIL_FROM: 'Tide <tide@example.org>' })
  })
  afterAll(async () => {
    await node[Symbol.asyncDispose]()
    await smtp[Symbol.asyncDispose]()
  })
  /** The token of the newest mail with this subject to an address. */
  const received = (to: string, subject: string, count = 1) =>
    until(`a mail to ${to}`, () => {
      const mails = smtp.mails.filter(mail => mail.to.includes(to) && mail.text.includes(`Subject: ${subject}`))
      return mails.length >= count ? tokenIn(mails.at(-1)!.text) : null
    })
  const requestReset = async (email: string, count?: number) => {
    await node.accounts.requestPasswordReset({ email })
    return received(email, 'Choose a new password', count)
  }

  test('a new account gets a mail whose token verifies the address, once', async () => {
    const { user } = await signUp(node)
    expect(user.emailVerified).toBe(false)
    const token = await received(user.email!, 'Verify your e-mail address')
    const mail = smtp.mails.find(({ to }) => to.includes(user.email!))!
    expect(mail.text).toContain(`https://tide.example.org/verify-email#token=${token}`)
    expect(mail.text).toContain('From: Tide <tide@example.org>')
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => codeOf(node.accounts.verifyEmail({ token }, home))))
    expect(outcomes.filter(code => code === null)).toHaveLength(1)
    expect(outcomes.filter(code => code === 'BAD_USER_INPUT')).toHaveLength(5)
    expect(await node.accounts.findUser(user.id)).toMatchObject({ emailVerified: true })
  })

  test('a forgotten password is replaced by mail, once, and every session ends', async () => {
    const old = await signUp(node)
    const email = old.user.email!
    const token = await requestReset(email)
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => node.accounts.resetPassword({ token, newPassword }, home)))
    const [won, ...others] = outcomes.filter(outcome => outcome.status === 'fulfilled')
    expect(others).toEqual([])
    expect(won!.value.user).toMatchObject({ id: old.user.id, emailVerified: true })
    expect(await codeOf(node.accounts.refreshSession(old, home))).toBe('TOKEN_REVOKED')
    expect((await node.accounts.refreshSession(won!.value, home)).user.id).toBe(old.user.id)
    expect(await codeOf(node.accounts.login({ email, password }, home))).toBe('INVALID_CREDENTIALS')
    expect(await codeOf(node.accounts.login({ email, password: newPassword }, home))).toBeNull()
  })

  test('a reset that succeeded spends the other tokens too, and one that failed spends none', async () => {
    const email = (await signUp(node)).user.email!
    const first = await requestReset(email)
    const second = await requestReset(email, 2)
    expect(await codeOf(node.accounts.resetPassword({ token: first, newPassword: 'short' }, home))).toBe('BAD_USER_INPUT')
    expect(await codeOf(node.accounts.resetPassword({ token: second, newPassword }, home))).toBeNull()
    expect(await codeOf(node.accounts.resetPassword({ token: first, newPassword }, home))).toBe('BAD_USER_INPUT')
  })

  test('a token is good for what it was sent for only', async () => {
    const { user } = await signUp(node)
    const verification = await received(user.email!, 'Verify your e-mail address')
    expect(await codeOf(node.accounts.resetPassword({ token: verification, newPassword }, home))).toBe('BAD_USER_INPUT')
    expect(await codeOf(node.accounts.verifyEmail({ token: await requestReset(user.email!) }, home))).toBe('BAD_USER_INPUT')
    expect(await codeOf(node.accounts.verifyEmail({ token: verification }, home))).toBeNull()
  })

  test('changing the password ends every other session and leaves this one with new tokens', async () => {
    const here = await signUp(node)
    const email = here.user.email!
    const there = await node.accounts.login({ email, password }, home)
    const reset = await requestReset(email)
    const viewer = await node.accounts.authenticate(here.accessToken, '127.0.0.1')
    const change = (currentPassword: string) => node.accounts.changePassword(viewer, { currentPassword, newPassword }, home)
    expect(await codeOf(change('a wrong password'))).toBe('INVALID_CREDENTIALS')
    const changed = await change(password)
    expect(changed.session.id).toBe(here.session.id)
    expect(await codeOf(node.accounts.refreshSession(there, home))).toBe('TOKEN_REVOKED')
    expect(await codeOf(node.accounts.resetPassword({ token: reset, newPassword: password }, home))).toBe('BAD_USER_INPUT')
    expect((await node.accounts.refreshSession(changed, home)).user.id).toBe(here.user.id)
    expect(await codeOf(node.accounts.login({ email, password: newPassword }, home))).toBeNull()
  })

  test('tokens end: those for passwords after an hour, those for addresses after a day', async () => {
    const { user } = await signUp(node)
    const verification = await received(user.email!, 'Verify your e-mail address')
    const reset = await requestReset(user.email!)
    node.clock.forward(hourMs + 1_000)
    expect(await codeOf(node.accounts.resetPassword({ token: reset, newPassword }, home))).toBe('BAD_USER_INPUT')
    node.clock.forward(23 * hourMs)
    expect(await codeOf(node.accounts.verifyEmail({ token: verification }, home))).toBe('BAD_USER_INPUT')
    expect(await codeOf(node.accounts.verifyEmail({ token: '' }, home))).toBe('BAD_USER_INPUT')
  })
})

test('whoever asks for a reset learns nothing about the address, and the mail goes to the account’s own', async () => {
  await using smtp = await startSmtpServer()
  await using node = await startWorld('postgres', { SMTP_URL: smtp.url })
  const email = newEmail('anna')
  await signUp(node, email)
  expect(await node.accounts.requestPasswordReset({ email: newEmail('nobody') })).toEqual({ accepted: true })
  // Full-width letters are the same address here, and another mailbox elsewhere.
  expect(await node.accounts.requestPasswordReset({ email: email.replace('anna', 'ａｎｎａ') })).toEqual({ accepted: true })
  await until('the mail', () => smtp.mails.some(mail => mail.text.includes('Subject: Choose a new password')))
  expect(smtp.mails.flatMap(mail => mail.to)).toEqual([email, email])
})

test('at most five reset mails an hour go to one account', async () => {
  await using smtp = await startSmtpServer()
  const node = await startWorld('postgres', { SMTP_URL: smtp.url })
  const { user } = await signUp(node)
  for (let count = 0; count < 9; count++) await node.accounts.requestPasswordReset({ email: user.email! })
  // Disposing waits for what is on its way.
  await node[Symbol.asyncDispose]()
  expect(smtp.mails.filter(mail => mail.text.includes('Choose a new password'))).toHaveLength(5)
})

test('a mail server that can’t be reached fails the mail, and nothing else', async () => {
  await using node = await startWorld('postgres', { SMTP_URL: 'smtp://127.0.0.1:1' })
  const { user } = await signUp(node)
  expect(await node.accounts.requestPasswordReset({ email: user.email! })).toEqual({ accepted: true })
  await until('the failure in the log', () => node.logs.some(line => line.includes('a mail could not be sent')))
})

describe('without a mail server', () => {
  test('the log has the mail outside production', async () => {
    await using node = await startWorld('postgres')
    const { user } = await signUp(node)
    const line = await until('the mail in the log', () => node.logs.find(line => line.includes('Verify your e-mail address')))
    const token = tokenIn((JSON.parse(line) as { msg: string }).msg)
    expect(await node.accounts.verifyEmail({ token }, home)).toMatchObject({ user: { id: user.id, emailVerified: true } })
  })

  test('production says that it can’t, and lets people register all the same', async () => {
    await using node = await startWorld('postgres', { NODE_ENV: 'production' })
    const { user, accessToken } = await signUp(node)
    const viewer = await node.accounts.authenticate(accessToken, '127.0.0.1')
    for (const email of [user.email!, newEmail('nobody')])
      await expect(node.accounts.requestPasswordReset({ email })).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('SMTP_URL'),
      })
    expect(await codeOf(node.accounts.requestEmailVerification(viewer, null))).toBe('CONFLICT')
    expect(node.logs.join('')).not.toContain(user.email!)
  })
})

test('another verification mail can be asked for, once for each key', async () => {
  await using node = await startWorld('postgres')
  const { user, accessToken } = await signUp(node)
  const viewer = await node.accounts.authenticate(accessToken, '127.0.0.1')
  const idempotencyKey = 'verify-again-1'
  for (let count = 0; count < 3; count++) expect(await node.accounts.requestEmailVerification(viewer, { idempotencyKey })).toEqual({ accepted: true })
  const mails = () => node.logs.filter(line => line.includes('Verify your e-mail address'))
  await until('two mails', () => mails().length >= 2)
  const token = tokenIn((JSON.parse(mails()[1]!) as { msg: string }).msg)
  expect(await node.accounts.verifyEmail({ token }, home)).toMatchObject({ user: { id: user.id } })
  expect(await node.accounts.requestEmailVerification(viewer, null)).toEqual({ accepted: true })
  expect(mails()).toHaveLength(2)
})
