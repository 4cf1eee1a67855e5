import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import published from '../../schema/signatures.json' with { type: 'json' }
import { startBrowser } from '../harness/browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

/** The helper as a browser loads it. */
const helper = stripTypeScriptTypes(readFileSync('clients/signature.ts', 'utf8'), { mode: 'strip' }).replace("'canonicalize'", "'./canonicalize.js'")
const files: Readonly<Record<string, string>> = {
  '/': '<!doctype html>',
  '/signature.js': helper,
  '/canonicalize.js': readFileSync(new URL(import.meta.resolve('canonicalize')), 'utf8'),
}

test('the helper signs in a browser as it does here, with a key that no script can read', async () => {
  const page = await browser.newPage()
  await page.route('http://localhost/**', route => {
    const { pathname } = new URL(route.request().url())
    return route.fulfill({ body: files[pathname] ?? '', contentType: pathname === '/' ? 'text/html' : 'text/javascript' })
  })
  await page.goto('http://localhost/')
  const outcome = await page.evaluate(`(async ({ signingKey, vectors }) => {
    const { canonicalForm, hmacOf, importSigningKey, signatureOf } = await import('/signature.js')
    const key = await importSigningKey(signingKey)
    const values = vectors.map(({ operation, timestamp, nonce }) => hmacOf(canonicalForm(operation, timestamp, nonce), key))
    const withFile = canonicalForm({ query: 'q', variables: { input: { file: new File(['bytes'], 'name'), left: undefined } } }, 1, 'n')
    const signature = await signatureOf({ query: 'q' }, key, { now: () => 7 })
    return { values: await Promise.all(values), withFile, signature, read: await crypto.subtle.exportKey('raw', key).catch(error => error.name) }
  })(${JSON.stringify(published)})`)
  expect(outcome).toMatchObject({
    values: published.vectors.map(({ value }) => value),
    withFile: '["tidemark-1","q",null,null,{"input":{"file":null}},1,"n"]',
    signature: { timestamp: 7, nonce: expect.stringMatching(/^[\w-]{22}$/) },
    read: 'InvalidAccessError',
  })
})
