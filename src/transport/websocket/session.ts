import type { WebSocket } from 'ws'
import type { Access } from '../../access/access.ts'
import { type Identity, nobody } from '../../access/viewer.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import type { Connection } from '../../graph/context.ts'
import { newName } from '../../platform/ids.ts'
import { withMethods } from '../../platform/methods.ts'
import type { Connections } from '../connections.ts'
import { callAt } from '../timer.ts'
import { closeCodes } from './close-codes.ts'

/** Whom a socket speaks for, and for how long. */
export interface Session extends Connection {
  readonly identity: Identity
  /** @throws TOO_MANY_CONNECTIONS */
  signIn(identity: Identity): Promise<void>
  /** Call once the socket is gone. */
  ended(): void
}

export interface SessionsDeps {
  readonly access: Pick<Access, 'watch'>
  readonly connections: Pick<Connections, 'enterAs' | 'leaveAs'>
  close(socket: WebSocket, closeCode: number, reason: ErrorCode): void
}

interface State {
  readonly socket: WebSocket
  identity: Identity
  /** Whose place among the connections of a user it has. */
  placeOf: string | null
  listeners: readonly (() => void)[]
  isOver: boolean
  /** Ends the look at whether the identity holds. */
  release: () => void
}

const nothing = () => {}
const noListeners: readonly (() => void)[] = []

export function createSessions({ access, connections, close }: SessionsDeps): (socket: WebSocket) => Session {
  function hold(state: State, identity: Identity): void {
    state.release()
    state.identity = identity
    const { viewer, admin } = identity
    const signOut = (code: ErrorCode) => close(state.socket, closeCodes.forbidden, code)
    const expiresAt = viewer?.expiresAt ?? admin?.expiresAt
    const cancelTimer = expiresAt ? callAt(expiresAt, () => signOut('TOKEN_EXPIRED')) : nothing
    const unwatch = viewer ? access.watch(viewer, null, signOut) : nothing
    state.release = () => {
      cancelTimer()
      unwatch()
    }
  }

  const methods = {
    renew(this: State, identity: Identity) {
      if (identity.viewer?.userId !== this.identity.viewer?.userId)
        throw new AppError('FORBIDDEN', 'A connection is renewed with a token of the same user.')
      if (!this.isOver) hold(this, identity)
    },
    onClose(this: State, listener: () => void) {
      if (this.isOver) listener()
      else this.listeners = [...this.listeners, listener]
    },
    async signIn(this: State, identity: Identity) {
      if (this.isOver) return
      // First, so that a revocation meanwhile is heard of.
      hold(this, identity)
      const userId = identity.viewer?.userId
      if (userId === undefined) return
      await connections.enterAs(userId)
      if (this.isOver) connections.leaveAs(userId)
      else this.placeOf = userId
    },
    ended(this: State) {
      if (this.isOver) return
      this.isOver = true
      this.release()
      if (this.placeOf !== null) connections.leaveAs(this.placeOf)
      for (const listener of this.listeners) listener()
      this.listeners = noListeners
    },
  }

  return socket =>
    withMethods({ id: newName(), socket, identity: nobody, placeOf: null, listeners: noListeners, isOver: false, release: nothing }, methods)
}
