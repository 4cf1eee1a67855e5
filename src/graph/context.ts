import type { Admin, Identity, Viewer } from '../access/viewer.ts'
import type { Services } from '../services.ts'
import type { Cost } from './limits.ts'
import type { Loaders } from './loaders.ts'

/** What a resolver knows of the operation it works for. */
export interface Context {
  readonly viewer: Viewer | null
  /** Set for those who administer the server, from where they may; with the key or the password there is no viewer beside it. */
  readonly admin: Admin | null
  /** Address of the caller, behind trusted proxies the one they vouch for. */
  readonly ip: string
  readonly userAgent: string | null
  /** Names this operation in the log; errors that hide their cause carry it as `correlationId`. */
  readonly requestId: string
  /** The socket the operation came over; null over HTTP. */
  readonly connection: Connection | null
  readonly services: Services
  /** What goes beside each answer, since the operation asked for it. */
  readonly asides?: Asides | undefined
  /** Batches and remembers reads, for this operation only. */
  readonly loaders: Loaders
}

/** `extensions` of answers. */
export interface Asides {
  readonly cost: Cost
}

/** An open WebSocket, as far as resolvers may touch it. */
export interface Connection {
  readonly id: string
  /** Lets the socket live on with another proof: a fresh token of the same user. */
  renew(identity: Identity): void
  /** Runs when the socket is gone, for whatever reason. */
  onClose(listener: () => void): void
}
