import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/** GraphiQL and all it needs, from this server alone. */
export interface GraphiQL {
  /** Answers with the page. */
  page(response: ServerResponse): void
  /** Answers with one of its files; false when there is none of that name. */
  asset(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>
}

interface Asset {
  readonly type: string
  readonly body: Buffer
  readonly zipped: Buffer
  readonly etag: string
}

const script = 'text/javascript; charset=utf-8'
const types: Readonly<Record<string, string>> = { js: script, ts: script, css: 'text/css; charset=utf-8' }

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Tidemark</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/graphiql/graphiql.css" />
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    <script src="/graphiql/graphiql.js"></script>
    <script type="module" src="/graphiql/boot.js"></script>
  </body>
</html>
`

/** Editors set styles inline; everything else has to come from here. */
const policy =
  "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** With several tabs at the start, their entrance never ends: whoever presses the mouse on one sees it jump away, and clicks nothing. */
const ownStyle = '\n.graphiql-tab { transform: none !important; }\n'

/** The files are 9 MB, so they are loaded when the first browser asks, and kept. */
export function createGraphiQL(): GraphiQL {
  let loading: Promise<ReadonlyMap<string, Asset>> | null = null

  return Object.freeze({
    page(response) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', 'content-security-policy': policy })
      response.end(page)
    },
    async asset(path, request, response) {
      loading ??= loadAssets()
      const asset = (await loading).get(path)
      if (!asset) return false
      const headers = { etag: asset.etag, 'cache-control': 'public, max-age=3600', vary: 'accept-encoding' }
      if (request.headers['if-none-match'] === asset.etag) {
        response.writeHead(304, headers).end()
        return true
      }
      const isZipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
      const body = isZipped ? asset.zipped : asset.body
      response.writeHead(200, {
        ...headers,
        'content-type': asset.type,
        'content-length': body.length,
        ...(isZipped && { 'content-encoding': 'gzip' }),
      })
      response.end(request.method === 'HEAD' ? undefined : body)
      return true
    },
  } satisfies GraphiQL)
}

async function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  const own = (name: string) => readFile(new URL(`./${name}`, import.meta.url), 'utf8')
  // A module of strings that the package does not describe beyond their names.
  const { js, css, editorWorkerService, jsonWorker, graphqlWorker } = await import('@graphql-yoga/render-graphiql/graphiql')
  const texts: Record<string, string> = {
    'graphiql.js': js,
    'graphiql.css': css + ownStyle,
    'worker-editorWorkerService.js': editorWorkerService,
    'worker-json.js': jsonWorker,
    'worker-graphql.js': graphqlWorker,
    'boot.js': await own('boot.js'),
    'first-minute.js': await own('first-minute.js'),
    'links.js': await own('links.js'),
    'link-operations.ts': await own('link-operations.ts'),
    ...(await socketClient()),
  }
  return new Map(await Promise.all(Object.entries(texts).map(async ([name, text]) => [`/graphiql/${name}`, await assetOf(name, text)] as const)))
}

/** graphql-ws' client for browsers: a module, and the one beside it that it imports. */
async function socketClient(): Promise<Record<string, string>> {
  const url = new URL('./client.js', import.meta.resolve('graphql-ws/client'))
  const client = await readFile(fileURLToPath(url), 'utf8')
  const names = new Set([...client.matchAll(/from '\.\/([\w.-]+\.js)'/g)].map(match => match[1] ?? ''))
  const imported = await Promise.all(
    [...names].map(async name => [`graphql-ws/${name}`, await readFile(fileURLToPath(new URL(name, url)), 'utf8')] as const),
  )
  return { 'graphql-ws/client.js': client, ...Object.fromEntries(imported) }
}

async function assetOf(name: string, text: string): Promise<Asset> {
  const body = Buffer.from(text)
  return {
    type: types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    body,
    zipped: await promisify(gzip)(body),
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  }
}
