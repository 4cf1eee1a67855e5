import { mkdirSync } from 'node:fs'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startChatPage } from '../../examples/chat/server.ts'
import { startBrowser } from '../harness/browser.ts'
import { environmentOf } from '../harness/modes.ts'
import { startProxy, type TcpProxy } from '../harness/proxy.ts'
import { startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'

const stack = new AsyncDisposableStack()
let browser: Browser
let ofAda: string
let ofBen: string
/** Between Ben’s browser and everything. */
let link: TcpProxy
beforeAll(async () => {
  const environment = stack.use(await environmentOf('embedded'))
  const server = stack.use(await startServer(environment.env))
  const page = stack.use(await startChatPage({ tidemark: server.url, host: '127.0.0.1', port: 0 }))
  link = stack.use(await startProxy(page.port))
  ofAda = page.url
  ofBen = link.through(page.url)
  browser = await startBrowser()
  stack.defer(() => browser.close())
}, 90_000)
afterAll(() => stack.disposeAsync())

interface Visit {
  readonly page: Page
  readonly hosts: ReadonlySet<string>
  readonly complaints: string[]
}

type Look = NonNullable<Parameters<Browser['newContext']>[0]>

async function signUp(url: string, name: string, look: Look = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, locale: 'en-GB', ...look })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const hosts = new Set<string>()
  const complaints: string[] = []
  page.on('request', request => hosts.add(new URL(request.url()).host))
  page.on('websocket', socket => hosts.add(new URL(socket.url()).host))
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('console', message => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
  await page.goto(url)
  await page.getByRole('button', { name: 'Make an account' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(`${name.split(' ')[0]}@example.org`)
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.getByRole('button', { name: 'New chat' }).waitFor()
  return { page, hosts, complaints }
}

const composer = (page: Page) => page.getByRole('textbox', { name: /^Message to/ })
const say = async (page: Page, text: string) => {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}
const texts = (page: Page) => page.getByRole('log').locator('.text').allInnerTexts()
const message = (page: Page, text: string) => page.getByRole('log').getByRole('listitem').filter({ hasText: text })
const status = (page: Page) => page.locator('.conversation .status')
const reads = (what: Locator, text: string | RegExp) => what.filter({ hasText: text }).waitFor()
const openChat = (page: Page, title: string) => page.getByRole('navigation').getByRole('link', { name: title }).click()

/** Pictures to look at, in the folder CHAT_PICTURES names. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['CHAT_PICTURES']
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  const size = page.viewportSize()
  for (const [width, height] of [
    [1200, 800],
    [390, 780],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.waitForTimeout(200)
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png` })
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  if (size) await page.setViewportSize(size)
}

it('lets two people talk, see each other, and miss nothing', { timeout: 180_000 }, async () => {
  const ada = await signUp(ofAda, 'Ada Lovelace')
  const ben = await signUp(ofBen, 'Ben Okri')

  // A chat that is made is there for the other at once.
  await ada.page.getByRole('button', { name: 'New chat' }).click()
  await ada.page.getByRole('dialog').getByLabel('E-mail').fill('nobody@example.org')
  await ada.page.getByRole('button', { name: 'Start chat' }).click()
  await reads(ada.page.getByRole('alert'), 'Nobody here has the address nobody@example.org')
  await ada.page.getByRole('dialog').getByLabel('E-mail').fill('ben@example.org')
  await ada.page.getByRole('button', { name: 'Start chat' }).click()
  await ada.page.getByRole('heading', { name: 'Ben Okri' }).waitFor()
  await ben.page.getByRole('navigation').getByRole('link', { name: 'Ada Lovelace' }).waitFor()
  await reads(status(ada.page), 'online')

  // Sent, not read, until he looks.
  await say(ada.page, 'Hello Ben')
  await message(ada.page, 'Hello Ben').getByTitle('Sent', { exact: true }).waitFor()
  await ben.page.getByRole('link', { name: /Ada Lovelace.*1 unread/ }).waitFor()
  await openChat(ben.page, 'Ada Lovelace')
  await message(ada.page, 'Hello Ben').getByTitle('Read by Ben Okri').waitFor()
  await until('nothing unread', async () => (await ben.page.locator('.badge').count()) === 0)

  // Typing is shown, goes with the text, and with the message.
  await composer(ben.page).pressSequentially('Hel')
  await reads(status(ada.page), /^typing…$/)
  await composer(ben.page).fill('')
  await reads(status(ada.page), /^online$/)
  await composer(ben.page).pressSequentially('Hello Ada')
  await reads(status(ada.page), /^typing…$/)
  await composer(ben.page).press('Enter')
  await message(ada.page, 'Hello Ada').waitFor()
  await reads(status(ada.page), /^online$/)
  await message(ben.page, 'Hello Ada').getByTitle('Read by Ada Lovelace').waitFor()

  // Cut off, he is told so, and has all of it once and in order when he is back. What he wrote meanwhile arrives as well.
  link.refuse()
  await reads(ben.page.getByRole('status'), 'Connection lost')
  await say(ben.page, 'Are you there?')
  await message(ben.page, 'Are you there?').getByTitle('Sending').waitFor()
  const lines = Array.from({ length: 20 }, (_, index) => `Line ${index + 1} of the letter`)
  for (const line of lines) await say(ada.page, line)
  await message(ada.page, lines[19]!).getByTitle('Sent', { exact: true }).waitFor()
  expect((await texts(ben.page)).filter(text => text.startsWith('Line'))).toEqual([])
  link.accept()
  await message(ada.page, 'Are you there?').waitFor()
  await message(ben.page, 'Are you there?').getByTitle('Read by Ada Lovelace').waitFor()
  const expected = ['Hello Ben', 'Hello Ada', ...lines, 'Are you there?']
  await until('all messages for Ben', async () => (await texts(ben.page)).length >= expected.length)
  expect(await texts(ben.page)).toEqual(expected)
  expect(await texts(ada.page)).toEqual(expected)
  await ben.page.locator('.banner').waitFor({ state: 'hidden' })
  await message(ada.page, lines[19]!).getByTitle('Read by Ben Okri').waitFor()
  await composer(ben.page).pressSequentially('…')
  await reads(status(ada.page), /^typing…$/)
  await picture(ada.page, 'conversation')

  // A reload shows the same.
  await ben.page.reload()
  await message(ben.page, 'Are you there?').waitFor()
  expect(await texts(ben.page)).toEqual(expected)

  // Gone with his page.
  await reads(status(ada.page), /^online$/)
  await ben.page.close()
  await reads(status(ada.page), 'last seen')
  await ada.page.getByRole('link', { name: /Ben Okri.*last seen/ }).waitFor()

  expect([...ada.hosts]).toEqual([new URL(ofAda).host])
  expect([...ben.hosts]).toEqual([new URL(ofBen).host])
  expect(ada.complaints).toEqual([])
  // Browsers themselves write down each connection that was refused; nobody else complains.
  expect(ben.complaints.filter(text => !/net::ERR_/.test(text))).toEqual([])
})

it('shows a group on a phone, by keyboard, page by page', { timeout: 180_000 }, async () => {
  const cleo = await signUp(ofAda, 'Cleo Vance', { viewport: { width: 390, height: 780 }, colorScheme: 'dark', hasTouch: true })
  const dora = await signUp(ofAda, 'Dora Maar')
  const emil = await signUp(ofAda, 'Emil Nolde')
  const { page } = cleo

  await page.getByRole('button', { name: 'New chat' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.type('dora@example.org, emil@example.org')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Harbour walk')
  await picture(page, 'dialog')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Harbour walk' }).waitFor()
  await reads(status(page), '3 people, 3 online')

  const lines = Array.from({ length: 45 }, (_, index) => `Pier ${index + 1}`)
  for (const line of lines) await page.keyboard.type(`${line}\n`)
  await message(page, 'Pier 45').getByTitle('Sent', { exact: true }).waitFor()

  // A page of the newest first, and what was before on going up.
  await openChat(dora.page, 'Harbour walk')
  await message(dora.page, 'Pier 45').waitFor()
  await message(page, 'Pier 45').getByTitle('Read by Dora Maar').waitFor()
  await until('a page', async () => (await texts(dora.page)).length === 40)
  await dora.page.getByRole('button', { name: 'Earlier messages' }).focus()
  await dora.page.keyboard.press('Enter')
  await until('the page before', async () => (await texts(dora.page)).length > 40)
  expect(await texts(dora.page)).toEqual(lines)

  await openChat(emil.page, 'Harbour walk')
  await message(page, 'Pier 45')
    .getByTitle(/^Read by (Dora Maar and Emil Nolde|Emil Nolde and Dora Maar)$/)
    .waitFor()
  await say(dora.page, 'Shall we meet at the old crane?\nI bring the map.')
  await say(emil.page, 'Yes, at six')
  await until('two who type', async () => {
    for (const each of [dora, emil]) await composer(each.page).pressSequentially('W')
    return /are typing…$/.test(await status(page).innerText())
  })
  await picture(page, 'group')

  // One column: back leads to the list, where what comes meanwhile is counted.
  await page.getByRole('link', { name: 'Back to all chats' }).click()
  await page.getByRole('navigation').getByRole('link', { name: 'Harbour walk' }).waitFor()
  await page.getByRole('log').waitFor({ state: 'detached' })
  await say(dora.page, 'Bring a coat')
  await page.getByRole('link', { name: /Harbour walk.*Bring a coat.*1 unread/ }).waitFor()
  await picture(page, 'list')

  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await picture(page, 'sign-in')
  await page.reload()
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  for (const { complaints } of [cleo, dora, emil]) expect(complaints).toEqual([])
})

it('serves its own pages and no others', async () => {
  const page = await fetch(ofAda)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self' 'sha256-")
  expect((await fetch(new URL('/tsconfig.json', ofAda))).status).toBe(404)
  expect((await fetch(new URL('/%2e%2e/server.ts', ofAda))).status).toBe(404)

  const elsewhere = { origin: 'https://elsewhere.example' }
  const asked = await fetch(new URL('/graphql', ofAda), {
    method: 'POST',
    headers: { ...elsewhere, 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  })
  expect(asked.status).toBe(403)
  const socket = new WebSocket(new URL('/graphql', ofAda.replace('http', 'ws')), 'graphql-transport-ws', { headers: elsewhere })
  const refusal = await new Promise<Error>(resolve => socket.once('error', resolve))
  expect(refusal.message).toContain('403')
})
