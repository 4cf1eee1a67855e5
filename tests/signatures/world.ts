import { randomBytes } from 'node:crypto'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import type { ClientOptions } from 'ws'
import { canonicalForm, hmacOf, importSigningKey, type SentOperation } from '../../clients/signature.ts'
import { clientOf, password } from '../harness/client.ts'
import type { Refusal } from '../harness/refusal.ts'
import { openSocket, type RawSocket } from '../transport/raw-socket.ts'
import { signaturesRegister } from './operations.ts'

/** What somebody has who signed in. */
export interface Session {
  readonly accessToken: string
  readonly refreshToken: string
  readonly signingKey: string
}

let people = 0
export const newEmail = (): string => `signer.${process.pid}.${people++}@example.org`

export async function signUp(url: string, email = newEmail()): Promise<Session> {
  const { register } = await clientOf(url).run(signaturesRegister, { input: { email, password } })
  return sessionOf(register)
}

export function sessionOf({ signingKey, ...tokens }: { accessToken: string; refreshToken: string; signingKey?: string | null }): Session {
  if (!/^[\w-]{43}$/.test(signingKey ?? '')) throw new Error('There came no key of 32 bytes.')
  return { ...tokens, signingKey: signingKey ?? '' }
}

/** An operation as it is sent. */
export const operationOf = <Result, Variables extends object>(
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
): SentOperation => ({
  query: print(document),
  variables,
})

export const newNonce = (): string => randomBytes(16).toString('base64url')

/** The operation with a signature, by hand: anything about it can be wrong. */
export async function signed(
  operation: SentOperation,
  signingKey: string,
  { timestamp = Date.now(), nonce = newNonce() }: { timestamp?: number; nonce?: string } = {},
): Promise<SentOperation> {
  const value = await hmacOf(canonicalForm(operation, timestamp, nonce), await importSigningKey(signingKey))
  return withSignature(operation, { value, timestamp, nonce })
}

export const withSignature = (operation: SentOperation, signature: unknown): SentOperation => ({
  ...operation,
  extensions: { ...operation.extensions, signature },
})

export const signatureIn = (operation: SentOperation) =>
  (operation.extensions as { signature: { value: string; timestamp: number; nonce: string } }).signature

/** The code of the error with which an operation over HTTP is refused; null: it is not. */
export async function post(url: string, accessToken: string | null, operation: SentOperation): Promise<string | null> {
  const { errors } = await clientOf(url, accessToken).post(JSON.stringify(operation))
  return errors[0]?.extensions.code ?? null
}

/** A socket without the helper's manners. */
export interface SigningSocket extends Disposable {
  /** What came with `connection_ack`. */
  readonly signingKey: string
  /** The code of the error with which an operation is refused; null: it is not. */
  ask(operation: SentOperation): Promise<string | null>
}

export async function openSigningSocket(wsUrl: string, init: object, options: ClientOptions = {}): Promise<SigningSocket> {
  const raw: RawSocket = await openSocket(wsUrl, options)
  const { payload } = await raw.init(init)
  const waiting = new Map<string, (code: string | null) => void>()
  let count = 0
  void (async () => {
    for (;;) {
      const { type, id = '', payload } = await raw.next()
      const errors = type === 'error' ? (payload as Refusal[]) : ((payload as { errors?: Refusal[] } | undefined)?.errors ?? [])
      if (type === 'next' || type === 'error') waiting.get(id)?.(errors[0]?.extensions.code ?? null)
    }
  })()
  return {
    signingKey: (payload as { signingKey: string }).signingKey,
    ask(operation) {
      const id = String(count++)
      const { promise, resolve } = Promise.withResolvers<string | null>()
      waiting.set(id, resolve)
      raw.send({ id, type: 'subscribe', payload: operation })
      return promise
    },
    [Symbol.dispose]: () => raw[Symbol.dispose](),
  }
}
