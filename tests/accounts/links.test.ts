import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, password, signUp, useServers } from '../harness/client.ts'
import { debianProgram } from '../harness/debian.ts'
import { until } from '../harness/wait.ts'
import { whoAmI } from './operations.ts'

describe('links in mails and in the log', () => {
  const servers = useServers('postgres')
  let browser: Browser
  beforeAll(async () => {
    const { path, env } = await debianProgram('chromium', ['chromium', 'fonts-dejavu-core'])
    browser = await chromium.launch({ executablePath: path, env: { ...process.env, ...env }, args: ['--no-sandbox'] })
  })
  afterAll(() => browser?.close())

  const loggedLink = async (matches: string) => {
    const { msg = '' } = await servers.one.waitForLog(({ msg = '' }) => msg.includes(matches))
    // The mail names the port of the configuration, and this server took a free one.
    return new URL(/http:\/\/\S+#token=[\w-]+/.exec(msg)?.[0] ?? '')
  }
  const open = async (link: URL): Promise<Page> => {
    const page = await browser.newPage()
    await page.goto(new URL(link.pathname + link.hash, servers.one.url).href)
    await page.locator('.graphiql-execute-button').waitFor()
    return page
  }
  /** Runs what the page shows, once it shows it. GraphiQL takes a moment to read an operation, and says so when asked before. */
  const run = async (page: Page, field: string): Promise<string> => {
    await page.locator('.graphiql-query-editor', { hasText: field }).waitFor()
    return until(
      `the answer of ${field}`,
      async () => {
        await page.locator('.graphiql-execute-button').click()
        const answered = page.locator('.graphiql-response', { hasText: `"${field}"` })
        await answered.waitFor({ timeout: 2_000 }).catch(() => {})
        return (await answered.count()) > 0 ? (await answered.innerText()).replaceAll(/\s/g, '') : null
      },
      20_000,
    )
  }

  test('verify an address by one click, and leave no token in the browser', async () => {
    const person = await signUp(servers.one.url)
    const link = await loggedLink('/verify-email#token=')
    const page = await open(link)
    expect(await run(page, 'verifyEmail')).toContain('"emailVerified":true')
    expect(page.url()).not.toContain('token')
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(new URLSearchParams(link.hash.slice(1)).get('token'))
    expect((await person.run(whoAmI, {})).viewer?.role).toBe('USER')
    await page.close()
  })

  test('make whoever signs in on the page the administrator', async () => {
    const person = await signUp(servers.one.url)
    const page = await open(await loggedLink('/setup#token='))
    await page.locator('.graphiql-editor-tool').click()
    await page.keyboard.press('ControlOrMeta+A')
    // Into an empty editor: it completes brackets around what is there.
    await page.keyboard.press('Delete')
    await page.keyboard.insertText(JSON.stringify({ input: { email: person.email, password } }))
    expect(await run(page, 'login')).toContain(person.email)
    await page.locator('.graphiql-tab').last().click()
    expect(await run(page, 'claimAdmin')).toContain('"role":"ADMIN"')
    expect((await clientOf(servers.one.url, person.accessToken).run(whoAmI, {})).viewer).toEqual({
      id: person.id,
      email: person.email,
      role: 'ADMIN',
    })
    await page.close()
  })
})
