import { readFile } from 'node:fs/promises'
import { createClient } from 'graphql-ws'
import type { Browser, BrowserContextOptions, Page, WebSocketRoute } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startBrowser } from '../harness/browser.ts'
import { clientOf, makeAdmin, type Person, password, signUp } from '../harness/client.ts'
import { environmentOf } from '../harness/modes.ts'
import { register } from '../harness/operations.ts'
import { type Server, startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { issueToken, revokeSession, sessionsOf } from './accounts-operations.ts'
import { fillWithUsers, keeper } from './dashboard-world.ts'

/** What somebody might call themselves. */
const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
const manyUsers = 10_000

const stack = new AsyncDisposableStack()
let server: Server
let browser: Browser
let admin: Person
let mallory: { readonly id: string; readonly email: string }
beforeAll(async () => {
  const { env } = stack.use(await environmentOf('postgres'))
  server = stack.use(await startServer({ ...env, ADMIN_USERNAME: keeper.name, ADMIN_PASSWORD: keeper.password }))
  await fillWithUsers(env['DATABASE_URL'] ?? '', manyUsers)
  admin = await signUp(server.url, 'admin')
  await makeAdmin(server, admin)
  const input = { email: 'mallory@example.org', password, displayName: markup }
  const { user } = (await clientOf(server.url).run(register, { input })).register
  mallory = { id: user.id, email: input.email }
  browser = await startBrowser()
  stack.defer(() => browser.close())
}, 120_000)
afterAll(() => stack.disposeAsync())

const requests: string[] = []
const complaints: string[] = []
let page: Page
async function visit(options: BrowserContextOptions = {}, prepare = async () => {}): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
  page.on('request', request => requests.push(request.url()))
  page.on('websocket', socket => requests.push(socket.url().replace(/^ws/, 'http')))
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  await prepare()
  await page.goto(new URL('/admin', server.url).href)
}
async function signIn({ name, password: secret }: { name: string; password: string } = keeper): Promise<void> {
  await page.getByLabel('User name or e-mail').fill(name)
  await page.getByLabel('Password').fill(secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
const heading = (name: string) => page.getByRole('heading', { name, level: 1 })
async function go(section: 'Overview' | 'Users' | 'Audit' | 'Exports'): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: section }).click()
  await heading(section).waitFor()
}
const rowOf = (name: string) => page.getByRole('row').filter({ hasText: name })
const search = (text: string) => page.getByLabel('Search by name').fill(text)

afterEach(async () => {
  await page.context().close()
  const strange = { hosts: requests.filter(url => new URL(url).origin !== new URL(server.url).origin), complaints: [...complaints] }
  requests.length = 0
  complaints.length = 0
  expect(strange).toEqual({ hosts: [], complaints: [] })
})

describe('the way in', () => {
  test('leads in by the password of the configuration, stays open over a reload, and leads out again', async () => {
    await visit()
    await signIn()
    await heading('Overview').waitFor()
    await page.reload()
    await heading('Overview').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await heading('Administration').waitFor()
    await page.reload()
    await heading('Administration').waitFor()
  })

  test('leads in by e-mail and password of an administrator, until that session is ended', async () => {
    await visit()
    await signIn({ name: admin.email, password })
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor()
    expect(await page.getByRole('banner').innerText()).toContain(admin.email)
    await go('Users')
    await search(admin.email)
    await rowOf(admin.email)
      .getByRole('button', { name: /^Access/ })
      .click()
    const sessions = page.getByRole('table', { name: /^Sessions of/ }).getByRole('row')
    await until('the session that was just opened', async () => (await sessions.count()) === 3)
    await sessions.nth(1).getByRole('button', { name: 'End' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'End session' }).click()
    await heading('Administration').waitFor()
    complaints.length = 0
  })

  test('says what is wrong: a password, or a user who may not', async () => {
    await visit()
    await signIn({ ...keeper, password: 'a tide that turns' })
    await page.getByRole('alert').getByText('(UNAUTHENTICATED)').waitFor()
    const before = await admin.run(sessionsOf, { userId: mallory.id })
    await signIn({ name: mallory.email, password })
    await page.getByRole('alert').getByText('(FORBIDDEN)').waitFor()
    // The session that was opened to find out is not left behind.
    await until(
      'that session to be gone',
      async () => (await admin.run(sessionsOf, { userId: mallory.id })).sessions.length === before.sessions.length,
    )
    await signIn()
    await heading('Overview').waitFor()
    expect(await page.getByRole('alert').innerText()).toBe('')
    // The browser says itself that it was refused.
    complaints.length = 0
  })
})

