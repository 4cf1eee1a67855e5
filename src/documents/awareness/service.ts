import type { Access } from '../../access/access.ts'
import type { Revocation } from '../../access/revocation.ts'
import type { Viewer } from '../../access/viewer.ts'
import { createRemembered } from '../../accounts/sessions/remembered.ts'
import type { User } from '../../accounts/users/user.ts'
import { AppError, badInput, type ErrorCode, notFound } from '../../errors.ts'
import { prefixOf } from '../../platform/ids.ts'
import { checkJson, checkText } from '../../platform/json.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Holder } from '../../signals/holdings.ts'
import { mapped } from '../../signals/reader.ts'
import type { Signal } from '../../signals/signal.ts'
import type { Signals } from '../../signals/signals.ts'

/** Where a client of somebody is in a document at the moment. */
export interface Awareness {
  readonly userId: string
  readonly clientId: string
  /** Null: no longer there. */
  readonly state: unknown
  readonly clock: number
}

interface SetAwareness {
  readonly documentId: string
  readonly clientId: string
  readonly state?: unknown
  readonly clock: number
}

export interface AwarenessService extends Disposable {
  /** Says where a client is; over a socket for as long as that lives. Gives what holds now, which may be newer. */
  set(viewer: Viewer, input: SetAwareness, socket: Holder | null): Promise<Awareness>
  /** Everybody who is there. Whoever asks has checked that the viewer may read the document. */
  list(documentId: string): Promise<readonly Awareness[]>
  /** Everybody who is there, then each change; ends with an error when the viewer may no longer read the document. */
  watch(viewer: Viewer, documentId: string): Promise<AsyncIterableIterator<Awareness>>
  /** Who it is, at most seconds old: asked for with every move of every cursor, for every reader. */
  user(userId: string, load: () => Promise<User | null>): Promise<User>
}

export interface AwarenessDeps {
  readonly signals: Signals
  readonly access: Pick<Access, 'hold' | 'require' | 'onRevoked'>
  readonly logger: Logger
  /** How long a state set over HTTP lasts, and one set over a socket after its node crashed. */
  readonly ttlSeconds?: number
}

export const awarenessTtlSeconds = 30
export const maxStateBytes = 16 * 1024
export const maxClientIdLength = 128

export function createAwareness({ signals, access, logger, ttlSeconds = awarenessTtlSeconds }: AwarenessDeps): AwarenessService {
  const users = createRemembered<User>({ max: 10_000, ttlMs: 5_000 })
  /** Who may be where, so that a moving cursor is not a query to the database each time. */
  const admitted = createRemembered<object>({ max: 10_000, ttlMs: 60_000 })
  /** Calls between the check and the write: a revocation in that time has to undo them. */
  const underWay = new Set<{ readonly userId: string; readonly documentId: string; isRevoked: boolean }>()

  function onRevoked(what: Revocation): void {
    if (!('resourceId' in what) || what.resourceId === undefined || prefixOf(what.resourceId) !== 'doc') return
    const { userId, resourceId: documentId } = what
    admitted.drop(`${userId} ${documentId}`)
    for (const call of underWay) if (call.userId === userId && call.documentId === documentId) call.isRevoked = true
    signals
      .clear(topicOf(documentId), { owner: userId })
      .catch(error => logger.warn({ err: error, documentId }, 'awareness of a removed member stays until it expires'))
  }

  const stopListening = access.onRevoked(onRevoked)

  return {
    async set(viewer, { documentId, clientId, state = null, clock }, socket) {
      checkInput(clientId, state, clock)
      const topic = topicOf(documentId)
      const call = { userId: viewer.userId, documentId, isRevoked: false }
      underWay.add(call)
      try {
        await admitted.get(`${viewer.userId} ${documentId}`, async () => {
          await access.require(viewer, documentId, 'READ')
          return {}
        })
        const held = await signals.set(topic, { owner: viewer.userId, client: clientId }, state, { clock, ttlSeconds, heldBy: socket })
        if (call.isRevoked) await signals.clear(topic, { owner: viewer.userId })
        return awarenessOf(held)
      } finally {
        underWay.delete(call)
      }
    },
    list: async documentId => (await signals.list(topicOf(documentId))).map(awarenessOf),
    async watch(viewer, documentId) {
      let lost: AppError | null = null
      let fail: ((error: AppError) => void) | null = null
      const release = await access.hold(viewer, documentId, (code: ErrorCode) => {
        lost = new AppError(code, 'You may no longer see who is in this document.')
        fail?.(lost)
      })
      const reader = await signals.watch(topicOf(documentId), release)
      fail = reader.fail
      if (lost) reader.fail(lost)
      return mapped(reader, awarenessOf)
    },
    async user(userId, load) {
      const user = await users.get(userId, load)
      if (!user) throw notFound('user')
      return user
    },
    [Symbol.dispose]: stopListening,
  }
}

const topicOf = (documentId: string) => `awareness:${documentId}`

const awarenesses = new WeakMap<Signal, Awareness>()

/** The same for all readers of a signal, so that it is rendered once for those who ask the same. */
function awarenessOf(signal: Signal): Awareness {
  const { key, state, clock } = signal
  const awareness = awarenesses.get(signal) ?? { userId: key.owner, clientId: key.client, state, clock }
  awarenesses.set(signal, awareness)
  return awareness
}

function checkInput(clientId: string, state: unknown, clock: number): void {
  if (clientId.length < 1 || clientId.length > maxClientIdLength)
    throw badInput('input.clientId', `A client id has 1 to ${maxClientIdLength} characters.`)
  checkText(clientId, 'input.clientId')
  if (clock < 0) throw badInput('input.clock', 'A clock is 0 or more.')
  checkJson(state, 'input.state')
  if (Buffer.byteLength(JSON.stringify(state)) > maxStateBytes)
    throw new AppError('PAYLOAD_TOO_LARGE', `A state has at most ${maxStateBytes} bytes as JSON.`, { field: 'input.state' })
}
