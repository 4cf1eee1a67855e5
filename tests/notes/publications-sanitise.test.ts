import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeHtml } from '../../src/notes/publications/plain-text.ts'
import { sanitiseHtml } from '../../src/notes/publications/sanitise.ts'
import { vectors } from './publications-vectors.ts'

/** All a clean text may be made of, tag by tag. */
const tag =
  /<\/?(?:abbr|b|blockquote|br|caption|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure|h[1-6]|hr|i|ins|kbd|li|mark|ol|p|pre|q|s|samp|small|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|u|ul|var|wbr)>|<\/a>|<a href="(?:https?:\/\/|mailto:)[^"<>]*" rel="noopener noreferrer nofollow ugc">|<img src="data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}" alt="[^"<>]*"(?: width="\d{1,4}")?(?: height="\d{1,4}")?>|<ol start="\d{1,6}">|<t[dh](?: colspan="\d{1,2}")?(?: rowspan="\d{1,2}")?>/g

/** What is left of a clean text without its tags: text, in which nothing begins a tag. */
const remains = (clean: string) => clean.replaceAll(tag, '')

function expectClean(clean: string): void {
  expect(remains(clean)).not.toMatch(/[<>"']/)
  expect(clean).not.toMatch(/(?![\t\n\r])\p{Cc}/u)
  expect(clean.isWellFormed()).toBe(true)
  const open: string[] = []
  for (const [, slash, name = ''] of clean.matchAll(/<(\/?)([a-z0-9]+)/g)) {
    // Compared by hand: there may be half a million of them, and each `expect` costs more than its tag.
    const ended = slash ? open.pop() : name
    if (ended !== name) throw new Error(`</${name}> where <${ended}> is open`)
    if (!slash && !['br', 'hr', 'img', 'wbr'].includes(name)) open.push(name)
    if (open.length > 100) throw new Error(`<${name}> within more than a hundred others`)
  }
  expect(open).toEqual([])
}

const piece = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...'<>"\'=/ &;!-?[]\n\t\r\f`\\\u0001'.split(''),
      '<!--',
      '-->',
      '--!>',
      '<![CDATA[',
      ']]>',
      '</',
      '/>',
      '&#',
      '&lt;',
      '&#60;',
      '&quot;',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'a',
      'b',
      'p',
      'img',
      'script',
      'style',
      'svg',
      'math',
      'table',
      'td',
      'tr',
      'li',
      'ul',
      'textarea',
      'title',
      'xmp',
      'noscript',
      'template',
      'plaintext',
      'iframe',
      'select',
      'constructor',
      '__proto__',
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('<', '</')
      .chain(start => fc.constantFrom('a', 'b', 'p', 'td', 'li', 'svg', 'style', 'table', 'img').map(name => `${start}${name} `)),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'href=',
      'src="',
      "onerror='",
      'onclick=',
      'style=',
      'rel=',
      'alt="',
      'colspan=',
      'start=',
      'javascript:',
      'https://x',
      'data:image/png;base64,AA',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(...vectors) },
)
const markup = fc.array(piece, { maxLength: 60 }).map(pieces => pieces.join(''))

describe('a clean text', () => {
  test('holds tags from a short list and escaped text, whatever it is made from', () => {
    fc.assert(
      fc.property(markup, html => {
        expectClean(sanitiseHtml(html))
      }),
      { numRuns: 5_000 },
    )
  })

  test('stays as it is when it is cleaned again', () => {
    fc.assert(
      fc.property(markup, html => {
        const clean = sanitiseHtml(html)
        expect(sanitiseHtml(clean)).toBe(clean)
      }),
      { numRuns: 2_000 },
    )
  })

  test.each(vectors)('comes of %s', html => expectClean(sanitiseHtml(html)))

  test.each([
    ['nested', '<b>'.repeat(300_000)],
    ['nested in what is left out', '<x>'.repeat(300_000)],
    ['ended in disorder', `${'<b>'.repeat(150_000)}${'</p>'.repeat(100_000)}`],
    ['of table cells', '<table><tr><td>'.repeat(60_000)],
    ['of list items', '<li>'.repeat(250_000)],
    ['of one tag', `<p ${'href=x '.repeat(140_000)}>`],
    ['of angles', '<'.repeat(1_000_000)],
    ['of ampersands', '&'.repeat(1_000_000)],
    ['of comments', '<!--->'.repeat(160_000)],
    ['of scripts that begin', '<script>'.repeat(125_000)],
    ['of drawings that begin', '<svg>'.repeat(200_000)],
  ])('comes soon of a million characters %s', (_, html) => expectClean(sanitiseHtml(html)))

  test('shows text that was escaped as it was', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => void expect(sanitiseHtml(escapeHtml(text))).toBe(escapeHtml(text))))
  })
})