describe('the page', () => {
  test('is small, and has nothing inline, nothing from elsewhere, and no frame around it', async () => {
    await visit()
    const html = await fetch(new URL('/admin', server.url))
    expect(html.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(html.headers.get('x-content-type-options')).toBe('nosniff')
    const text = await html.text()
    expect(text).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/)
    await signIn()
    await heading('Overview').waitFor()
    const files = [...new Set(requests)].filter(url => url.includes('/admin/page/'))
    expect(files.length).toBeGreaterThan(10)
    let size = text.length
    for (const url of files) {
      const file = await fetch(url)
      size += (await file.arrayBuffer()).byteLength
      const again = await fetch(url, { headers: { 'if-none-match': file.headers.get('etag') ?? '' } })
      expect([url, again.status]).toEqual([url, 304])
    }
    expect(size).toBeLessThan(60 * 1024)
    for (const name of ['none.js', '..%2froutes.ts', '../routes.ts', ''])
      expect((await fetch(new URL(`/admin/page/${name}`, server.url))).status).toBe(404)
    const scripts = await Promise.all(files.filter(url => url.endsWith('.js')).map(async url => (await fetch(url)).text()))
    expect(scripts.join()).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/)
  })

  test('fits a phone, in every section and dialog', async () => {
    await visit({ viewport: { width: 375, height: 700 }, hasTouch: true, isMobile: true })
    const excess = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(await excess()).toBe(0)
    await signIn()
    for (const section of ['Overview', 'Users', 'Audit', 'Exports'] as const) {
      await go(section)
      if (section !== 'Exports') await page.getByRole('row').or(page.getByText('Nobody is connected.')).first().waitFor()
      expect([section, await excess()]).toEqual([section, 0])
    }
    await go('Users')
    await search('mallory')
    await rowOf('onerror')
      .getByRole('button', { name: /^Access/ })
      .click()
    await page.getByRole('table', { name: /^Sessions of/ }).waitFor()
    expect(await excess()).toBe(0)
  })

  test('is light by day and dark by night, and moves only for those who like it', async () => {
    const looks = async (options: BrowserContextOptions) => {
      await visit(options)
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      const look = await page.evaluate(() => ({
        paper: getComputedStyle(document.body).backgroundColor,
        transition: getComputedStyle(document.querySelector('button') ?? document.body).transitionDuration,
      }))
      await page.context().close()
      return { isDark: Number(/\d+/.exec(look.paper)?.[0]) < 64, moves: /[1-9]/.test(look.transition) }
    }
    expect(await looks({ colorScheme: 'light', reducedMotion: 'no-preference' })).toEqual({ isDark: false, moves: true })
    expect(await looks({ colorScheme: 'dark', reducedMotion: 'reduce' })).toEqual({ isDark: true, moves: false })
  })

  test('is used by keyboard alone, and shows where one is', async () => {
    await visit()
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement as HTMLElement
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        const label = element.getAttribute('aria-label') ?? (element as HTMLInputElement).labels?.[0]?.innerText ?? element.innerText
        return { label, isShown: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 }
      })
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    /** Goes on by Tab until something of this name has the focus, which is to be seen all the way. */
    const tabTo = async (label: string | RegExp) => {
      for (let count = 0; count < 60; count++) {
        await press('Tab')
        const at = await focused()
        expect(at).toEqual({ label: at.label, isShown: true })
        if (typeof label === 'string' ? at.label === label : label.test(at.label)) return
      }
      throw new Error(`Tab does not lead to ${label}.`)
    }
    await until('the first field', async () => (await focused()).label === 'User name or e-mail')
    await page.keyboard.type(keeper.name)
    await press('Tab')
    await page.keyboard.type(keeper.password)
    await press('Enter')
    await heading('Overview').waitFor()
    await page.keyboard.press('Shift+Tab')
    await tabTo('Moment of the plots')
    const slider = page.getByRole('slider', { name: 'Moment of the plots' })
    const said = () => slider.getAttribute('aria-valuetext')
    await until('a few moments', async () => Number(await slider.getAttribute('aria-valuemax')) >= 3)
    expect(await said()).toMatch(/^\d\d:\d\d:\d\d, open \d+, messages [\d.]+, operations [\d.]+, p50 .+, p99 /)
    await press('Home')
    const first = await said()
    await press('ArrowRight')
    expect(await said()).not.toBe(first)
    await press('ArrowLeft')
    expect(await said()).toBe(first)
    await press('Escape')
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.getByRole('link', { name: 'Skip to content' }).focus()
    await press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    await heading('Overview').waitFor()
    await page.getByRole('link', { name: 'Skip to content' }).focus()
    await tabTo('Users')
    await press('Enter')
    await until('the heading to have the focus', () =>
      page.evaluate(() => document.activeElement?.matches('h1') && document.title === 'Users · Tidemark'),
    )
    await tabTo('Search by name, e-mail or id')
    await page.keyboard.type('mallory')
    await rowOf('onerror').waitFor()
    await until('one row', async () => (await page.getByRole('row').count()) === 2)
    await tabTo(/^Access/)
    await press('Enter')
    await page.getByRole('dialog').waitFor()
    await press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect((await focused()).label).toMatch(/^Access/)
    await tabTo(/^Make admin/)
    await press('Enter')
    await page.getByRole('alertdialog').waitFor()
    expect((await focused()).label).toBe('Cancel')
    await press('Enter')
    await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    expect(await rowOf('onerror').innerText()).toContain('User')
  })
})

