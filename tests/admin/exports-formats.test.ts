import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encoderOf } from '../../src/admin/exports/encoder.ts'
import { acceptsGzip, addToCrc, compress, decompress, gzipEnd, gzipFrameBytes, gzipHead } from '../../src/admin/exports/gzip.ts'
import type { Cell, ExportTable } from '../../src/platform/export-source.ts'
import { rowsOf } from './exports-world.ts'

const table = {
  type: 'Row',
  columns: { text: 'text', number: 'number', flag: 'boolean', at: 'time', value: 'json' },
  read: async () => ({ rows: [], next: null }),
  estimate: async () => 0,
} as const satisfies ExportTable

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', "'", ',', ';', ' ', '＝', '＠', '1', 'a', '\u200B') }),
)
const row = fc.tuple(
  fc.option(text),
  fc.option(fc.integer()),
  fc.option(fc.boolean()),
  fc.option(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z') }).map(date => date.toISOString())),
  fc.option(
    fc.jsonValue().filter(value => value !== null),
    { nil: undefined },
  ),
)

describe('rows in a format', () => {
  test.each(['JSON', 'NDJSON', 'CSV'] as const)('come back as they were, whatever is in them: %s', format => {
    fc.assert(
      fc.property(fc.array(row), rows => {
        const encoder = encoderOf(format, [table])
        const cells = rows.map(([a, b, c, d, value]): Cell[] => [a, b, c, d, value === undefined ? null : JSON.stringify(value)])
        const written = encoder.begin + cells.map((row, index) => encoder.row(0, row, index === 0)).join('') + encoder.end
        const expected = rows.map(([a, number, flag, at, value]) => {
          const all = { type: 'Row', text: a, number, flag, at, value: value === undefined ? null : JSON.parse(JSON.stringify(value)) }
          return Object.fromEntries(Object.entries(all).filter(([, cell]) => cell !== null))
        })
        expect(rowsOf(format, written)).toEqual(expected)
      }),
    )
  })

  test('hold no cell that a spreadsheet computes: CSV', () => {
    fc.assert(
      fc.property(text, given => {
        const encoder = encoderOf('CSV', [table])
        const [[, cell = '']] = parse(encoder.row(0, [given, null, null, null, null], true), { record_delimiter: '\r\n' }) as [string[]]
        const isNumber = /^[+-]?\d+(\.\d+)?$/.test(cell)
        expect(isNumber || !/^[=+\-@\t\r\n＝＋－＠]/u.test(cell.trimStart())).toBe(true)
        expect(cell === given || cell === `'${given}`).toBe(true)
      }),
    )
  })
})

test('parts make one gzip file of one member, and each can be read by itself', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 6 }), async parts => {
      const stored = await Promise.all(parts.map(compress))
      const whole = Buffer.concat(parts)
      const crc = parts.reduce(addToCrc, 0)
      const file = Buffer.concat([gzipHead, ...stored, gzipEnd(crc, whole.length)])
      expect(file.length).toBe(stored.reduce((sum, part) => sum + part.length, gzipFrameBytes))
      expect(gunzipSync(file).equals(whole)).toBe(true)
      expect(() => gunzipSync(file.subarray(0, -1))).toThrow()
      for (const [index, part] of stored.entries()) expect(Buffer.from(await decompress(part)).equals(Buffer.from(parts[index] ?? []))).toBe(true)
    }),
    { numRuns: 30 },
  )
})

test.each([
  [undefined, false],
  ['', false],
  ['identity', false],
  ['gzip', true],
  ['deflate, gzip;q=1.0, *;q=0.5', true],
  ['br', false],
  ['*', true],
  ['*;q=0', false],
  ['gzip;q=0', false],
  ['gzip;q=0, *', false],
  ['GZIP ; Q=0.001', true],
  ['x-gzip', true],
])('`accept-encoding: %s` is a yes to gzip: %s', (header, isYes) => expect(acceptsGzip(header)).toBe(isYes))
