import type { Access } from '../../access/access.ts'
import type { Role, Viewer } from '../../access/viewer.ts'
import { AppError, badInput, type ErrorCode, errorCodes, notFound } from '../../errors.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Keys } from '../../platform/secrets.ts'
import { createSigner } from '../../platform/signer.ts'
import type { WebAnswer, WebRoute } from '../../web.ts'
import { type AttachmentRow, chunkBytes } from './attachment.ts'
import { type ByteRange, byteRangeOf } from './byte-range.ts'
import type { Attachments } from './service.ts'

export interface DownloadsDeps {
  readonly attachments: Attachments
  readonly access: Access
  readonly clock: Clock
  /** Signs links. */
  readonly keys: Keys
  /** Where clients reach this server; without it, links begin with a slash. */
  readonly publicUrl: string | undefined
  /** Null when there is no such user any more. */
  readonly roleOf: (userId: string) => Promise<Role | null>
}

export const downloadPath = '/attachments/'
export const maxLinkSeconds = 3_600
/** Each holds a chunk in memory for as long as its reader takes. */
const maxDownloadsOfUser = 10

/** Attachments by links that work without a token, for one user and for a while. */
export function createDownloads({ attachments, access, clock, keys, publicUrl, roleOf }: DownloadsDeps) {
  const underWay = new Map<string, number>()
  const signer = createSigner(keys)
  const contentOf = (...parts: readonly string[]) => parts.join('\n')

  /** Whom a link was made for. @throws FORBIDDEN for one that was made up, or has ended */
  async function viewerOf(id: string, query: URLSearchParams, ip: string): Promise<Viewer> {
    const [userId, expires, signature] = ['user', 'expires', 'signature'].map(name => query.get(name) ?? '') as [string, string, string]
    const isOurs = signer.isSigned(contentOf(id, userId, expires), Buffer.from(signature, 'base64url'))
    if (!isOurs || Number(expires) <= clock.now().getTime())
      throw new AppError('FORBIDDEN', 'This link does not hold, or no longer. Ask for a new one.')
    const role = await roleOf(userId)
    if (!role) throw notFound('attachment')
    return { userId, role, scopes: null, sessionId: null, tokenId: '', expiresAt: new Date(Number(expires)), ip }
  }

  /** Chunk by chunk, so that a slow reader holds nothing but memory for one; ends at once when the viewer loses access. */
  async function* read(viewer: Viewer, { id, noteId }: AttachmentRow, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
    const leave = enter(viewer.userId)
    const lost: ErrorCode[] = []
    let stopWatching = () => {}
    try {
      stopWatching = await access.hold(viewer, noteId, code => lost.push(code))
      for (let index = Math.floor(start / chunkBytes); index * chunkBytes < end; index++) {
        if (lost[0]) throw new AppError(lost[0], errorCodes[lost[0]])
        const offset = index * chunkBytes
        yield (await attachments.readChunk(id, index)).subarray(Math.max(0, start - offset), end - offset)
      }
    } finally {
      stopWatching()
      leave()
    }
  }

  function enter(userId: string): () => void {
    const count = underWay.get(userId) ?? 0
    if (count >= maxDownloadsOfUser)
      throw new AppError('TOO_MANY_CONNECTIONS', `One user may have ${maxDownloadsOfUser} downloads under way; let one end first.`)
    underWay.set(userId, count + 1)
    return () => {
      const left = (underWay.get(userId) ?? 1) - 1
      if (left === 0) underWay.delete(userId)
      else underWay.set(userId, left)
    }
  }

  const route: WebRoute = async ({ url, headers, ip }): Promise<WebAnswer> => {
    const id = url.pathname.slice(downloadPath.length)
    const viewer = await viewerOf(id, url.searchParams, ip)
    const attachment = await attachments.get(viewer, id)
    const { sizeBytes } = attachment
    // Bytes never change, so the id names them; a range of anything else is answered with the whole.
    const etag = `"${id}"`
    const isSame = headers['if-range'] === undefined || headers['if-range'] === etag
    const range = isSame ? byteRangeOf(headers['range'] as string | undefined, sizeBytes) : null
    const common = {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${id}"`,
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'cache-control': 'no-store',
      // Apps of other origins show them; whoever has the link may read the bytes anyway.
      'cross-origin-resource-policy': 'cross-origin',
      'accept-ranges': 'bytes',
      etag,
    }
    if (range === 'unsatisfiable')
      return { status: 416, headers: { ...common, 'content-range': `bytes */${sizeBytes}`, 'content-length': '0' }, body: '' }
    const { start, end } = range ?? { start: 0, end: sizeBytes }
    return {
      status: range ? 206 : 200,
      headers: { ...common, 'content-length': String(end - start), ...(range && { 'content-range': `bytes ${start}-${end - 1}/${sizeBytes}` }) },
      body: read(viewer, attachment, { start, end }),
    }
  }

  return {
    route,

    /** A link for this viewer. @throws BAD_USER_INPUT */
    urlOf({ userId }: Viewer, { id }: AttachmentRow, ttlSeconds: number): string {
      if (ttlSeconds < 1 || ttlSeconds > maxLinkSeconds) throw badInput('ttlSeconds', `A link lives from 1 to ${maxLinkSeconds} seconds.`)
      const expires = String(clock.now().getTime() + ttlSeconds * 1_000)
      const signature = signer.sign(contentOf(id, userId, expires)).toString('base64url')
      const path = `${downloadPath}${id}?${new URLSearchParams({ user: userId, expires, signature })}`
      return `${publicUrl?.replace(/\/+$/, '') ?? ''}${path}`
    },
  }
}
