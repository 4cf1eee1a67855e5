import canonicalize from 'canonicalize'

/** What a request says of one operation, as it was sent; nothing in it was checked yet. */
export interface SentOperation {
  readonly query?: unknown
  readonly documentId?: unknown
  readonly operationName?: unknown
  readonly variables?: unknown
  readonly extensions?: unknown
}

/**
 * What is signed, as text (schema/signatures.md): one JSON array in the form of RFC 8785, so that two operations that differ in
 * anything have two forms. Null: no JSON can hold it, so nobody can have signed it.
 */
export function canonicalForm(operation: SentOperation, timestamp: number, nonce: string): string | null {
  const { query, operationName, variables, extensions } = operation
  const documentId = operation.documentId ?? memberOf(memberOf(extensions, 'persistedQuery'), 'sha256Hash')
  try {
    return canonicalize(['tidemark-1', query || null, documentId ?? null, operationName ?? null, variables ?? {}, timestamp, nonce]) ?? null
  } catch {
    return null
  }
}

/** Undefined also for what an object only has from its prototype. */
export const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
