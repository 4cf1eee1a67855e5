import type { Access } from '../../access/access.ts'
import { type LinkHolder, linkHolderNames, linkHolderOf, type ViewerOfLink } from '../../access/link-holder.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, badInput, type ErrorCode, errorCodes } from '../../errors.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Keys } from '../../platform/secrets.ts'
import { createSignedLinks, deadLink, type SignedLink } from '../../platform/signed-links.ts'
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
  readonly viewerOfLink: ViewerOfLink
}

export const downloadPath = '/attachments/'
export const maxLinkSeconds = 3_600
/** Each holds a chunk in memory for as long as its reader takes. */
const maxDownloadsOfUser = 10

type Link = SignedLink<keyof LinkHolder>

/** Attachments by links that work without a token, for a while, and no longer than the session or the token that asked for them. */
export function createDownloads({ attachments, access, clock, keys, publicUrl, viewerOfLink }: DownloadsDeps) {
  const underWay = new Map<string, number>()
  const links = createSignedLinks({ keys, clock, publicUrl, path: downloadPath, names: linkHolderNames })

  /** Whom a link was made for. @throws FORBIDDEN once what it stands on is over */
  async function viewerOf({ claims, expiresAt }: Link, ip: string): Promise<Viewer> {
    const viewer = await viewerOfLink(claims as LinkHolder, expiresAt, ip)
    if (!viewer) throw deadLink()
    return viewer
  }

  /** Chunk by chunk, so that a slow reader holds nothing but memory for one; ends at once when the viewer loses access, or what the link stands on ends. */
  async function* read(link: Link, viewer: Viewer, { id, noteId }: AttachmentRow, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
    const leave = enter(viewer.userId)
    const lost: ErrorCode[] = []
    let stopWatching = () => {}
    try {
      stopWatching = await access.hold(viewer, noteId, code => lost.push(code))
      // What ended before that is not heard of any more.
      await viewerOf(link, viewer.ip)
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
    const link = links.read(url)
    const { id } = link
    const viewer = await viewerOf(link, ip)
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
      body: read(link, viewer, attachment, { start, end }),
    }
  }

  return {
    route,

    /** A link for this viewer. @throws BAD_USER_INPUT */
    urlOf(viewer: Viewer, { id }: Pick<AttachmentRow, 'id'>, ttlSeconds: number): string {
      if (ttlSeconds < 1 || ttlSeconds > maxLinkSeconds) throw badInput('ttlSeconds', `A link lives from 1 to ${maxLinkSeconds} seconds.`)
      const end = clock.now().getTime() + ttlSeconds * 1_000
      const expiresAt = new Date(viewer.isOutside ? Math.min(end, viewer.expiresAt.getTime()) : end)
      return links.make({ id, claims: linkHolderOf(viewer), expiresAt })
    },
  }
}
