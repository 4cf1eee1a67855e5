import { createReadStream } from 'node:fs'
import { JSONParser } from '@streamparser/json'

/** One object of an export, and where it was. */
export interface Row {
  readonly file: string
  /** From 1 on, within its file. */
  readonly number: number
  readonly value: unknown
  /** What is wrong with it, if it is no JSON. */
  readonly fault?: string
}

const newline = 0x0a

/** The rows of a file that holds one JSON object to a line, or an array of them; a part of the file is in memory at a time. */
export async function* readRows(file: string, onBytes: (count: number) => void): AsyncGenerator<Row> {
  const chunks = createReadStream(file, { highWaterMark: 256 * 1024 })[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>
  const counted = (async function* () {
    for await (const chunk of chunks) {
      onBytes(chunk.length)
      yield chunk
    }
  })()
  let number = 0
  const { first, all } = await peek(counted)
  const values = first === '[' ? elementsOf(all) : linesOf(all)
  for await (const found of values) yield { file, number: ++number, ...found }
}

/** The first character that is no space, without a mark of the byte order. */
async function peek(chunks: AsyncIterable<Buffer>): Promise<{ first: string; all: AsyncIterable<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]()
  const held: Buffer[] = []
  let first = ''
  while (first === '') {
    const { value, done } = await iterator.next()
    if (done) break
    const chunk = held.length === 0 && value.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? value.subarray(3) : value
    held.push(chunk)
    first = chunk.toString('latin1').trimStart().charAt(0)
  }
  const all = (async function* () {
    yield* held
    yield* { [Symbol.asyncIterator]: () => iterator }
  })()
  return { first, all }
}

type Found = Pick<Row, 'value' | 'fault'>

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Found> {
  const held: Buffer[] = []
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      held.push(chunk.subarray(start, end))
      start = end + 1
      yield* rowIn(held.splice(0))
    }
    held.push(chunk.subarray(start))
  }
  yield* rowIn(held)
}

function* rowIn(parts: readonly Buffer[]): Generator<Found> {
  const line = Buffer.concat(parts).toString().trim()
  if (line === '') return
  try {
    yield { value: JSON.parse(line) }
  } catch (error) {
    yield { value: null, fault: `is no JSON: ${error instanceof Error ? error.message : error}` }
  }
}

/** @throws Error where the array is no JSON: what comes behind can't be told apart any more */
async function* elementsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Found> {
  const parser = new JSONParser({ paths: ['$.*'], keepStack: false })
  let found: Found[] = []
  parser.onValue = ({ value }) => void found.push({ value })
  for await (const chunk of chunks) {
    parser.write(chunk)
    const ready = found
    found = []
    yield* ready
  }
  if (!parser.isEnded) throw new Error('The array ends before its end: the export is not complete.')
}
