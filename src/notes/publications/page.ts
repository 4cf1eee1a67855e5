import { createHash } from 'node:crypto'
import type { WebAnswer, WebRoute } from '../../web.ts'
import { pageStyle } from './page-style.ts'
import { escapeHtml } from './plain-text.ts'
import type { PublicationWithContent } from './publication.ts'

const styleHash = createHash('sha256').update(pageStyle).digest('base64')

const headers = {
  'content-type': 'text/html; charset=utf-8',
  // Sandboxed besides: even a script that came through everything else would not be of this origin, where people are signed in.
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // What is unpublished is gone at once, wherever it was read before.
  'cache-control': 'no-store',
  // Whoever publishes a note gives its address to some; a search engine would give it to all, and keep it after the end.
  'x-robots-tag': 'noindex, noarchive',
} as const

/** Answers `/p/<slug>` with a page that anybody may read. */
export const createPublicationPage =
  (find: (slug: string) => Promise<PublicationWithContent | null>): WebRoute =>
  async ({ url }) => {
    const publication = await find(url.pathname.slice('/p/'.length))
    return publication ? answer(200, publicationPage(publication)) : answer(404, missingPage)
  }

const answer = (status: number, body: string): WebAnswer => ({
  status,
  headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
  body,
})

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
${body}
</body>
</html>
`

/** The language of a note is not known, and its direction is that of its text: the empty `lang` and `dir="auto"` say so. */
const publicationPage = ({ title, authorName, content, type, publishedAt, updatedAt }: PublicationWithContent): string =>
  page(
    title,
    `<main>
<header lang="" dir="auto">
<h1>${escapeHtml(title)}</h1>
<p class="by" lang="en">${[
      ...(authorName === null ? [] : [`<bdi class="author" lang="">${escapeHtml(authorName)}</bdi>`]),
      day(publishedAt),
      ...(dayOf(updatedAt) === dayOf(publishedAt) ? [] : [`<span dir="ltr">updated ${day(updatedAt)}</span>`]),
    ].join('<span aria-hidden="true"> · </span>')}</p>
</header>
${type === 'NOTE' ? `<article lang="" dir="auto">\n${content}\n</article>` : `<pre class="whole" lang="" dir="auto" tabindex="0">\n<code>${escapeHtml(content)}</code></pre>`}
</main>`,
  )

const missingPage = page(
  'Not found',
  `<main class="missing">
<h1>Nothing here</h1>
<p>There is no page at this address. It may have been withdrawn by whoever published it.</p>
</main>`,
)

const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

const day = (at: Date): string => `<time dir="ltr" datetime="${at.toISOString()}">${dayFormat.format(at)}</time>`
