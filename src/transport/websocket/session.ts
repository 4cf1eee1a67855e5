import { randomUUID } from 'node:crypto'
import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import type { Connection } from '../../graph/context.ts'
import type { Connections } from '../connections.ts'
import { callAt } from '../timer.ts'
import { closeCodes } from './close-codes.ts'

/** Whom a socket speaks for, and for how long. */
export interface Session {
  readonly connection: Connection
  readonly viewer: Viewer | null
  /** @throws TOO_MANY_CONNECTIONS */
  signIn(viewer: Viewer): void
  /** Call once the socket is gone. */
  ended(): void
}

export interface SessionDeps {
  readonly access: Pick<Access, 'watch'>
  readonly connections: Connections
  close(closeCode: number, reason: ErrorCode): void
}

export function createSession({ access, connections, close }: SessionDeps): Session {
  const listeners = new Set<() => void>()
  let current: Viewer | null = null
  let isOver = false
  let release = () => {}
  let leaveUser = () => {}

  const signOut = (code: ErrorCode) => close(closeCodes.forbidden, code)

  function hold(viewer: Viewer): void {
    release()
    current = viewer
    const cancelTimer = callAt(viewer.expiresAt, () => signOut('TOKEN_EXPIRED'))
    const unwatch = access.watch(viewer, null, signOut)
    release = () => {
      cancelTimer()
      unwatch()
    }
  }

  const connection: Connection = {
    id: randomUUID(),
    renew(viewer) {
      if (viewer.userId !== current?.userId) throw new AppError('FORBIDDEN', 'A connection is renewed with a token of the same user.')
      if (!isOver) hold(viewer)
    },
    onClose(listener) {
      if (isOver) listener()
      else listeners.add(listener)
    },
  }

  return {
    connection,
    get viewer() {
      return current
    },
    signIn(viewer) {
      if (isOver) return
      leaveUser = connections.enterAs(viewer.userId)
      hold(viewer)
    },
    ended() {
      if (isOver) return
      isOver = true
      release()
      leaveUser()
      for (const listener of listeners) listener()
      listeners.clear()
    },
  }
}
