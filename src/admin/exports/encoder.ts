import type { Cell, ColumnType, ExportSource } from '../../platform/export-source.ts'
import { csvCell } from './csv.ts'
import type { ExportFormat } from './export.ts'

/** Puts rows into a format. Nothing is remembered between two calls, so that any node can go on. */
export interface Encoder {
  readonly begin: string
  /** A row of the table at this index of the source. */
  row(table: number, cells: readonly Cell[], isFirst: boolean): string
  readonly end: string
  readonly mediaType: string
  readonly extension: string
}

const encoders: Readonly<Record<ExportFormat, (source: ExportSource) => Encoder>> = {
  JSON: jsonEncoder,
  NDJSON: source => ({ ...jsonEncoder(source), begin: '', row: ndjsonRow(source), end: '', mediaType: 'application/x-ndjson', extension: 'ndjson' }),
  CSV: csvEncoder,
}

/** For tables of one source: each row says by `type` which it is of. */
export const encoderOf = (format: ExportFormat, source: ExportSource): Encoder => encoders[format](source)

/** One array. */
function jsonEncoder(source: ExportSource): Encoder {
  const objects = objectsOf(source)
  return {
    begin: '[',
    row: (table, cells, isFirst) => `${isFirst ? '\n' : ',\n'}${objects(table, cells)}`,
    end: '\n]\n',
    mediaType: 'application/json',
    extension: 'json',
  }
}

function ndjsonRow(source: ExportSource): Encoder['row'] {
  const objects = objectsOf(source)
  return (table, cells) => `${objects(table, cells)}\n`
}

function objectsOf(source: ExportSource): (table: number, cells: readonly Cell[]) => string {
  const tables = source.map(({ type, columns }) => ({
    head: `{"type":${JSON.stringify(type)}`,
    columns: Object.entries(columns).map(([name, kind]) => ({ lead: `,${JSON.stringify(name)}:`, kind })),
  }))
  return (table, cells) => {
    const { head, columns } = tables[table] as (typeof tables)[number]
    let text = head
    for (const [index, { lead, kind }] of columns.entries()) text += lead + jsonCell(cells[index] ?? null, kind)
    return `${text}}`
  }
}

function jsonCell(cell: Cell, type: ColumnType): string {
  if (cell === null) return 'null'
  return type === 'text' || type === 'time' ? JSON.stringify(cell) : String(cell)
}

/** RFC 4180, with one header for all tables of the source: a row leaves empty what its table does not have. */
function csvEncoder(source: ExportSource): Encoder {
  const names = [...new Set(source.flatMap(({ columns }) => Object.keys(columns)))]
  const tables = source.map(({ type, columns }) => {
    const own = Object.keys(columns)
    return { type: csvCell(type, 'text'), cells: names.map(name => ({ index: own.indexOf(name), kind: columns[name] ?? 'text' })) }
  })
  return {
    begin: `${['type', ...names].join(',')}\r\n`,
    row(table, cells) {
      const { type, cells: places } = tables[table] as (typeof tables)[number]
      let text = type
      for (const { index, kind } of places) text += `,${csvCell(cells[index] ?? null, kind)}`
      return `${text}\r\n`
    },
    end: '',
    mediaType: 'text/csv; charset=utf-8; header=present',
    extension: 'csv',
  }
}
