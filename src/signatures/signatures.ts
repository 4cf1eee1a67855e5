import { createHmac, randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Identity, Viewer } from '../access/viewer.ts'
import type { Recorder } from '../audit/audit.ts'
import { AppError } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { SentOperation } from './canonical.ts'
import type { Spending } from './nonce-memory.ts'
import { createNonceMemory } from './nonce-memory.ts'
import { createOwnNonces, createSharedNonces } from './nonces.ts'
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
  readonly audit: Pick<Recorder, 'refuse'>
}

/** Whoever sent an operation that came by itself. */
export interface Sender {
  readonly ip: string
  identity(): Promise<Identity> | Identity
}

/** A connection that operations come over. */
export interface SignedConnection {
  readonly id: string
  readonly ip: string
  readonly identity: Identity
}

/** Each connection has a key of its own, which nobody else has and which ends with it. */
export interface ConnectionSignatures {
  /** In base64url, for the other end of the connection with this id. */
  signingKeyOf(id: string): string
  /** @throws SIGNATURE_REQUIRED, SIGNATURE_INVALID, REPLAYED */
  check(operation: SentOperation, connection: SignedConnection): void
  /** Call once the connection is gone. */
  end(id: string): void
}

/** Finds out whether operations were signed by whoever has the key, and never sent before. */
export interface Signatures {
  /** Checks an operation that came by itself. @throws SIGNATURE_REQUIRED, SIGNATURE_INVALID, REPLAYED */
  check(operation: SentOperation, sender: Sender): Promise<void> | void
  readonly ofConnections: ConnectionSignatures
}

const keyBytes = 32

export function createSignatures({ clock, redis, isRequired, keyOf, audit }: SignaturesDeps): Signatures {
  const nonces = redis ? createSharedNonces(redis) : createOwnNonces(clock)
  /** A connection is one node's, so its nonces need not be known elsewhere, and nothing of it came before it. */
  const connectionNonces = createNonceMemory({ clock })
  /** Keys of connections are made of it and of their ids when they are needed: nearly all connections sign nothing, and need no key kept. */
  const secret = randomBytes(keyBytes)
  const keyOfConnection = (id: string) => createHmac('sha256', secret).update(id).digest()

  /** An operation that was recorded and is sent again is something to be seen. */
  function tellOf(error: unknown, { viewer, admin }: Identity, ip: string): void {
    if (!(error instanceof AppError)) return
    const target = viewer && (viewer.sessionId ?? viewer.tokenId)
    audit.refuse(viewer ?? admin ?? { userId: null, ip }, 'signature-refused', { target, details: { reason: error.code } })
  }

  async function checkSingle(operation: SentOperation, { viewer, byCookie }: Identity): Promise<void> {
    if (!isSigned(operation)) {
      // Whoever speaks for no user has no key: they reach what is public, or prove themselves with every request.
      if (viewer && !byCookie) throw missing('the `signingKey` that came with the sign-in')
      return
    }
    const key = viewer && (await keyOf(viewer))
    if (!key)
      throw invalid('There is no key to check this signature with. Over HTTP, sessions and issued tokens have one; everybody has one on a socket.')
    const now = clock.now()
    const { nonce, timestamp } = verify(operation, key.bytes, now)
    refuseUnlessFirst(await nonces.spend(key.id, nonce, timestamp), now)
  }

  async function checkOf(operation: SentOperation, { ip, identity }: Sender): Promise<void> {
    const sender = await identity()
    try {
      await checkSingle(operation, sender)
    } catch (error) {
      tellOf(error, sender, ip)
      throw error
    }
  }

  function checkOnConnection(operation: SentOperation, { id, identity }: SignedConnection): void {
    if (isSigned(operation)) {
      const now = clock.now()
      const { nonce, timestamp } = verify(operation, keyOfConnection(id), now)
      refuseUnlessFirst(connectionNonces.spend(id, nonce, timestamp), now)
    } else if (isRequired && !identity.byCookie) throw missing('the `signingKey` in the payload of `connection_ack`')
  }

  return {
    check: (operation, sender) => (isSigned(operation) || isRequired ? checkOf(operation, sender) : undefined),
    ofConnections: {
      signingKeyOf: id => keyOfConnection(id).toString('base64url'),
      check(operation, connection) {
        try {
          checkOnConnection(operation, connection)
        } catch (error) {
          tellOf(error, connection.identity, connection.ip)
          throw error
        }
      },
      end: connectionNonces.drop,
    },
  }
}

const missing = (key: string) =>
  new AppError('SIGNATURE_REQUIRED', `This server takes signed operations only: sign them with ${key} (see schema/signatures.md).`)

function refuseUnlessFirst(spending: Spending, now: Date): void {
  if (spending === 'again') throw new AppError('REPLAYED', 'An operation with this nonce was sent before.')
  if (spending === 'forgotten')
    throw invalid(
      'It is not known any more whether this operation was sent before: the server began to remember later, or so many came since. Sign it again; if it was signed just now, set the clock.',
      { serverTime: now.toISOString() },
    )
}
