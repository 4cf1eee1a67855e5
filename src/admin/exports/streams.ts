import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Access } from '../../access/access.ts'
import type { Admin, Identity, Viewer } from '../../access/viewer.ts'
import type { Audit } from '../../audit/audit.ts'
import { AppError, badInput, type ErrorCode, errorCodes } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/database.ts'
import type { ExportSource, Selection } from '../../platform/export-source.ts'
import type { WebRoute } from '../../web.ts'
import { attachmentHeaders } from './download.ts'
import { type Encoder, encoderOf } from './encoder.ts'
import type { ExportSources } from './export.ts'
import { acceptsGzip } from './gzip.ts'
import { type Position, readChunk } from './reading.ts'
import { checkSelection, detailsOf } from './selection.ts'
import type { Slots } from './slots.ts'

export interface ExportStreamsDeps {
  readonly feed: Feed
  readonly access: Pick<Access, 'watch'>
  readonly audit: Audit
  readonly clock: Clock
  readonly sources: ExportSources
  readonly slots: Slots
  readonly userExists: (userId: string, tx: Tx) => Promise<boolean>
}

export const exportStreamPath = '/admin/export/'

type Texts = (selection: Selection) => AsyncGenerator<string>

/** Exports that are written while they are read, for those who come from scripts. */
export function createExportStreams({ feed, access, audit, clock, sources, slots, userExists }: ExportStreamsDeps): WebRoute {
  const files: Readonly<Record<string, { readonly mediaType: string; readonly texts: Texts }>> = {
    'users.json': fileOf(sources.USERS, encoderOf('JSON', sources.USERS)),
    'audit.csv': fileOf(sources.AUDIT, encoderOf('CSV', sources.AUDIT)),
    'data.json': { mediaType: 'application/json', texts: selection => everything(sources, selection) },
  }

  return async ({ url, headers, ip, identity }) => {
    const name = url.pathname.slice(exportStreamPath.length)
    const file = Object.hasOwn(files, name) ? files[name] : undefined
    if (!file) return null
    const sender = await identity()
    if (!sender.admin) audit.refuse(sender.viewer ?? { userId: null, ip }, 'admin-refused', { target: url.pathname })
    const { admin, viewer } = administratorOf(sender)
    const selection = selectionOf(url.searchParams)

    async function* read(texts: AsyncGenerator<string>): AsyncGenerator<Uint8Array> {
      const leave = slots()
      const lost: ErrorCode[] = []
      const stopWatching = viewer ? access.watch(viewer, null, code => lost.push(code)) : () => {}
      try {
        await feed.transact(async tx => {
          await checkSelection(selection, { now: clock.now(), prefix: '', userExists: id => userExists(id, tx) })
          await audit.record(tx, { ...admin, ip }, 'export-streamed', { target: url.pathname, details: detailsOf(selection) })
        })
        for await (const text of texts) {
          if (lost[0]) throw new AppError(lost[0], errorCodes[lost[0]])
          if (text !== '') yield Buffer.from(text)
        }
      } finally {
        stopWatching()
        leave()
      }
    }

    const isCompressed = acceptsGzip(headers['accept-encoding'])
    const plain = read(file.texts(selection))
    return {
      status: 200,
      headers: { 'content-type': file.mediaType, ...(isCompressed && { 'content-encoding': 'gzip' }), ...attachmentHeaders(name) },
      body: isCompressed ? gzipped(plain) : plain,
    }
  }
}

/** With the user whose session that stands on, if it does. @throws UNAUTHENTICATED, FORBIDDEN */
function administratorOf({ admin, viewer }: Identity): { readonly admin: Admin; readonly viewer: Viewer | null } {
  if (!admin)
    throw viewer
      ? new AppError('FORBIDDEN', 'Only administrators may do this, and only from where they are allowed to.')
      : new AppError('UNAUTHENTICATED', 'Send the key of administrators, their password, or an access token of an ADMIN.')
  return { admin, viewer: admin.by === 'session' ? viewer : null }
}

/** @throws BAD_USER_INPUT */
function selectionOf(query: URLSearchParams): Selection {
  const since = query.get('since')
  if (since !== null && !/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(since))
    throw badInput('since', 'This is no moment as ISO 8601 has it.')
  const moment = since === null ? null : new Date(since)
  if (moment && Number.isNaN(moment.getTime())) throw badInput('since', 'There is no such moment.')
  return { userId: query.get('userId'), since: moment }
}

const fileOf = (source: ExportSource, encoder: Encoder) => ({
  mediaType: encoder.mediaType,
  texts: (selection: Selection) => textsOf(source, encoder, selection),
})

async function* textsOf(source: ExportSource, encoder: Encoder, selection: Selection): AsyncGenerator<string> {
  let position: Position = { table: 0, after: null, rowCount: 0 }
  for (let isLast = false; !isLast; ) {
    const chunk = await readChunk(source, encoder, selection, position)
    yield chunk.text
    ;({ position, isLast } = chunk)
  }
}

/** One object, with an array for each kind. */
async function* everything(sources: ExportSources, selection: Selection): AsyncGenerator<string> {
  for (const [index, [kind, source]] of Object.entries(sources).entries()) {
    yield `${index === 0 ? '{' : ','}"${kind.toLowerCase()}":`
    yield* textsOf(source, encoderOf('JSON', source), selection)
  }
  yield '}\n'
}

/** What breaks off on one side ends the other. */
async function* gzipped(plain: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  // What keeps the first part from being read is to be thrown before anything is said, and so before gzip says its head.
  const first = await plain.next()
  const gzip = createGzip()
  const fed = pipeline(
    Readable.from(
      (async function* () {
        if (!first.done) yield first.value
        yield* plain
      })(),
      { objectMode: false },
    ),
    gzip,
  )
  // Told of by the reading of `gzip` as well.
  fed.catch(() => {})
  try {
    for await (const chunk of gzip) yield chunk as Uint8Array
  } finally {
    gzip.destroy()
    await plain.return(undefined)
  }
}
