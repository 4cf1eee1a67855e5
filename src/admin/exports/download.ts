import type { Admin, Role } from '../../access/viewer.ts'
import type { Actor, Audit } from '../../audit/audit.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import type { AddressList } from '../../platform/addresses.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import type { Keys } from '../../platform/secrets.ts'
import { createSigner } from '../../platform/signer.ts'
import type { WebAnswer, WebRoute } from '../../web.ts'
import { encoderOf } from './encoder.ts'
import type { ExportRow, ExportSources } from './export.ts'
import { acceptsGzip, decompress, gzipEnd, gzipFrameBytes, gzipHead } from './gzip.ts'
import type { Slots } from './slots.ts'
import { findExports, readPart, weighParts } from './store.ts'

export interface ExportDownloadsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly audit: Audit
  readonly clock: Clock
  readonly sources: ExportSources
  readonly slots: Slots
  /** Sign links. */
  readonly keys: Keys
  /** Where clients reach this server; without it, links begin with a slash. */
  readonly publicUrl: string | undefined
  readonly mayAdminister: AddressList
  /** Null when there is no such user any more. */
  readonly roleOf: (userId: string) => Promise<Role | null>
}

export const exportDownloadPath = '/exports/'
/** At most: none outlives its export. */
const linkMs = 3_600_000

/** Exports by links that work without a token, for a while. */
export function createExportDownloads(deps: ExportDownloadsDeps) {
  const { database, feed, audit, clock, sources, slots, publicUrl, mayAdminister, roleOf } = deps
  const signer = createSigner(deps.keys)

  /** Whom a link was made for. @throws FORBIDDEN for one that was made up, or has ended */
  function actorOf(id: string, query: URLSearchParams, ip: string): Actor {
    const [user, by, expires, signature] = ['user', 'by', 'expires', 'signature'].map(name => query.get(name) ?? '') as [
      string,
      string,
      string,
      string,
    ]
    const isOurs = signer.isSigned(contentOf(id, user, by, expires), Buffer.from(signature, 'base64url'))
    if (!mayAdminister(ip)) throw new AppError('FORBIDDEN', 'Administrators may not act from this address.')
    if (!isOurs || Number(expires) <= clock.now().getTime())
      throw new AppError('FORBIDDEN', 'This link does not hold, or no longer. Ask for a new one.')
    return { userId: user === '' ? null : user, ip, by: by as Admin['by'] }
  }

  const hasExpired = ({ expiresAt }: ExportRow) => expiresAt === null || expiresAt <= clock.now()

  /** @throws NOT_FOUND once it has expired, FORBIDDEN when whoever the link was made for administers no more */
  async function check(row: ExportRow, { userId }: Actor): Promise<void> {
    if (hasExpired(row)) throw notFound('export')
    if (userId !== null && (await roleOf(userId)) !== 'ADMIN')
      throw new AppError('FORBIDDEN', 'Whoever this link was made for does not administer the server any more.')
  }

  /** Part by part, so that a slow reader holds nothing but memory for one. */
  async function* read(row: ExportRow, actor: Actor, isCompressed: boolean): AsyncGenerator<Uint8Array> {
    const leave = slots()
    try {
      await feed.transact(tx => audit.record(tx, actor, 'export-downloaded', { target: row.id }))
      if (isCompressed) yield gzipHead
      for (let index = 0; index < row.partCount; index++) {
        await check(row, actor)
        const part = await readPart(database.db, row.id, index)
        if (!part) throw notFound('export')
        yield isCompressed ? part : await decompress(part)
      }
      if (isCompressed) yield gzipEnd(row.place.crc, row.sizeBytes)
    } finally {
      leave()
    }
  }

  const route: WebRoute = async ({ url, headers, ip }): Promise<WebAnswer> => {
    const id = url.pathname.slice(exportDownloadPath.length)
    const actor = actorOf(id, url.searchParams, ip)
    const [row] = await findExports(database.db, [id])
    if (row?.status !== 'READY') throw notFound('export')
    await check(row, actor)
    const isCompressed = acceptsGzip(headers['accept-encoding'])
    const { mediaType, extension } = encoderOf(row.format, sources[row.kind])
    const length = isCompressed ? (await weighParts(database.db, id)) + gzipFrameBytes : row.sizeBytes
    return {
      status: 200,
      headers: {
        'content-type': mediaType,
        'content-length': String(length),
        ...(isCompressed && { 'content-encoding': 'gzip' }),
        ...attachmentHeaders(`${row.kind.toLowerCase()}-${row.createdAt.toISOString().slice(0, 10)}.${extension}`),
      },
      body: read(row, actor, isCompressed),
    }
  }

  return {
    route,

    /** A link for this administrator. Null: there is nothing to download. */
    urlOf({ userId, by }: Admin, row: ExportRow): string | null {
      if (row.status !== 'READY' || row.expiresAt === null || hasExpired(row)) return null
      const expires = String(Math.min(clock.now().getTime() + linkMs, row.expiresAt.getTime()))
      const user = userId ?? ''
      const signature = signer.sign(contentOf(row.id, user, by, expires)).toString('base64url')
      return `${publicUrl?.replace(/\/+$/, '') ?? ''}${exportDownloadPath}${row.id}?${new URLSearchParams({ user, by, expires, signature })}`
    },
  }
}

const contentOf = (...parts: readonly string[]) => parts.join('\n')

/** What a browser keeps as a file and shows to nobody. */
export const attachmentHeaders = (fileName: string) => ({
  'content-disposition': `attachment; filename="${fileName}"`,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cache-control': 'no-store',
  vary: 'accept-encoding',
})
