import canonicalize from 'canonicalize'

/** An operation as it goes over the wire. */
export interface SentOperation {
  readonly query?: string | null | undefined
  /** Names the text in its place. */
  readonly documentId?: string | null | undefined
  readonly operationName?: string | null | undefined
  readonly variables?: object | null | undefined
  readonly extensions?: object | null | undefined
}

/** Goes into `extensions.signature` of the operation. */
export interface Signature {
  readonly value: string
  /** When it was signed, in milliseconds since 1970. */
  readonly timestamp: number
  readonly nonce: string
}

/** It signs, and no script can read it; a browser can keep it in IndexedDB as it is. */
export type SigningKey = Awaited<ReturnType<typeof importSigningKey>>

/** Takes a `signingKey` as the server gave it. */
export const importSigningKey = (signingKey: string) =>
  crypto.subtle.importKey('raw', bytesOf(signingKey), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])

export interface SigningOptions {
  /** For clients that know how wrong their clock is. */
  readonly now?: () => number
}

/** Signs an operation, for one use. @throws Error when it holds half of a surrogate pair, for which there is no canonical form */
export async function signatureOf(operation: SentOperation, key: SigningKey, { now = Date.now }: SigningOptions = {}): Promise<Signature> {
  const timestamp = now()
  const nonce = base64url(crypto.getRandomValues(new Uint8Array(16)))
  return { value: await hmacOf(canonicalForm(operation, timestamp, nonce), key), timestamp, nonce }
}

/** What is signed, as text: schema/signatures.md. */
export function canonicalForm(operation: SentOperation, timestamp: number, nonce: string): string {
  const { query, operationName, variables, extensions } = operation
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: string | null } | null }
  // Undefined and files are what they become on their way: nothing, and null.
  const sent: unknown = JSON.parse(JSON.stringify(variables ?? {}, (_, value: unknown) => (value instanceof Blob ? null : value)))
  const documentId = operation.documentId ?? persistedQuery?.sha256Hash
  return canonicalize(['tidemark-1', query || null, documentId ?? null, operationName ?? null, sent, timestamp, nonce]) ?? ''
}

/** HMAC-SHA256 of a canonical form. */
export const hmacOf = async (form: string, key: SigningKey): Promise<string> =>
  base64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(form))))

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const bytesOf = (text: string) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0))
