import { randomUUID } from 'node:crypto'
import type { Feed } from '../../feed/feed.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Database, DatabaseLostError } from '../../platform/database.ts'
import type { Logger } from '../../platform/logger.ts'
import { encoderOf } from './encoder.ts'
import type { ExportRow, ExportSources, Place } from './export.ts'
import { addToCrc, compress } from './gzip.ts'
import { type Position, readChunk } from './reading.ts'
import { claimExport, countRunning, insertPart, type Progress, updateExport } from './store.ts'

export interface WorkerDeps {
  readonly database: Database
  readonly feed: Feed
  readonly clock: Clock
  readonly logger: Logger
  readonly sources: ExportSources
  /** EXPORT_TTL_HOURS */
  readonly ttlHours: number
}

export interface Worker extends AsyncDisposable {
  /** Looks for something to do, now. */
  wake(): void
}

/** The stream in which the id of an export stands each time that something became of it. */
export const progressStream = 'exports'

/** Exports that one node writes at the same time. The embedded database is one connection, which others wait for. */
const mostAtOnce = { embedded: 1, postgres: 2 }
/** A part is stored when it has so many bytes, or after so long, so that the progress shows and whoever goes on repeats little. */
const partBytes = 2 * 1024 * 1024
const partMs = 2_000
/** After so long without a word from the node that writes it, another one goes on: each looks so often as long as there is one that is not ready. */
const leaseMs = 10_000
const pollMs = 2_000
const mostFailures = 5
const firstPauseMs = 250

/** Writes exports, part by part. A part and the place behind it are stored in one transaction, so whoever goes on repeats no row and leaves none out. */
export function createWorker({ database, feed, clock, logger, sources, ttlHours }: WorkerDeps): Worker {
  const running = new Set<Promise<void>>()
  let looking: Promise<void> | null = null
  let isAgain = false
  let isClosed = false
  let isAnyRunning = true
  const timer = setInterval(() => void (isAnyRunning && wake()), pollMs).unref()

  function wake(): void {
    isAgain = true
    looking ??= look()
      .catch(error => logger.warn({ err: error }, 'could not look for exports; trying again later'))
      .finally(() => {
        looking = null
        if (isAgain && !isClosed) wake()
      })
  }

  async function look(): Promise<void> {
    isAgain = false
    while (!isClosed && running.size < mostAtOnce[database.mode]) {
      const found = await claimExport(database.db, randomUUID(), leaseMs)
      isAnyRunning = found !== null || (await countRunning(database.db)) > 0
      if (!found) return
      const work = write(found).finally(() => {
        running.delete(work)
        if (!isClosed) wake()
      })
      running.add(work)
    }
  }

  async function write(found: ExportRow): Promise<void> {
    let row: ExportRow | null = found
    // A part may take longer than a lease, on a machine with much to do.
    const beat = setInterval(() => void updateExport(database.db, found, {}, leaseMs).catch(() => undefined), leaseMs / 4)
    try {
      if (row.totalRows === null) row = await store(row, { totalRows: await estimate(row) })
      while (row?.status === 'RUNNING' && !isClosed) row = await writePart(row)
      clearInterval(beat)
      if (row?.status === 'RUNNING') await updateExport(database.db, row, {}, 0)
    } catch (error) {
      clearInterval(beat)
      logger.warn({ err: error, exportId: found.id }, 'an export broke off')
      // While the database is away nothing can be noted, and nothing is wrong with the export.
      if (row && !(error instanceof DatabaseLostError))
        await fail(row).catch(error => logger.warn({ err: error }, 'could not note that an export broke off'))
    }
  }

  async function estimate({ kind, userId, since }: ExportRow): Promise<number> {
    let total = 0
    for (const table of sources[kind]) total += await table.estimate({ userId, since })
    return Math.min(Math.round(total), 2 ** 31 - 1)
  }

  async function writePart(row: ExportRow): Promise<ExportRow | null> {
    const source = sources[row.kind]
    const encoder = encoderOf(row.format, source)
    const startedAt = performance.now()
    const texts: string[] = []
    let position: Position = { ...row.place, rowCount: row.rowCount }
    let length = 0
    let isLast = false
    while (!isLast && length < partBytes && performance.now() - startedAt < partMs) {
      const chunk = await readChunk(source, encoder, row, position)
      texts.push(chunk.text)
      length += chunk.text.length
      ;({ position, isLast } = chunk)
    }
    const data = Buffer.from(texts.join(''))
    const { rowCount, table, after } = position
    const place: Place = { ...row.place, table, after, crc: addToCrc(row.place.crc, data), failures: 0 }
    const progress: Progress = {
      place,
      rowCount,
      sizeBytes: row.sizeBytes + data.byteLength,
      ...(isLast && { status: 'READY', expiresAt: expiry() }),
    }
    if (data.byteLength === 0) return store(row, progress)
    return store(row, { ...progress, partCount: row.partCount + 1 }, await compress(data))
  }

  /** Null when somebody else has taken the export meanwhile: then nothing is stored. */
  function store(row: ExportRow, progress: Progress, deflated?: Uint8Array): Promise<ExportRow | null> {
    return feed.transact(async tx => {
      const stored = await updateExport(tx, row, progress, leaseMs)
      if (!stored) return null
      if (deflated) await insertPart(tx, { exportId: row.id, index: row.partCount, deflated })
      await feed.append(tx, progressStream, [{ kind: 'progress', payload: { id: row.id }, actorId: null, clientId: null, clientCounter: null }])
      return stored
    })
  }

  async function fail(row: ExportRow): Promise<void> {
    const failures = row.place.failures + 1
    const place = { ...row.place, failures }
    if (failures < mostFailures) {
      const pauseMs = firstPauseMs * 2 ** failures
      await updateExport(database.db, row, { place }, pauseMs)
      return void setTimeout(wake, pauseMs + 50).unref()
    }
    const error = 'The export could not be written; the log of the server says why. Try again, and tell whoever runs the server.'
    await store(row, { place, status: 'FAILED', error, expiresAt: expiry() })
  }

  const expiry = () => new Date(clock.now().getTime() + ttlHours * 3_600_000)

  wake()
  return {
    wake,
    async [Symbol.asyncDispose]() {
      isClosed = true
      clearInterval(timer)
      await looking
      await Promise.all(running)
    },
  }
}
