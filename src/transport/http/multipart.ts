import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Busboy, type BusboyFileStream, type BusboyHeaders } from '@fastify/busboy'
import { AppError } from '../../errors.ts'
import { maxUploadBytes } from '../../platform/upload.ts'
import type { BodyLimits } from './body.ts'
import { badMultipart, type FilePlace, filePlaceOf } from './file-place.ts'
import { type SpooledUpload, spool } from './spool.ts'

/** An operation with its file in place. */
export interface MultipartOperation {
  readonly operation: unknown
  readonly file: SpooledUpload
}

/** Whoever is slower would hold a place that others need, for as long as they like. */
const leastBytesPerSecond = 8 * 1024
/** Boundaries and headers of the parts. */
const overheadBytes = 16 * 1024

/**
 * Reads a GraphQL multipart request (github.com/jaydenseric/graphql-multipart-request-spec): `operations`, `map`, one file, in
 * this order. Nothing of the file stays in memory. What is refused is refused at once; the rest of its body is read past.
 * @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE
 */
export async function readMultipart(request: IncomingMessage, { maxBytes: maxFieldBytes, maxMs }: BodyLimits): Promise<MultipartOperation> {
  const failure = Promise.withResolvers<never>()
  const fail = failure.reject
  failure.promise.catch(() => {})
  const parser = parserOf(request, maxFieldBytes)
  const found: Parts = { operation: null, place: null, source: null, file: null }

  /** What a listener throws would end the process. */
  const attempt = (work: () => void) => {
    try {
      work()
    } catch (error) {
      fail(error)
    }
  }
  parser.on('field', (name, text, _, isTruncated) => attempt(() => readField(name, text, isTruncated)))
  parser.on('file', (name, source) => attempt(() => readFile(name, source)))
  for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit']) parser.on(limit, () => fail(badParts('map')))
  parser.on('error', () => fail(illFormed()))

  function readField(name: string, text: string, isTruncated: boolean): void {
    if (isTruncated) throw tooLarge(`The field \`${name}\``, maxFieldBytes)
    if (name === 'operations' && !found.operation) found.operation = parsed(name, text)
    else if (name === 'map' && found.operation && !found.place) found.place = filePlaceOf(parsed(name, text), found.operation)
    else throw badParts(name === 'operations' ? name : 'map')
  }

  function readFile(name: string, source: BusboyFileStream): void {
    // Whoever stops reading aborts it, and has told why.
    found.source = source.on('error', (error: Error) => error.name === 'AbortError' || fail(illFormed()))
    if (found.place?.partName !== name) throw badParts('map')
    found.file = spool(source, maxUploadBytes)
    found.file.catch(fail)
  }

  const stopWatching = watch(request, { maxBytes: maxUploadBytes + 2 * maxFieldBytes + overheadBytes, maxMs }, fail)
  try {
    request.pipe(parser)
    await Promise.race([failure.promise, once(parser, 'finish')])
    const { operation, place, file } = found
    if (!place || !file) throw badParts('map')
    const spooled = await Promise.race([failure.promise, file])
    place.put(spooled)
    return { operation, file: spooled }
  } catch (error) {
    request.unpipe(parser)
    request.resume()
    found.source?.destroy()
    found.file?.then(
      file => file[Symbol.asyncDispose](),
      () => {},
    )
    throw error
  } finally {
    stopWatching()
  }
}

/** What was found so far. */
interface Parts {
  operation: object | null
  place: FilePlace | null
  source: BusboyFileStream | null
  file: Promise<SpooledUpload> | null
}

/** Tells of a body that is too large, that comes too slowly, or that breaks off. */
function watch(request: IncomingMessage, { maxBytes, maxMs }: BodyLimits, fail: (error: unknown) => void): () => void {
  let receivedBytes = 0
  let countedBytes = 0
  const pace = setInterval(() => {
    if (receivedBytes - countedBytes < (leastBytesPerSecond * maxMs) / 1000)
      fail(
        badMultipart(
          'file',
          `An upload has to come at ${leastBytesPerSecond} bytes a second or more; in the last ${maxMs / 1000} seconds it did not.`,
        ),
      )
    countedBytes = receivedBytes
  }, maxMs)
  const onData = (bytes: Buffer) => {
    receivedBytes += bytes.length
    if (receivedBytes > maxBytes) fail(tooLarge('The request', maxBytes))
  }
  const onClose = () => request.complete || fail(badMultipart('file', 'The request ended before its body did.'))
  request.on('data', onData).on('close', onClose)
  return () => {
    clearInterval(pace)
    request.off('data', onData).off('close', onClose)
  }
}

function parserOf({ headers }: IncomingMessage, maxFieldBytes: number) {
  const limits = { fields: 2, files: 1, parts: 3, fieldSize: maxFieldBytes, headerPairs: 20, headerSize: 4 * 1024 }
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits })
  } catch {
    throw badMultipart('content-type', 'The content-type of the request names no boundary.')
  }
}

function parsed(name: string, text: string): object {
  const value = (() => {
    try {
      return JSON.parse(text)
    } catch {}
  })()
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badMultipart(name, `The field \`${name}\` is a JSON object.`)
  return value
}

const illFormed = () => badMultipart('file', 'The body is no well-formed multipart/form-data.')

const badParts = (field: string) =>
  badMultipart(field, 'A multipart request holds `operations`, `map` and the file in the part that `map` names: in this order, and nothing else.')

const tooLarge = (what: string, limit: number) => new AppError('PAYLOAD_TOO_LARGE', `${what} is above ${limit} bytes.`, { limit })
