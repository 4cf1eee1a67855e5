import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface File {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
}
const page = join(import.meta.dirname, 'page')
const graphqlWs = dirname(fileURLToPath(import.meta.resolve('graphql-ws')))

/** Every file that is served, by its path. The page’s modules go out without their types: that is all the building there is. */
export function loadFiles(): ReadonlyMap<string, File> {
  const html = readFileSync(join(page, 'index.html'), 'utf8')
  const security = policyFor(html)
  const files = new Map<string, File>()
  const add = (path: string, name: string, body: string) => {
    const type = mediaTypes[extname(name)] ?? 'text/plain'
    files.set(path, { headers: { ...security, 'content-type': type, 'cache-control': 'no-cache' }, body })
  }
  for (const { name, parentPath } of readdirSync(page, { withFileTypes: true })) {
    if (name === 'tsconfig.json') continue
    const text = readFileSync(join(parentPath, name), 'utf8')
    add(`/${name}`, name, name.endsWith('.ts') ? stripTypeScriptTypes(text) : text)
  }
  add('/', 'index.html', html)
  for (const name of readdirSync(graphqlWs).filter(name => /^(client|common-[\w-]+)\.js$/.test(name))) {
    add(`/graphql-ws/${name}`, name, readFileSync(join(graphqlWs, name), 'utf8'))
  }
  return files
}

/** Nothing may come from elsewhere, and no script stand in the page but its import map, which is known by its hash. */
function policyFor(html: string): Record<string, string> {
  const importMap = /<script type="importmap">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? ''
  const hash = createHash('sha256').update(importMap).digest('base64')
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}
