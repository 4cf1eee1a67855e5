import type { ExportSource, Selection } from '../../platform/export-source.ts'
import type { exportFormat, exportKind, exportStatus } from './table.ts'

export type ExportKind = (typeof exportKind.enumValues)[number]
export type ExportFormat = (typeof exportFormat.enumValues)[number]
export type ExportStatus = (typeof exportStatus.enumValues)[number]

/** What each room hands out, in the order in which all of it is. */
export type ExportSources = Readonly<Record<ExportKind, ExportSource>>

/** Where the next part begins; with the counts of the row it is all that whoever goes on has to know. */
export interface Place {
  /** Index of the table in its source. */
  readonly table: number
  /** Null: at its first row. */
  readonly after: readonly (string | number)[] | null
  /** CRC-32 of all that is written so far: gzip ends with it. */
  readonly crc: number
  /** How often it failed since something was last written. */
  readonly failures: number
  /** Names the one who took it last, who alone may write. */
  readonly holder: string | null
}

export interface ExportRow extends Selection {
  readonly id: string
  readonly kind: ExportKind
  readonly format: ExportFormat
  readonly status: ExportStatus
  readonly createdBy: string | null
  readonly place: Place
  readonly rowCount: number
  /** An estimate. Null: nobody has looked yet. */
  readonly totalRows: number | null
  readonly partCount: number
  /** Of the file, before it is compressed. */
  readonly sizeBytes: number
  readonly error: string | null
  readonly leasedUntil: Date | null
  readonly createdAt: Date
  readonly expiresAt: Date | null
}

export const firstPlace: Place = { table: 0, after: null, crc: 0, failures: 0, holder: null }

/** From 0 to 1, which it is in the end only. */
export function progressOf({ status, rowCount, totalRows }: ExportRow): number {
  if (status === 'READY') return 1
  return totalRows === null ? 0 : Math.min(rowCount / Math.max(totalRows, 1), 0.99)
}
