import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { WebAnswer, WebRequest } from '../../web.ts'

/** The files of the page: read when the first browser asks, and kept. */
export type Files = (name: string, request: Pick<WebRequest, 'headers'>) => Promise<WebAnswer | null>

interface File {
  readonly type: string
  readonly body: Buffer
  readonly zipped: Buffer
  readonly etag: string
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  // Without a type in it, it is JavaScript as it is.
  ts: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Nothing inline, nothing from elsewhere, in nobody's frame. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const folder = new URL('./page/', import.meta.url)

export function createFiles(): Files {
  let loading: Promise<ReadonlyMap<string, File>> | null = null

  return async (name, { headers }) => {
    loading ??= load()
    const file = (await loading).get(name)
    if (!file) return null
    const isZipped = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))
    const always = { etag: file.etag, 'cache-control': 'no-cache', vary: 'accept-encoding', 'content-security-policy': policy }
    if (headers['if-none-match'] === file.etag) return { status: 304, headers: always, body: '' }
    const body = isZipped ? file.zipped : file.body
    const coding: Readonly<Record<string, string>> = isZipped ? { 'content-encoding': 'gzip' } : {}
    return { status: 200, headers: { ...always, ...coding, 'content-type': file.type, 'content-length': String(body.length) }, body: once(body) }
  }
}

async function* once(body: Buffer): AsyncGenerator<Uint8Array> {
  yield body
}

async function load(): Promise<ReadonlyMap<string, File>> {
  const names = await readdir(folder)
  return new Map(await Promise.all(names.map(async name => [name, await read(name)] as const)))
}

async function read(name: string): Promise<File> {
  const body = await readFile(new URL(name, folder))
  return {
    type: types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    body,
    zipped: await promisify(gzip)(body),
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  }
}
