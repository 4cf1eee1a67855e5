import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  CloseCode,
  type ConnectionInitMessage,
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  handleProtocols,
  type Message,
  MessageType,
  type SubscribeMessage,
} from 'graphql-ws'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { Access } from '../../access/access.ts'
import type { Identify } from '../../admin/identify.ts'
import type { Config } from '../../config.ts'
import type { AppError, ErrorCode } from '../../errors.ts'
import { newName } from '../../platform/ids.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Signatures } from '../../signatures/signatures.ts'
import { type Caller, userAgentOf } from '../caller.ts'
import type { Connections } from '../connections.ts'
import { connectionCredentials, credentialsOf } from '../credentials.ts'
import type { Origins } from '../origins.ts'
import { closeCodes, reasonOf, refusalOf } from './close-codes.ts'
import { createOutbox, type Frames } from './frames.ts'
import { type Beating, createHeartbeat } from './heartbeat.ts'
import { type Counted, createMessageLimit } from './message-limit.ts'
import { createOperations, type Operations, type OperationsDeps } from './operations.ts'
import { readMessage } from './read-message.ts'
import { createSessions, type Session } from './session.ts'
import { createStrangers } from './strangers.ts'

export interface SocketsDeps extends Omit<OperationsDeps, 'maxOperations'> {
  readonly config: Config
  readonly logger: Logger
  readonly access: Pick<Access, 'watch'>
  readonly connections: Connections
  readonly identify: Identify
  readonly signatures: Pick<Signatures, 'ofConnections'>
  readonly origins: Origins
}

/** Sockets that speak graphql-transport-ws. */
export interface Sockets {
  /** Takes in who has entered as a connection, which then leaves when its socket is closed; false: that was no proper handshake. */
  accept(request: IncomingMessage, carrier: Duplex, head: Buffer, ip: string): boolean
  closeAll(closeCode: number, reason: ErrorCode): void
  terminateAll(): void
  /** Resolves when every socket is gone. */
  gone(): Promise<void>
}

/**
 * A socket as long as it is open. There may be ten thousand, which do nothing: so what they have in common is not in here, they share
 * their listeners, and of what opened them nothing is kept.
 */
interface Peer extends Beating, Counted {
  readonly frames: Frames
  readonly session: Session
  readonly operations: Operations
  readonly ip: string
  readonly userAgent: string | null
  /** What opened it, until `connection_init`. */
  request: IncomingMessage | null
  /** It was let in, and has been told so. */
  isAcknowledged: boolean
}

/** Time for a close code to reach whoever sends too much. */
const farewellMs = 1_000
/** Pieces in which one frame may come: each costs more than its bytes. In packets of the usual size 16 MiB are 12,000. */
const maxPieces = 16 * 1024
/** An id is repeated in every frame of its operation. */
const maxIdLength = 256

