import type { WebSocket } from 'ws'
import type { Access } from '../../access/access.ts'
import { endOf, type Identity, nobody } from '../../access/viewer.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import type { Connection } from '../../graph/context.ts'
import { newName } from '../../platform/ids.ts'
import { withMethods } from '../../platform/methods.ts'
import type { Connections } from '../connections.ts'
import { callAt, cancelAt } from '../timer.ts'
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
  readonly id: string
  identity: Identity
  /** Whose place among the connections of a user it has. */
  placeOf: string | null
  listeners: readonly (() => void)[]
  isOver: boolean
  /** For when the identity does not hold any more, or has ended. */
  readonly signOut: (code?: ErrorCode) => void
  unwatch: () => void
}

const nothing = () => {}
const noListeners: readonly (() => void)[] = []

export function createSessions({ access, connections, close }: SessionsDeps): (socket: WebSocket) => Session {
  function hold(state: State, identity: Identity): void {
    release(state)
    state.identity = identity
    const { signOut } = state
    const { viewer } = identity
    const end = endOf(identity)
    if (end) callAt(end, signOut)
    state.unwatch = viewer ? access.watch(viewer, null, signOut) : nothing
  }

  function release({ identity, signOut, unwatch }: State): void {
    const end = endOf(identity)
    if (end) cancelAt(end, signOut)
    unwatch()
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
      release(this)
      if (this.placeOf !== null) connections.leaveAs(this.placeOf)
      for (const listener of this.listeners) listener()
      this.listeners = noListeners
    },
  }

  function signOut(this: WebSocket, code: ErrorCode = 'TOKEN_EXPIRED'): void {
    close(this, closeCodes.forbidden, code)
  }

  return socket =>
    withMethods(
      {
        id: newName(),
        identity: nobody,
        placeOf: null,
        listeners: noListeners,
        isOver: false,
        signOut: signOut.bind(socket),
        unwatch: nothing,
      } satisfies State,
      methods,
    )
}
