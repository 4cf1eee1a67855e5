import { setImmediate } from 'node:timers/promises'
import type { ExportPlace, ExportSource, Selection } from '../../platform/export-source.ts'
import type { Encoder } from './encoder.ts'

export interface Position {
  readonly table: number
  readonly after: ExportPlace | null
  readonly rowCount: number
}

export interface Chunk {
  readonly text: string
  readonly position: Position
  /** Whether that was all. */
  readonly isLast: boolean
}

/** Reads the next page behind a position and puts it into the encoder's format, the beginning and the end included. */
export async function readChunk(source: ExportSource, encoder: Encoder, selection: Selection, { table, after, rowCount }: Position): Promise<Chunk> {
  // Whoever waits for the database or for this process gets their turn between two pages.
  await setImmediate()
  const { rows, next } = (await source[table]?.read(selection, after)) ?? { rows: [], next: null }
  let text = table === 0 && after === null ? encoder.begin : ''
  for (const [index, cells] of rows.entries()) text += encoder.row(table, cells, rowCount + index === 0)
  const isLast = next === null && table + 1 >= source.length
  if (isLast) text += encoder.end
  return { text, position: { table: next === null ? table + 1 : table, after: next, rowCount: rowCount + rows.length }, isLast }
}
