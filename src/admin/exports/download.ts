import type { Access } from '../../access/access.ts'
import { type LinkHolder, linkHolderNames, linkHolderOf, type ViewerOfLink } from '../../access/link-holder.ts'
import type { Admin, Viewer } from '../../access/viewer.ts'
import type { Audit } from '../../audit/audit.ts'
import type { Actor } from '../../audit/noted.ts'
import { AppError, type ErrorCode, errorCodes, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import type { AddressList } from '../../platform/addresses.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import type { Keys } from '../../platform/secrets.ts'
import { createSignedLinks, deadLink } from '../../platform/signed-links.ts'
import type { WebAnswer, WebRoute } from '../../web.ts'
import { encoderOf } from './encoder.ts'
import type { ExportRow, ExportSources } from './export.ts'
import { acceptsGzip, decompress, gzipEnd, gzipFrameBytes, gzipHead } from './gzip.ts'
import type { Slots } from './slots.ts'
import { findExports, readPart, weighParts } from './store.ts'

export interface ExportDownloadsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Pick<Access, 'watch'>
  readonly audit: Audit
  readonly clock: Clock
  readonly sources: ExportSources
  readonly slots: Slots
  /** Sign links. */
  readonly keys: Keys
  /** Where clients reach this server; without it, links begin with a slash. */
  readonly publicUrl: string | undefined
  readonly mayAdminister: AddressList
  readonly viewerOfLink: ViewerOfLink
}

export const exportDownloadPath = '/exports/'
/** At most: none outlives its export. */
const linkMs = 3_600_000

/** Whoever uses a link, and what it leads to. */
interface Caller {
  readonly id: string
  /** Null for those with the key or the password. */
  readonly viewer: Viewer | null
  readonly actor: Actor
}

/** Exports by links that work without a token, for a while, and no longer than the session or the token that asked for them. */
export function createExportDownloads(deps: ExportDownloadsDeps) {
  const { database, feed, access, audit, clock, sources, slots, keys, publicUrl, mayAdminister, viewerOfLink } = deps
  const links = createSignedLinks({ keys, clock, publicUrl, path: exportDownloadPath, names: linkHolderNames })

  const hasExpired = ({ expiresAt }: ExportRow) => expiresAt === null || expiresAt <= clock.now()

  const refuse = (url: URL, actor: Actor, reason: string) =>
    audit.refuse(actor, 'admin-refused', { target: url.pathname, details: { proof: 'link', reason } })

  /** Whom a link speaks for. @throws FORBIDDEN for one that was made up or is over, from where nobody administers, and when they administer no more */
  async function callerOf(url: URL, ip: string): Promise<Caller> {
    const stranger = { userId: null, ip }
    const { id, claims, expiresAt } = links.read(url, () => refuse(url, stranger, 'made up'))
    if (!mayAdminister(ip)) {
      refuse(url, stranger, 'address')
      throw new AppError('FORBIDDEN', 'Administrators may not act from this address.')
    }
    const holder = claims as LinkHolder
    if (holder.by === 'api-key' || holder.by === 'password') return { id, viewer: null, actor: { ...stranger, by: holder.by } }
    const viewer = await viewerOfLink(holder, expiresAt, ip)
    if (!viewer) throw deadLink()
    if (viewer.role === 'ADMIN') return { id, viewer, actor: viewer }
    refuse(url, viewer, 'role')
    throw new AppError('FORBIDDEN', 'Whoever this link was made for does not administer the server any more.')
  }

  /** Part by part, so that a slow reader holds nothing but memory for one; ends when what the link stands on does. */
  async function* read(
    row: ExportRow,
    { viewer, actor }: Caller,
    checkAgain: () => Promise<unknown>,
    isCompressed: boolean,
  ): AsyncGenerator<Uint8Array> {
    const leave = slots()
    const lost: ErrorCode[] = []
    const stopWatching = viewer ? access.watch(viewer, null, code => lost.push(code)) : () => {}
    try {
      // What ended before that is not heard of any more.
      await checkAgain()
      await feed.transact(tx => audit.record(tx, actor, 'export-downloaded', { target: row.id }))
      if (isCompressed) yield gzipHead
      for (let index = 0; index < row.partCount; index++) {
        if (lost[0]) throw new AppError(lost[0], errorCodes[lost[0]])
        const part = hasExpired(row) ? null : await readPart(database.db, row.id, index)
        if (!part) throw notFound('export')
        yield isCompressed ? part : await decompress(part)
      }
      if (isCompressed) yield gzipEnd(row.place.crc, row.sizeBytes)
    } finally {
      stopWatching()
      leave()
    }
  }

  const route: WebRoute = async ({ url, headers, ip }): Promise<WebAnswer> => {
    const caller = await callerOf(url, ip)
    const [row] = await findExports(database.db, [caller.id])
    if (row?.status !== 'READY' || hasExpired(row)) throw notFound('export')
    const isCompressed = acceptsGzip(headers['accept-encoding'])
    const { mediaType, extension } = encoderOf(row.format, sources[row.kind])
    const length = isCompressed ? (await weighParts(database.db, row.id)) + gzipFrameBytes : row.sizeBytes
    return {
      status: 200,
      headers: {
        'content-type': mediaType,
        'content-length': String(length),
        ...(isCompressed && { 'content-encoding': 'gzip' }),
        ...attachmentHeaders(`${row.kind.toLowerCase()}-${row.createdAt.toISOString().slice(0, 10)}.${extension}`),
      },
      body: read(row, caller, () => callerOf(url, ip), isCompressed),
    }
  }

  return {
    route,

    /** A link for this administrator, who is this user if they are one. Null: there is nothing to download. */
    urlOf({ by }: Admin, viewer: Viewer | null, row: ExportRow): string | null {
      if (row.status !== 'READY' || row.expiresAt === null || hasExpired(row)) return null
      const asUser = by === 'session' ? viewer : null
      const claims: LinkHolder = asUser ? linkHolderOf(asUser) : { user: '', by, proof: '' }
      const ends = [
        clock.now().getTime() + linkMs,
        row.expiresAt.getTime(),
        asUser?.isOutside ? asUser.expiresAt.getTime() : Number.POSITIVE_INFINITY,
      ]
      return links.make({ id: row.id, claims, expiresAt: new Date(Math.min(...ends)) })
    },
  }
}

/** What a browser keeps as a file and shows to nobody. */
export const attachmentHeaders = (fileName: string) => ({
  'content-disposition': `attachment; filename="${fileName}"`,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cache-control': 'no-store',
  vary: 'accept-encoding',
})
