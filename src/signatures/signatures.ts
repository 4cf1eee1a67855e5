import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Identity, Viewer } from '../access/viewer.ts'
import { AppError } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { SentOperation } from './canonical.ts'
import { createNonceMemory } from './nonce-memory.ts'
import { createSharedNonces, type Spending } from './nonces.ts'
import { invalid, isSigned, verify } from './verify.ts'

/** What an operation that comes by itself is signed with. */
export interface SigningKey {
  /** Tells this key from all others. */
  readonly id: string
  readonly bytes: Uint8Array
}

export interface SignaturesDeps {
  readonly clock: Clock
  /** Null: there is one node. */
  readonly redis: Redis | null
  /** Whether operations have to be signed. */
  readonly isRequired: boolean
  /** What a viewer's operations are signed with over HTTP; null: with nothing. */
  readonly keyOf: (viewer: Viewer) => Promise<SigningKey | null>
}

/** The key of one connection, which nobody else has and which ends with it. */
export interface ConnectionSignatures {
  /** In base64url, for the other end. */
  readonly signingKey: string
  /** @throws SIGNATURE_REQUIRED, SIGNATURE_INVALID, REPLAYED */
  check(operation: SentOperation, identity: Identity): void
  /** Call once the connection is gone. */
  end(): void
}

/** Finds out whether operations were signed by whoever has the key, and never sent before. */
export interface Signatures {
  /** Checks an operation that came by itself. @throws SIGNATURE_REQUIRED, SIGNATURE_INVALID, REPLAYED */
  check(operation: SentOperation, identity: () => Promise<Identity>): Promise<void>
  /** For a connection with this id. */
  forConnection(id: string): ConnectionSignatures
}

const keyBytes = 32

export function createSignatures({ clock, redis, isRequired, keyOf }: SignaturesDeps): Signatures {
  const memory = createNonceMemory({ clock })
  /** A connection is one node's, so its nonces need not be known elsewhere. */
  const shared = redis ? createSharedNonces(redis) : memory

  return {
    async check(operation, identity) {
      const signed = isSigned(operation)
      if (!signed && !isRequired) return
      const { viewer, byCookie } = await identity()
      if (!signed) {
        // Whoever speaks for no user has no key: they reach what is public, or prove themselves with every request.
        if (viewer && !byCookie) throw missing('the `signingKey` that came with the sign-in')
        return
      }
      const key = viewer && (await keyOf(viewer))
      if (!key)
        throw invalid('There is no key to check this signature with. Over HTTP, sessions and issued tokens have one; everybody has one on a socket.')
      const { nonce, timestamp } = verify(operation, key.bytes, clock.now())
      refuseUnlessFirst(await shared.spend(key.id, nonce, timestamp))
    },
    forConnection(id) {
      const key = randomBytes(keyBytes)
      return {
        signingKey: key.toString('base64url'),
        check(operation, { byCookie }) {
          if (isSigned(operation)) {
            const { nonce, timestamp } = verify(operation, key, clock.now())
            refuseUnlessFirst(memory.spend(id, nonce, timestamp))
          } else if (isRequired && !byCookie) throw missing('the `signingKey` in the payload of `connection_ack`')
        },
        end: () => memory.drop(id),
      }
    },
  }
}

const missing = (key: string) =>
  new AppError('SIGNATURE_REQUIRED', `This server takes signed operations only: sign them with ${key} (see schema/signatures.md).`)

function refuseUnlessFirst(spending: Spending): void {
  if (spending === 'again') throw new AppError('REPLAYED', 'An operation with this nonce was sent before.')
  if (spending === 'forgotten')
    throw invalid('So many operations were signed since that it is not known whether this one was sent before. Sign it again.')
}
