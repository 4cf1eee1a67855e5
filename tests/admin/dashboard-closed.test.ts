import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, validate } from 'graphql'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { operations } from '../../src/admin/dashboard/page/operations.ts'
import { schema } from '../../src/schema.ts'
import { startBrowser } from '../harness/browser.ts'
import { makeAdmin, type Person, password, signUp } from '../harness/client.ts'
import { environmentOf } from '../harness/modes.ts'
import { startServer } from '../harness/server.ts'
import { keeper } from './dashboard-world.ts'

const stack = new AsyncDisposableStack()
let address: string
let browser: Browser
let admin: Person
beforeAll(async () => {
  const { env } = stack.use(await environmentOf('postgres'))
  const open = stack.use(await startServer(env))
  admin = await signUp(open.url, 'admin')
  await makeAdmin(open, admin)
  await open.stop()
  const file = join(env['DATA_DIR'] ?? '', 'operations.json')
  await writeFile(file, '{}')
  const closed = {
    NODE_ENV: 'production',
    REQUIRE_SIGNATURES: 'true',
    PERSISTED_OPERATIONS: 'only',
    PERSISTED_OPERATIONS_FILE: file,
    ADMIN_USERNAME: keeper.name,
    ADMIN_PASSWORD: keeper.password,
    ADMIN_COOKIE_SECURE: 'off',
  }
  const server = stack.use(await startServer({ ...env, ...closed }))
  // Browsers sign over HTTPS, and for a server of this name.
  address = `http://localhost:${server.port}/admin`
  browser = await startBrowser()
  stack.defer(() => browser.close())
}, 120_000)
afterAll(() => stack.disposeAsync())

test('what the page asks are operations of this schema', () => {
  const faults = Object.entries(operations).flatMap(([name, text]) => validate(schema, parse(text)).map(({ message }) => `${name}: ${message}`))
  expect(faults).toEqual([])
})

test.each(['password', 'session'])('works with trusted operations alone, and all of them signed: by %s', async proof => {
  const page = await (await browser.newContext()).newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(address)
  await page.getByLabel('User name or e-mail').fill(proof === 'password' ? keeper.name : admin.email)
  await page.getByLabel('Password').fill(proof === 'password' ? keeper.password : password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor()
  await page.getByRole('region', { name: 'Recent activity' }).getByText('sign-in').first().waitFor()
  await page.getByRole('slider').and(page.locator('[aria-valuetext]')).waitFor()
  await page.getByRole('link', { name: 'Users' }).click()
  await page.getByRole('button', { name: `Access of ${admin.email}` }).click()
  await page.getByRole('heading', { name: 'Issued tokens' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Audit' }).click()
  await page.getByRole('table', { name: 'Audit log' }).waitFor()
  await page.getByRole('link', { name: 'Exports' }).click()
  await page.getByRole('button', { name: 'Create export' }).click()
  await page.getByRole('button', { name: 'Download' }).first().waitFor()
  expect(await page.getByRole('alert').innerText()).toBe('')
  await page.context().close()
})
