import { createHash } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPublications, type PublicationsDeps } from '../../src/notes/publications/service.ts'
import { startBrowser } from '../harness/browser.ts'
import { type Person, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { vectors } from './publications-vectors.ts'
import { anybody, publicationsOf } from './publications-world.ts'

describe.each(modes)('the page of a publication on %s', mode => {
  const servers = sharedServers(mode)
  let own: ReturnType<typeof publicationsOf>
  beforeAll(async () => {
    own = publicationsOf(await signUp(servers.one.url))
  })
  const open = (slug: string, method?: string) => anybody(servers.other.url).open(slug, method)

  test('shows title, author, date and content, and says what a browser may do with it', async () => {
    const { slug, publishedAt } = await own.publish(await own.note(), {
      title: '</title><b>&amp;',
      authorName: '<i>"Ann"',
      content: '<h2 id=x>Ebbe</h2><p>und <b>Flut</b></p>',
    })
    const response = await open(slug)
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(text).toContain('<title>&lt;/title&gt;&lt;b&gt;&amp;amp;</title>')
    expect(text).toContain('<h1>&lt;/title&gt;&lt;b&gt;&amp;amp;</h1>')
    expect(text).toContain('>&lt;i&gt;&quot;Ann&quot;</bdi>')
    expect(text).toContain(`datetime="${new Date(publishedAt).toISOString()}"`)
    expect(text).toContain('<h2>Ebbe</h2><p>und <b>Flut</b></p>')
    expect(text).not.toContain('updated')
    expect(text).not.toMatch(/<script|javascript:|<[^>]* on\w+=/i)

    const style = /<style>(.*?)<\/style>/s.exec(text)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox`,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, noarchive',
      'content-length': String(Buffer.byteLength(text)),
    })
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  test('shows what is no HTML letter by letter', async () => {
    const content = '\n<b onclick="x()">&amp;</b>\r\n\t</code></pre><script>1</script>'
    const { slug } = await own.publish(await own.note({ type: 'CODE' }), { content })
    const text = await (await open(slug)).text()
    expect(text).toContain(
      '<code>\n&lt;b onclick=&quot;x()&quot;&gt;&amp;amp;&lt;/b&gt;\r\n\t&lt;/code&gt;&lt;/pre&gt;&lt;script&gt;1&lt;/script&gt;</code>',
    )
  })

  test('is asked for with HEAD as with GET, and is not there for anything else', async () => {
    const { slug } = await own.publish(await own.note())
    for (const path of [slug, 'A'.repeat(22)]) {
      const [got, head] = [await open(path), await open(path, 'HEAD')]
      expect(head.status).toBe(got.status)
      for (const name of ['content-type', 'content-length', 'content-security-policy', 'cache-control'])
        expect(head.headers.get(name)).toBe(got.headers.get(name))
      expect([(await head.text()).length, (await got.text()).length > 500]).toEqual([0, true])
    }
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await open(slug, method)).status).toBe(404)
  })

  test('is a page that says so where nothing is published', async () => {
    const { slug } = await own.publish(await own.note())
    const other = slug.replace(/^./, first => (first === 'A' ? 'B' : 'A'))
    for (const path of [
      '',
      '/',
      other,
      slug.slice(1),
      `${slug}/`,
      `${slug}//x`,
      `${slug}%20`,
      `%00${slug}`,
      `%${slug}`,
      `..%2f${slug}`,
      '<script>',
      'x'.repeat(5_000),
    ]) {
      const response = await open(path)
      const text = await response.text()
      expect([path.slice(0, 40), response.status, response.headers.get('content-type')]).toEqual([path.slice(0, 40), 404, 'text/html; charset=utf-8'])
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(text).toContain('<h1>Nothing here</h1>')
      expect(text).not.toContain(slug)
    }
    expect((await open(`${slug}?x=<script>`)).status).toBe(200)
  })
})

test('a slug of another form asks no database', async () => {
  const database = {
    get db(): never {
      throw new Error('The database was asked.')
    },
  }
  const { find } = createPublications({ database } as unknown as PublicationsDeps)
  for (const slug of ['', 'x', 'A'.repeat(21), 'A'.repeat(23), `${'A'.repeat(22)}\n`, `${'A'.repeat(21)}+`, 'ä'.repeat(22), '\0'.repeat(22)])
    expect(await find(slug)).toBeNull()
  await expect(find('A'.repeat(22))).rejects.toThrow('The database was asked.')
})

