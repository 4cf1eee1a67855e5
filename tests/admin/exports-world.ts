import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import type { CreateExportInput, ExportFormat } from '../generated/graphql.ts'
import type { Client } from '../harness/client.ts'
import { until } from '../harness/wait.ts'
import { createExport, exportOf } from './exports-operations.ts'

export type Row = Readonly<Record<string, unknown>>

/** Starts an export and waits until it is READY. */
export async function readyExport(admin: Client, input: CreateExportInput) {
  const { id } = (await admin.run(createExport, { input })).createExport.export
  return until(
    'the export',
    async () => {
      const { export: found } = await admin.run(exportOf, { id })
      if (found?.status === 'FAILED') throw new Error(String(found.error))
      return found?.status === 'READY' ? found : null
    },
    60_000,
  )
}

/** Bytes as they come over the wire; `fetch` would unpack them. */
export async function rawBytes(url: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; bytes: Buffer }>((resolve, reject) => {
    const sent = request(url, { headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** Downloads it both ways, which have to be the same bytes. */
export async function download(node: { readonly url: string }, downloadUrl: string | null | undefined): Promise<string> {
  const url = new URL(downloadUrl ?? '', node.url).href
  const [plain, compressed] = await Promise.all([rawBytes(url), rawBytes(url, { 'accept-encoding': 'gzip' })])
  if (plain.status !== 200 || compressed.headers['content-encoding'] !== 'gzip') throw new Error(plain.bytes.toString())
  for (const { headers, bytes } of [plain, compressed])
    if (Number(headers['content-length']) !== bytes.length) throw new Error('The length is not what was announced.')
  if (!gunzipSync(compressed.bytes).equals(plain.bytes)) throw new Error('What is compressed is not what is plain.')
  return plain.bytes.toString('utf8')
}

const jsonColumns = new Set(['value', 'tags', 'details'])

/** What a reader of a file gets out of it, without what is null: a CSV file does not say which of the columns a row has. */
export function rowsOf(format: ExportFormat, text: string): Row[] {
  if (format === 'JSON') return (JSON.parse(text) as Row[]).map(withoutNulls)
  if (format === 'NDJSON') {
    if (text !== '' && !text.endsWith('\n')) throw new Error('The last line does not end.')
    return text
      .split('\n')
      .slice(0, -1)
      .map(line => withoutNulls(JSON.parse(line) as Row))
  }
  const rows: unknown = parse(text, {
    columns: true,
    record_delimiter: '\r\n',
    cast: (cell, { quoting, column, header }) => {
      if (header) return cell
      if (!quoting) return cell === '' ? null : unquoted(cell)
      return jsonColumns.has(String(column)) ? JSON.parse(cell) : cell.replace(/^'(?='*(?:[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|[\t\r\n]))/u, '')
    },
  })
  return (rows as Row[]).map(withoutNulls)
}

function unquoted(cell: string): unknown {
  if (cell === 'true' || cell === 'false') return cell === 'true'
  return /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell
}

const withoutNulls = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

export async function exported(admin: Client, input: CreateExportInput): Promise<Row[]> {
  const { downloadUrl, rowCount } = await readyExport(admin, input)
  const rows = rowsOf(input.format, await download(admin, downloadUrl))
  if (rows.length !== rowCount) throw new Error(`${rows.length} rows, and ${rowCount} were announced`)
  return rows
}