describe('what it shows and does', () => {
  test('figures and plots are live, and so is what happens', async () => {
    await visit()
    await signIn()
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor()
    const someone = await signUp(server.url, 'someone')
    await page.getByRole('region', { name: 'Recent activity' }).getByText(someone.email).first().waitFor()
    const sockets = Array.from({ length: 3 }, () =>
      createClient({ url: server.wsUrl, webSocketImpl: WebSocket, lazy: false, retryAttempts: 0, connectionParams: { token: someone.accessToken } }),
    )
    const connected = page.getByRole('table', { name: 'Connections by user' }).getByRole('row').filter({ hasText: someone.email })
    await until('three connections of someone', async () => (await connected.count()) === 1 && (await connected.innerText()).includes('3'), 20_000)
    const open = async () => Number(/open (\d+)/.exec((await page.getByRole('slider').getAttribute('aria-valuetext')) ?? '')?.[1])
    // The page has one of its own.
    await until('the plot to say so', async () => (await open()) >= 4)
    expect(await page.locator('.figure').first().innerText()).toMatch(/Connections\n\d+\n3 of users/)
    await Promise.all(sockets.map(socket => socket.dispose()))
    await until('them to be gone', async () => (await open()) === 1)
  })

  test('comes back by itself when the connection was cut', async () => {
    const routes: WebSocketRoute[] = []
    await visit({}, async () =>
      page.routeWebSocket('**/graphql', route => {
        routes.push(route)
        route.connectToServer()
      }),
    )
    await signIn()
    await until('a first socket', () => routes.length === 1)
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor()
    await routes[0]?.close({ code: 1012 })
    await until('a second one', () => routes.length === 2)
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor()
    const someone = await signUp(server.url, 'someone')
    await page.getByRole('region', { name: 'Recent activity' }).getByText(someone.email).first().waitFor()
  })

  test('ten thousand users come fifty at a time, are found, and stay text whatever they call themselves', async () => {
    await visit()
    await signIn()
    await go('Users')
    const rows = page.getByRole('table', { name: 'Users' }).getByRole('row')
    await until('a page', async () => (await rows.count()) === 51)
    const first = await rows.nth(1).innerText()
    const next = page.getByRole('button', { name: 'Next' })
    await next.click()
    await page.getByText('Page 2', { exact: true }).waitFor()
    expect(await rows.nth(1).innerText()).not.toBe(first)
    await page.getByRole('button', { name: 'Previous' }).click()
    await page.getByText('Page 1', { exact: true }).waitFor()
    expect(await rows.nth(1).innerText()).toBe(first)
    await search('Person 9999')
    await until('the one who is meant', async () => (await rows.count()) === 2 && (await rows.nth(1).innerText()).includes('Person 9999'))
    expect(await next.isDisabled()).toBe(true)
    await search('nobody at all')
    await page.getByText('Nobody of this name.').waitFor()
    await search('mallory')
    await rowOf(markup).waitFor()
    expect(await rowOf(markup).locator('img, script').count()).toBe(0)
    await rowOf(markup)
      .getByRole('button', { name: /^Access/ })
      .click()
    await page.getByRole('heading', { name: markup }).waitFor()
    expect(await page.title()).toBe('Users · Tidemark')
  })

  test('changes a role when told twice, and ends tokens and sessions', async () => {
    const dana = await signUp(server.url, 'dana')
    const { jti } = (await admin.run(issueToken, { input: { userId: dana.id } })).issueToken
    await visit()
    await signIn()
    await go('Users')
    await search(dana.email)
    const role = async () => (await rowOf(dana.email).innerText()).includes('Admin')
    await rowOf(dana.email)
      .getByRole('button', { name: /^Make admin/ })
      .click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
    expect(await role()).toBe(false)
    await rowOf(dana.email)
      .getByRole('button', { name: /^Make admin/ })
      .click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Make admin' }).click()
    await until('the role', role)
    await rowOf(dana.email)
      .getByRole('button', { name: /^Access/ })
      .click()
    for (const [table, what, text] of [
      ['Tokens of', 'token', jti],
      ['Sessions of', 'session', 'node'],
    ] as const) {
      const row = page.getByRole('table', { name: table }).getByRole('row').filter({ hasText: text })
      await row.getByRole('button', { name: 'End' }).click()
      await page
        .getByRole('alertdialog')
        .getByRole('button', { name: `End ${what}` })
        .click()
      await row.waitFor({ state: 'detached' })
    }
    await page.getByText('Signed in nowhere.').waitFor()
    await page.getByText('No tokens.').waitFor()
    expect((await dana.ask(revokeSession, { input: { id: dana.sessionId } })).errors[0]?.extensions.code).toBe('TOKEN_REVOKED')
  })

  test('the audit log is filtered and paged', async () => {
    await visit()
    await signIn()
    await go('Audit')
    const rows = page.getByRole('table', { name: 'Audit log' }).getByRole('row')
    await rows.nth(1).waitFor()
    await page.getByLabel('Action').fill('register')
    await page.getByLabel('Done by').fill(mallory.id)
    await page.keyboard.press('Enter')
    await until('the one entry', async () => (await rows.count()) === 2 && (await rows.nth(1).innerText()).includes('onerror'))
    await page.getByLabel('Action').fill('no such thing')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('(BAD_USER_INPUT)').waitFor()
    await page.getByLabel('Action').fill('')
    await page.getByLabel('Done by').fill('')
    await page.keyboard.press('Enter')
    await until('all of them', async () => (await rows.count()) > 2)
    expect(await page.getByRole('alert').innerText()).toBe('')
  })

  test('an export is ordered, followed and fetched', async () => {
    await visit()
    await signIn()
    await go('Exports')
    await page.getByLabel('What').selectOption('Users')
    await page.getByLabel('Format').selectOption('CSV')
    await page.getByRole('button', { name: 'Create export' }).click()
    const button = page.getByRole('button', { name: 'Download' })
    await button.waitFor()
    const [clickedAt, [download]] = [Date.now(), await Promise.all([page.waitForEvent('download'), button.click()])]
    // However long the page was open, the link has its hour before it.
    expect(Number(new URL(download.url()).searchParams.get('expires'))).toBeGreaterThanOrEqual(clickedAt + 3_600_000)
    const text = await readFile(await download.path(), 'utf8')
    expect(text.split('\r\n').length).toBeGreaterThan(manyUsers)
    expect(text).toContain('person9999@example.org')
    expect(await rowOf('Users · CSV').innerText()).toMatch(/10,0\d\d/)
  })
})
