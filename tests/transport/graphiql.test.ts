import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBrowser } from '../harness/browser.ts'
import { environmentOf } from '../harness/modes.ts'
import { type Server, startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'

const stack = new AsyncDisposableStack()
let server: Server
let browser: Browser
beforeAll(async () => {
  const environment = stack.use(await environmentOf('embedded'))
  server = stack.use(await startServer(environment.env))
  browser = await startBrowser()
  stack.defer(() => browser.close())
}, 90_000)
afterAll(() => stack.disposeAsync())

interface Visit {
  readonly page: Page
  readonly requests: readonly string[]
  readonly complaints: readonly string[]
}

async function visit(context: BrowserContext): Promise<Visit> {
  const page = await context.newPage()
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', request => requests.push(request.url()))
  page.on('websocket', socket => requests.push(socket.url()))
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  await page.goto(server.url)
  await page.locator('.graphiql-query-editor .view-line').first().waitFor()
  return { page, requests, complaints }
}

const execute = async (page: Page, tab: number) => {
  await page.locator(`#graphiql-session-tab-${tab}`).click()
  await page
    .locator('li[role=tab][aria-selected=true]')
    .nth(0)
    .filter({ has: page.locator(`#graphiql-session-tab-${tab}`) })
    .waitFor()
  await page.locator('.graphiql-query-editor .view-lines', { hasText: new RegExp(`#\\s${tab + 1}\\.`) }).waitFor()
  // GraphiQL reads the operation of a tab a moment after it shows it. Asked before, it names the one of the tab it was in.
  await until(
    `an answer in tab ${tab}`,
    async () => {
      await page.waitForTimeout(700)
      await page.getByRole('button', { name: /^Execute/ }).click()
      const answered = page.locator('.graphiql-response', { hasText: /"data"|"errors"/ })
      await answered.waitFor({ timeout: 5_000 }).catch(() => {})
      return (await answered.count()) > 0 && !(await answered.innerText()).includes('Could not determine')
    },
    40_000,
  )
}
/** Editors put non-breaking spaces where the text has spaces. */
const answer = async (page: Page) => (await page.locator('.graphiql-response .view-lines').innerText()).replaceAll('\u00a0', ' ')
const answers = (page: Page, what: string) => until(`${what} in GraphiQL`, async () => (await answer(page)).includes(what), 40_000)

it('leads through the first minute, in two windows, with no request to another host', async () => {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  const first = await visit(context)
  expect(await first.page.title()).toBe('Tidemark')
  await execute(first.page, 0)
  await answers(first.page, '"accessToken"')
  await execute(first.page, 1)
  await answers(first.page, '"My first document"')
  await execute(first.page, 2)
  await answers(first.page, '"FeedReady"')

  const second = await visit(context)
  await execute(second.page, 3)
  await answers(second.page, '"applied": true')
  await answers(first.page, '"DocumentDelta"')
  await answers(first.page, '"Hello, everyone"')
  await execute(second.page, 4)
  await answers(second.page, '"Hello, everyone"')

  const own = new URL(server.url).host
  for (const { page, requests, complaints } of [first, second]) {
    expect(requests.length).toBeGreaterThan(5)
    expect(requests.filter(url => !/^(data|blob):/.test(url) && new URL(url).host !== own)).toEqual([])
    expect(complaints).toEqual([])
    expect(page.url()).toBe(server.url)
  }
  expect(first.requests).toContain(server.wsUrl)
  await context.close()
})

it('tells in the answer why a subscription was refused', async () => {
  const context = await browser.newContext()
  const { page } = await visit(context)
  await execute(page, 2)
  await answers(page, 'UNAUTHENTICATED')
  await context.close()
})

it('sends files that browsers keep, compressed, and checks on with a tag', async () => {
  const url = new URL('/graphiql/graphiql.js', server.url)
  const response = await fetch(url, { headers: { 'accept-encoding': 'gzip' } })
  expect([response.status, response.headers.get('content-encoding'), response.headers.get('cache-control')]).toEqual([
    200,
    'gzip',
    'public, max-age=3600',
  ])
  await response.body?.cancel()
  const again = await fetch(url, { headers: { 'if-none-match': response.headers.get('etag') ?? '' } })
  expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0])
  const page = await fetch(server.url, { headers: { accept: 'text/html' } })
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
})