describe('in a real browser', () => {
  const servers = sharedServers('embedded')
  let ann: Person
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
    ann = await signUp(servers.one.url)
  }, 90_000)
  afterAll(() => browser?.close())

  /** A page in which `attack()` is heard, and each request beyond the page itself. */
  async function watched() {
    const context = await browser.newContext()
    const page = await context.newPage()
    const heard: string[] = []
    await context.exposeFunction('attack', () => heard.push('attack'))
    context.on('page', other => heard.push(`a window at ${other.url()}`))
    page.on('dialog', dialog => {
      heard.push(dialog.message())
      return dialog.dismiss()
    })
    page.on('request', request => {
      if (!/^data:(?:,|image\/(?:png|jpeg|gif|webp);)/.test(request.url()) && !request.isNavigationRequest()) heard.push(request.url())
    })
    page.on('framenavigated', frame => frame !== page.mainFrame() && heard.push(`a frame at ${frame.url()}`))
    return { page, heard }
  }

  /** What a browser made of the text that has no business in it. */
  const strange = (page: Page) =>
    page.evaluate(() => {
      const found: string[] = []
      const names =
        /^(?:article|abbr|a|b|blockquote|br|caption|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|s|samp|small|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|u|ul|var|wbr)$/
      const allowed = /^(?:href|rel|src|alt|width|height|start|colspan|rowspan)$/
      const all = [...document.querySelectorAll('article *')]
      if (document.querySelector('body > :not(main, article), main > :not(header, article), article article')) found.push('the frame is broken')
      for (const element of all) {
        if (!names.test(element.localName) || element.namespaceURI !== 'http://www.w3.org/1999/xhtml') found.push(element.localName)
        for (const { name, value } of element.attributes) {
          if (!allowed.test(name)) found.push(`${element.localName} ${name}`)
          if (name === 'href' && !/^(?:https?|mailto):/.test((element as HTMLAnchorElement).href)) found.push(value)
          if (name === 'src' && !/^data:image\/(?:png|jpeg|gif|webp);base64,/.test(value)) found.push(value)
        }
        if (element.shadowRoot) found.push('a shadow')
      }
      // Whatever listens hears this.
      document.addEventListener('click', event => event.preventDefault(), { capture: true })
      for (const element of all)
        for (const type of ['mouseover', 'click', 'focus', 'error', 'load', 'toggle', 'animationstart'])
          element.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }))
      return found
    })

  test('nothing of what people try runs, loads, listens or leaves its place, with the policy and without', async () => {
    const own = publicationsOf(ann)
    const note = await own.note()
    const { page, heard } = await watched()
    await page.route('http://plain.test/', route => route.fulfill({ contentType: 'text/html', body: plain }))
    let plain = ''

    // The watch itself works: without cleaning it is heard.
    plain = '<!doctype html><article><img src="data:image/png;base64,AA" onerror="attack()"><img src="http://elsewhere.test/x.png"></article>'
    await page.goto('http://plain.test/')
    await page.waitForFunction(() => document.readyState === 'complete')
    expect(heard).toEqual(expect.arrayContaining(['attack', 'http://elsewhere.test/x.png']))
    expect(await strange(page)).toEqual(['img onerror', 'http://elsewhere.test/x.png'])
    heard.length = 0

    const cleaned: string[] = []
    for (const content of vectors) {
      const published = await own.publish(note, { content })
      cleaned.push(published.content)
      const url = new URL(`/p/${published.slug}`, servers.one.url).href
      await page.goto(url, { waitUntil: 'load' })
      expect([content, await strange(page), heard, page.url()]).toEqual([content, [], [], url])
    }
    plain = `<!doctype html>${cleaned.map(content => `<article>${content}</article>`).join('')}`
    await page.goto('http://plain.test/', { waitUntil: 'load' })
    expect([await strange(page), heard, page.url()]).toEqual([[], [], 'http://plain.test/'])
    expect(await page.evaluate(() => document.querySelectorAll('body > article').length)).toBe(vectors.length)
  }, 120_000)

  test('nothing of a title, an author or a text that is no HTML becomes a tag', async () => {
    const own = publicationsOf(ann)
    const note = await own.note({ type: 'CODE' })
    const { page, heard } = await watched()
    for (const text of vectors) {
      const line = text.slice(0, 180)
      const { slug, title } = await own.publish(note, { title: line, authorName: line, content: text })
      await page.goto(new URL(`/p/${slug}`, servers.one.url).href, { waitUntil: 'load' })
      const shown = () => [document.querySelectorAll('body *').length, document.title, document.querySelector('pre')?.textContent]
      expect(await page.evaluate(shown)).toEqual([9, title.replaceAll(/\s+/g, ' '), text])
      expect(heard).toEqual([])
    }
  }, 120_000)

  test('it is readable in light and dark, and on a phone nothing sticks out', async () => {
    const own = publicationsOf(ann)
    const content = `<p>${'word '.repeat(60)}${'x'.repeat(300)}</p><pre>${'y'.repeat(400)}</pre><table><tr>${'<td>cell cell</td>'.repeat(20)}</tr></table><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="3000" height="10">`
    const { slug } = await own.publish(await own.note(), { title: 'z'.repeat(200), authorName: 'w'.repeat(200), content })
    const colours: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 700 } })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', message => complaints.push(message.text()))
      await page.goto(new URL(`/p/${slug}`, servers.one.url).href)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
      expect(complaints).toEqual([])
      colours.push(
        await page.evaluate(
          () => `${getComputedStyle(document.documentElement).color} on ${getComputedStyle(document.documentElement).backgroundColor}`,
        ),
      )
      await context.close()
    }
    expect(colours).toEqual(['rgb(35, 33, 30) on rgb(253, 252, 250)', 'rgb(223, 220, 214) on rgb(23, 24, 26)'])
  })
})
