import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse } from 'graphql'
import { LRUCache } from 'lru-cache'
import { type Config, ConfigError } from '../config.ts'
import { AppError, badInput } from '../errors.ts'

/** What names an operation, in a request that may have anything in it. */
interface SentOperation {
  readonly query?: unknown
  readonly documentId?: unknown
  readonly extensions?: unknown
}

/** Operations that may be named by the SHA-256 of their text, and, for closed deployments, the only ones that run. */
export interface PersistedOperations {
  readonly only: boolean
  /**
   * The same request with the text it names. What is no request of GraphQL stays as it is, for others to refuse.
   * @throws PERSISTED_QUERY_NOT_FOUND, PERSISTED_QUERY_NOT_SUPPORTED, FORBIDDEN for a text that is not trusted, BAD_USER_INPUT
   */
  resolve<Params>(params: Params): Params
}

type PersistedConfig = Pick<Config, 'PERSISTED_OPERATIONS' | 'PERSISTED_OPERATIONS_FILE'>

/** `own`: texts of this server's own pages, which are trusted wherever others have to be listed. @throws ConfigError */
export function openPersistedOperations(config: PersistedConfig, own: readonly string[]): PersistedOperations {
  const { PERSISTED_OPERATIONS: mode, PERSISTED_OPERATIONS_FILE: file } = config
  const trusted = new Map(own.map(text => [hashOf(text), text]))
  if (mode !== 'off' && file !== undefined) for (const [hash, text] of readTrusted(file)) trusted.set(hash, text)
  /** Sent by clients along with their hash, so that the next time the hash will do (Apollo’s automatic persisted queries). */
  const sent = new LRUCache<string, string>({
    max: 2_000,
    maxSize: 8 * 1024 * 1024,
    maxEntrySize: 32 * 1024,
    sizeCalculation: ({ length }) => length,
  })

  function textOf(hash: string): string {
    const text = trusted.get(hash) ?? sent.get(hash)
    if (text === undefined) throw new AppError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
    return text
  }

  function checkText(text: string, hash: string | null): void {
    if (mode === 'on' && hash === null) return
    const actual = hashOf(text)
    if (hash !== null && hash !== actual)
      throw badInput('extensions.persistedQuery.sha256Hash', 'This is not the SHA-256 of the text of the operation, in hexadecimal digits.')
    if (mode === 'only' && !trusted.has(actual))
      throw new AppError('FORBIDDEN', 'This server runs only the operations it knows: send `documentId`, or a text that it was given beforehand.')
    if (mode === 'on') sent.set(actual, text)
  }

  return {
    only: mode === 'only',
    resolve(params) {
      if (typeof params !== 'object' || params === null || Array.isArray(params)) return params
      const { documentId, ...rest } = params as SentOperation
      const { query } = rest
      if (mode === 'off' && query) return params
      const hash = hashIn(params as SentOperation)
      if (mode === 'off' && hash !== null) throw new AppError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported')
      if (typeof query === 'string' && query !== '') checkText(query, hash)
      else if (hash !== null && (query ?? '') === '') return { ...rest, query: textOf(hash) } as unknown as typeof params
      return rest as typeof params
    },
  }
}

/** In a request: `documentId` of GraphQL over HTTP, or Apollo’s extension. @throws BAD_USER_INPUT */
function hashIn({ documentId, extensions }: SentOperation): string | null {
  const persisted = (extensions as { persistedQuery?: { version?: unknown; sha256Hash?: unknown } } | null | undefined)?.persistedQuery
  const byExtension = persisted ? digitsOf(persisted.sha256Hash, 'extensions.persistedQuery.sha256Hash') : null
  if (persisted && persisted.version !== 1) throw badInput('extensions.persistedQuery.version', 'The version is 1.')
  const byId = documentId === undefined || documentId === null ? null : digitsOf(documentId, 'documentId')
  if (byId !== null && byExtension !== null && byId !== byExtension)
    throw badInput('documentId', 'It names another operation than `extensions.persistedQuery`.')
  return byId ?? byExtension
}

/** Hexadecimal digits, also with the prefix that GraphQL over HTTP gives them. */
function digitsOf(value: unknown, field: string): string {
  const digits = typeof value === 'string' ? withoutPrefix(value) : ''
  if (!/^[\da-f]{64}$/.test(digits))
    throw badInput(field, 'An operation is named by the SHA-256 of its text, in 64 hexadecimal digits in lower case.')
  return digits
}

const withoutPrefix = (name: string): string => name.replace(/^sha256:/, '')

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A JSON object from hash to text, as graphql-codegen writes it. @throws ConfigError with all its faults */
function readTrusted(file: string): readonly (readonly [string, string])[] {
  const faults: string[] = []
  const operations = Object.entries(readObject(file)).flatMap(([name, text]) => {
    const fault = faultOf(name, text)
    if (fault) faults.push(`PERSISTED_OPERATIONS_FILE: ${name.slice(0, 80)} ${fault}`)
    return fault ? [] : [[withoutPrefix(name), text as string] as const]
  })
  if (faults.length > 0)
    throw new ConfigError(`The trusted operations have ${faults.length} fault(s):\n${faults.map(fault => `  ${fault}`).join('\n')}`)
  return operations
}

function readObject(file: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch (error) {
    throw new ConfigError(`PERSISTED_OPERATIONS_FILE: ${file} can’t be read (${error instanceof Error ? error.message : String(error)})`)
  }
  throw new ConfigError(`PERSISTED_OPERATIONS_FILE: ${file} holds no JSON object from hash to text`)
}

function faultOf(name: string, text: unknown): string | null {
  if (typeof text !== 'string') return 'names no text'
  const hash = hashOf(text)
  if (withoutPrefix(name) !== hash)
    return `is not the SHA-256 of its text, which is ${hash}; with graphql-codegen set persistedDocuments: { hashAlgorithm: 'sha256' }`
  try {
    parse(text)
    return null
  } catch (error) {
    return `is no GraphQL: ${(error as Error).message}`
  }
}
