import { randomUUID } from 'node:crypto'
import type { Access } from '../../access/access.ts'
import { type Identity, nobody } from '../../access/viewer.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import type { Connection } from '../../graph/context.ts'
import type { Connections } from '../connections.ts'
import { callAt } from '../timer.ts'
import { closeCodes } from './close-codes.ts'

/** Whom a socket speaks for, and for how long. */
export interface Session {
  readonly connection: Connection
  readonly identity: Identity
  /** @throws TOO_MANY_CONNECTIONS */
  signIn(identity: Identity): Promise<void>
  /** Call once the socket is gone. */
  ended(): void
}

export interface SessionDeps {
  readonly access: Pick<Access, 'watch'>
  readonly connections: Connections
  close(closeCode: number, reason: ErrorCode): void
}

const nothing = () => {}

export function createSession({ access, connections, close }: SessionDeps): Session {
  let listeners: readonly (() => void)[] = []
  let current = nobody
  let isOver = false
  let release = nothing
  let leaveUser = nothing

  const signOut = (code: ErrorCode) => close(closeCodes.forbidden, code)

  function hold(identity: Identity): void {
    release()
    current = identity
    const { viewer, admin } = identity
    const expiresAt = viewer?.expiresAt ?? admin?.expiresAt
    const cancelTimer = expiresAt ? callAt(expiresAt, () => signOut('TOKEN_EXPIRED')) : nothing
    const unwatch = viewer ? access.watch(viewer, null, signOut) : nothing
    release = () => {
      cancelTimer()
      unwatch()
    }
  }

  const connection: Connection = {
    id: randomUUID(),
    renew(identity) {
      if (identity.viewer?.userId !== current.viewer?.userId)
        throw new AppError('FORBIDDEN', 'A connection is renewed with a token of the same user.')
      if (!isOver) hold(identity)
    },
    onClose(listener) {
      if (isOver) listener()
      else listeners = [...listeners, listener]
    },
  }

  return {
    connection,
    get identity() {
      return current
    },
    async signIn(identity) {
      if (isOver) return
      // First, so that a revocation meanwhile is heard of.
      hold(identity)
      if (!identity.viewer) return
      const leave = await connections.enterAs(identity.viewer.userId)
      if (isOver) leave()
      else leaveUser = leave
    },
    ended() {
      if (isOver) return
      isOver = true
      release()
      leaveUser()
      for (const listener of listeners) listener()
      listeners = []
    },
  }
}