describe('of what editors write', () => {
  test.each([
    ['<h1>A</h1><p>b <strong>c</strong> <em>d</em> <u>e</u> <s>f</s> <mark>g</mark><br>h</p><hr>', null],
    ['<ul><li>a<ul><li>b</li></ul></li></ul><ol start="3"><li>c</li></ol><dl><dt>d</dt><dd>e</dd></dl>', null],
    [
      '<table><caption>a</caption><thead><tr><th colspan="2">b</th></tr></thead><tbody><tr><td rowspan="3">c</td><td>d</td></tr></tbody></table>',
      null,
    ],
    ['<pre><code>a &lt; b\n\tc &amp;&amp; d</code></pre><blockquote><p>e</p></blockquote>', null],
    ['<figure><img src="data:image/png;base64,iVBORw0=" alt="a &amp; b" width="10" height="20"><figcaption>c</figcaption></figure>', null],
    ['<p class="x" style="color:red" id="y" data-z="1">a<span style="font-size:9px"> b</span><font color=red> c</font></p>', '<p>a b c</p>'],
    ['<P>a<P>b<UL><LI>c<LI>d</UL>', '<p>a</p><p>b</p><ul><li>c</li><li>d</li></ul>'],
    ['<table><tr><td>a<td>b<tr><td>c</table>', '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>'],
    ['<b><i>a</b>b</i>', '<b><i>a</i></b>b'],
    ['<p>a</p/><br/><hr/>b', '<p>a</p><br><hr>b'],
    [
      '<a href="https://EXAMPLE.org/ä?a=1&amp;b=2#c">x</a>',
      '<a href="https://example.org/%C3%A4?a=1&amp;b=2#c" rel="noopener noreferrer nofollow ugc">x</a>',
    ],
    ['<a href="mailto:a@example.org">x</a>', '<a href="mailto:a@example.org" rel="noopener noreferrer nofollow ugc">x</a>'],
    ['<a href="javascript:x">kept</a><a>kept</a><a href="/p">kept</a>', 'keptkeptkept'],
    [
      '<a href="https://a.test">b<a href="https://c.test">d</a>',
      '<a href="https://a.test/" rel="noopener noreferrer nofollow ugc">b</a><a href="https://c.test/" rel="noopener noreferrer nofollow ugc">d</a>',
    ],
    ['a<script>b</script>c<style>d</style>e<svg><p>f</p></svg>g<template>h</template>i', 'acegi'],
    ['<form>a<label>b<input value=c></label><button>d</button></form>', 'abd'],
    ['5 < 6 & 7 > 2 "x" \'y\'', '5 &lt; 6 &amp; 7 &gt; 2 &quot;x&quot; &#39;y&#39;'],
    ['&eacute;&nbsp;&#128512;&#0;&#xD800;&#1;', 'é\u00a0😀\ufffd\ufffd'],
    ['plain text', null],
    ['', null],
  ])('%s', (html, clean) => expect(sanitiseHtml(html)).toBe(clean ?? html))
})

test('escaping leaves nothing that means something in HTML, and nothing twice', () => {
  expect(escapeHtml(`<a href="x" id='y'>&amp;</a>`)).toBe('&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;')
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/)))
})