export function createSockets(deps: SocketsDeps): Sockets {
  const { config, logger, errors, metrics, connections } = deps
  const open = new Map<WebSocket, Peer>()
  const outbox = createOutbox({
    maxBytes: config.WS_MAX_BUFFERED_BYTES,
    maxTotalBytes: config.WS_MAX_TOTAL_BUFFERED_BYTES,
    sent: metrics.sent,
  })
  metrics.waiting.bytes = () => open.keys().reduce((sum, socket) => sum + socket.bufferedAmount, 0)
  let whenGone: (() => void)[] = []
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: config.MAX_MESSAGE_BYTES,
    maxBufferedChunks: maxPieces,
    autoPong: false,
    handleProtocols,
  })

  const openSession = createSessions({ access: deps.access, connections, close })
  const openOperations = createOperations({ ...deps, maxOperations: config.WS_MAX_SUBSCRIPTIONS })
  const signatures = deps.signatures.ofConnections
  const heartbeat = createHeartbeat(config.WS_HEARTBEAT_INTERVAL_MS, open)
  const limit = createMessageLimit(config.WS_RATE_LIMIT_MAX_MESSAGES, config.WS_RATE_LIMIT_WINDOW_MS)
  const strangers = createStrangers<WebSocket>({
    maxMs: config.WS_AUTH_TIMEOUT_MS,
    onLate: socket => close(socket, CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'),
    onExcess(socket) {
      close(socket, closeCodes.tooBig, 'PAYLOAD_TOO_LARGE')
      setTimeout(() => socket.terminate(), farewellMs).unref()
    },
  })
  /** What a client wants of us. What nobody waits for has no promise. */
  function take(peer: Peer, message: Message | null, sizeBytes: number): Promise<void> | undefined {
    switch (message?.type) {
      case MessageType.ConnectionInit:
        return letIn(peer, message.payload)
      case MessageType.Subscribe:
        return start(peer, message, sizeBytes)
      case MessageType.Complete:
        return peer.operations.complete(message.id)
      case MessageType.Ping:
        peer.frames.sendText(pongOf(message.payload))
        return
      case MessageType.Pong:
        return
      default:
        close(peer.socket, closeCodes.badRequest, message ? 'Clients send no such message' : 'Invalid message received')
    }
  }

  async function letIn(peer: Peer, connectionParams: ConnectionInitMessage['payload']): Promise<void> {
    const { socket, carrier, session, ip, request } = peer
    if (!request) {
      close(socket, CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests')
      return
    }
    peer.request = null
    strangers.heard(carrier)
    try {
      const opening = credentialsOf(request.headers, ip, deps.origins.isOwnPage(request))
      await session.signIn(await deps.identify(connectionCredentials(connectionParams ?? undefined, opening)))
    } catch (error) {
      // Said by a close code and not by an error: clients come back after these, and never after 4500.
      const { closeCode, reason } = refusalOf(error)
      if (reason === 'INTERNAL_SERVER_ERROR') errors.toClient(error, session.id)
      logger.debug({ connectionId: session.id, reason }, 'socket refused')
      close(socket, closeCode, reason)
      return
    }
    strangers.remove(carrier)
    const { viewer, admin } = session.identity
    logger.debug({ connectionId: session.id, userId: viewer?.userId, admin: admin?.by }, 'socket signed in')
    if (socket.readyState !== socket.OPEN) return
    peer.isAcknowledged = true
    peer.frames.sendText(JSON.stringify({ type: MessageType.ConnectionAck, payload: { signingKey: signatures.signingKeyOf(session.id) } }))
  }

  function start(peer: Peer, { id, payload }: SubscribeMessage, sizeBytes: number): Promise<void> | undefined {
    const { socket, operations } = peer
    if (!peer.isAcknowledged) close(socket, CloseCode.Unauthorized, 'Unauthorized')
    else if (operations.isAwaited(id)) close(socket, CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`)
    else if (id.length > maxIdLength) close(socket, closeCodes.badRequest, 'The id of an operation has at most 256 characters')
    else return operations.run(id, payload, sizeBytes, callerOf(peer))
  }

  function close(socket: WebSocket, closeCode: number, reason: string): void {
    if (socket.readyState !== socket.OPEN) return
    metrics.refusedSockets.inc({ reason: String(closeCode) })
    open.get(socket)?.frames.flush()
    socket.close(closeCode, reasonOf(reason))
  }

  function callerOf({ session, ip, userAgent }: Peer): Caller {
    return {
      requestId: newName(),
      ip,
      userAgent,
      connection: session,
      identity: () => session.identity,
      checkSignature: operation => signatures.check(operation, { id: session.id, ip, identity: session.identity }),
    }
  }

  function handle(socket: WebSocket, carrier: Duplex, request: IncomingMessage, ip: string): void {
    const frames = outbox.framesTo(socket, carrier)
    const peer: Peer = {
      socket,
      carrier,
      frames,
      session: openSession(socket),
      operations: openOperations(frames),
      ip,
      userAgent: userAgentOf(request.headers),
      request,
      isAcknowledged: false,
      messages: 0,
      countEndsAtMs: 0,
      isAlive: true,
      takenAtPing: 0,
      pingDueAtMs: 0,
    }
    open.set(socket, peer)
    strangers.add(carrier, socket)
    heartbeat.watch(peer)
    socket.on('message', onMessage)
    socket.on('ping', onPing)
    socket.on('error', onError)
    socket.on('close', onClose)
    if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) close(socket, CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable')
  }

  function onPing(this: WebSocket, data: Buffer): void {
    const peer = open.get(this)
    if (peer) throttle(peer)
    this.pong(data)
  }

  function onError(this: WebSocket, error: Error): void {
    logger.debug({ connectionId: open.get(this)?.session.id, err: error }, 'socket failed')
  }

  function onClose(this: WebSocket, closeCode: number): void {
    const peer = open.get(this)
    if (!peer) return
    const { carrier, frames, session, operations, ip } = peer
    open.delete(this)
    connections.leave('websocket', ip)
    strangers.remove(carrier)
    frames.flush()
    session.ended()
    signatures.end(session.id)
    logger.debug({ connectionId: session.id, closeCode }, 'socket closed')
    operations
      .completeAll()
      .catch(error => logger.error({ connectionId: session.id, err: error }, 'could not end the operations of a socket'))
      .finally(() => {
        if (open.size > 0) return
        for (const resolve of whenGone) resolve()
        whenGone = []
      })
  }

  /** Not an async function, which would hold on to the text as long as the operation runs. */
  function onMessage(this: WebSocket, data: RawData): void {
    const peer = open.get(this)
    if (!peer || this.readyState !== this.OPEN) return
    throttle(peer)
    const text = String(data)
    const verdict = limit(peer, text)
    if (verdict !== 'taken') {
      if (verdict !== 'dropped') refuse(peer, verdict.refusedId, verdict.error)
      return
    }
    try {
      take(peer, readMessage(text), text.length)?.catch(error => fail(peer, error))
    } catch (error) {
      // Whatever is wrong with one message, it is not to end the process.
      fail(peer, error)
    }
  }

  function fail({ socket, session }: Peer, error: unknown): void {
    errors.toClient(error, session.id)
    close(socket, closeCodes.tryAgainLater, 'INTERNAL_SERVER_ERROR')
  }

  /** Ends an operation that was not started; the socket stays. */
  function refuse({ frames, session }: Peer, id: string, error: AppError): void {
    metrics.refusedMessages.inc()
    frames.sendText(JSON.stringify({ id, type: MessageType.Error, payload: errors.toClient(error, session.id) }))
  }

  /** Whoever asks without reading the answers is not listened to until they have. */
  function throttle({ socket, carrier }: Peer): void {
    if (carrier.writableLength <= config.WS_MAX_BUFFERED_BYTES || socket.isPaused) return
    socket.pause()
    carrier.once('drain', () => socket.resume())
  }

  return Object.freeze({
    accept(request, carrier, head, ip) {
      let isTaken = false
      // The library calls back at once, or never.
      server.handleUpgrade(request, carrier, head, socket => {
        isTaken = true
        handle(socket, carrier, request, ip)
      })
      return isTaken
    },
    closeAll(closeCode, reason) {
      outbox.flush()
      for (const socket of open.keys()) socket.close(closeCode, reason)
    },
    terminateAll() {
      for (const socket of open.keys()) socket.terminate()
    },
    gone: () => (open.size === 0 ? Promise.resolve() : new Promise(resolve => whenGone.push(resolve))),
  } satisfies Sockets)
}

/** Gives the payload back, unless it is nested so deeply that it can't be written. */
function pongOf(payload: unknown): string {
  try {
    return JSON.stringify({ type: MessageType.Pong, payload })
  } catch {
    return JSON.stringify({ type: MessageType.Pong })
  }
}
