import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ExecutionArgs, GraphQLError } from 'graphql'
import { CloseCode, handleProtocols, MessageType, makeServer } from 'graphql-ws'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { Access } from '../../access/access.ts'
import type { Identify } from '../../admin/identify.ts'
import type { Config } from '../../config.ts'
import type { AppError, ErrorCode } from '../../errors.ts'
import { newName } from '../../platform/ids.ts'
import type { Logger } from '../../platform/logger.ts'
import { withMethods } from '../../platform/methods.ts'
import type { Signatures } from '../../signatures/signatures.ts'
import { type Caller, userAgentOf } from '../caller.ts'
import type { Connections } from '../connections.ts'
import { connectionCredentials, credentialsOf } from '../credentials.ts'
import type { Origins } from '../origins.ts'
import { createStrangers } from './before-init.ts'
import { closeCodes, refusalOf } from './close-codes.ts'
import { createOutbox, type Frames } from './frames.ts'
import { type Beating, createHeartbeat } from './heartbeat.ts'
import { type Counted, createMessageLimit } from './message-limit.ts'
import { createOperations, type Operations, type OperationsDeps, type Prepared } from './operations.ts'
import { readMessage } from './read-message.ts'
import { createSessions, type Session } from './session.ts'

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
  accept(request: IncomingMessage, carrier: Duplex, head: Buffer, ip: string): void
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
  readonly protocol: string
  readonly frames: Frames
  readonly session: Session
  readonly operations: Operations
  readonly ip: string
  readonly userAgent: string | null
  /** What opened it, until `connection_init`. */
  request: IncomingMessage | null
  /** Of the message that is being received: what it starts is called before the next one. */
  messageBytes: number
  /** The library's, for messages. */
  receive: Receive
  /** The library's, for the end: it ends what is running. */
  closed: (closeCode: number, reason: string) => Promise<void>
}

/** The library says that it takes text; it takes what it would parse as well. */
type Receive = (message: unknown) => Promise<void>

/** Time for a close code to reach whoever sends too much. */
const farewellMs = 1_000
/** An id is repeated in every frame of its operation. */
const maxIdLength = 256
const notYet = async () => {}

export function createSockets(deps: SocketsDeps): Sockets {
  const { config, logger, errors, metrics } = deps
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
    autoPong: false,
    handleProtocols,
  })

  const openSession = createSessions({ access: deps.access, connections: deps.connections, close })
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
  const prepared = new WeakMap<object, Prepared>()

  function run(args: object) {
    const ready = prepared.get(args)
    prepared.delete(args)
    return ready?.run()
  }

  /** One for all sockets: whose turn it is comes with each call. */
  const protocol = makeServer<Record<string, unknown>, Peer>({
    // `strangers` looks after that, with one timer for all.
    connectionInitWaitTimeout: 0,
    execute: args => run(args) as never,
    subscribe: args => run(args) as never,
    async onConnect(connecting) {
      const { connectionParams, extra: peer } = connecting
      const { socket, carrier, session, ip, request } = peer
      // Neither is kept: the library would hold on to the parameters, token and all, as long as the socket is open.
      Object.assign(connecting, { connectionParams: undefined })
      peer.request = null
      if (!request) return false
      strangers.heard(carrier)
      try {
        const opening = credentialsOf(request.headers, ip, deps.origins.isOwnPage(request))
        await session.signIn(await deps.identify(connectionCredentials(connectionParams, opening)))
        strangers.remove(carrier)
        const { viewer, admin } = session.identity
        logger.debug({ connectionId: session.id, userId: viewer?.userId, admin: admin?.by }, 'socket signed in')
        return socket.readyState === socket.OPEN && { signingKey: signatures.signingKeyOf(session.id) }
      } catch (error) {
        // Said by a close code and not by an error: clients come back after these, and never after 4500.
        const { closeCode, reason } = refusalOf(error)
        if (reason === 'INTERNAL_SERVER_ERROR') errors.toClient(error, session.id)
        logger.debug({ connectionId: session.id, reason }, 'socket refused')
        close(socket, closeCode, reason)
        return false
      }
    },
    async onSubscribe({ extra: peer }, id, payload) {
      if (id.length > maxIdLength) {
        close(peer.socket, closeCodes.badRequest, 'The id of an operation has at most 256 characters')
        return [new GraphQLError('The id is too long.')]
      }
      const ready = await peer.operations.prepare(id, { ...payload }, peer.messageBytes, callerOf(peer))
      // The library holds on to what it is given as long as the operation runs, so that is as little as it can do with.
      Object.assign(payload, { query: '', variables: null, extensions: null })
      if (Array.isArray(ready)) return ready
      const { schema, document, operationName } = ready.args
      const standIn: ExecutionArgs = { schema, document, operationName, rootValue: undefined, contextValue: undefined }
      prepared.set(standIn, ready)
      return standIn
    },
    onNext: ({ extra: { operations } }, id, _, __, result) =>
      (result.errors ? { ...result, errors: errors.toClient([...result.errors], operations.requestIdOf(id)) } : undefined) as never,
    onError: ({ extra: { operations } }, id, _, failed) =>
      failed.flatMap(error => errors.toClient(error, operations.requestIdOf(id))).map(error => error.toJSON()),
    onComplete: ({ extra: { operations } }, id) => operations.finish(id),
  })

  function close(socket: WebSocket, closeCode: number, reason: string): void {
    if (socket.readyState !== socket.OPEN) return
    metrics.refusedSockets.inc({ reason: String(closeCode) })
    open.get(socket)?.frames.flush()
    socket.close(closeCode, reason.slice(0, 120))
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

  /** What the library takes for a socket: each of ours has these. */
  const adapter = {
    send(this: Peer, text: string) {
      return this.frames.deliverText(text)
    },
    close(this: Peer, closeCode: number = closeCodes.badRequest, reason = '') {
      close(this.socket, closeCode, reason)
    },
    onMessage(this: Peer, receive: (text: string) => Promise<void>) {
      this.receive = receive as Receive
    },
    onPing(this: Peer, payload: unknown) {
      this.frames.sendText(pongOf(payload))
    },
  }

  function handle(socket: WebSocket, carrier: Duplex, request: IncomingMessage, ip: string): void {
    const frames = outbox.framesTo(socket, carrier)
    const peer: Peer & typeof adapter = withMethods(
      {
        protocol: socket.protocol,
        socket,
        carrier,
        frames,
        session: openSession(socket),
        operations: openOperations(frames),
        ip,
        userAgent: userAgentOf(request.headers),
        request,
        messageBytes: 0,
        messages: 0,
        countEndsAtMs: 0,
        isAlive: true,
        takenAtPing: 0,
        pingDueAtMs: 0,
        receive: notYet,
        closed: notYet,
      } satisfies Peer,
      adapter,
    )
    open.set(socket, peer)
    strangers.add(carrier, socket)
    heartbeat.watch(peer)
    peer.closed = protocol.opened(peer, peer)
    socket.on('message', onMessage)
    socket.on('ping', onPing)
    socket.on('error', onError)
    socket.on('close', onClose)
  }

  function onPing(this: WebSocket, data: Buffer): void {
    const peer = open.get(this)
    if (peer) throttle(peer)
    this.pong(data)
  }

  function onError(this: WebSocket, error: Error): void {
    logger.debug({ connectionId: open.get(this)?.session.id, err: error }, 'socket failed')
  }

  function onClose(this: WebSocket, closeCode: number, reason: Buffer): void {
    const peer = open.get(this)
    if (!peer) return
    const { carrier, frames, session, operations } = peer
    open.delete(this)
    strangers.remove(carrier)
    frames.flush()
    session.ended()
    signatures.end(session.id)
    logger.debug({ connectionId: session.id, closeCode }, 'socket closed')
    peer
      .closed(closeCode, String(reason))
      .catch(error => logger.error({ connectionId: session.id, err: error }, 'could not end the operations of a socket'))
      .finally(() => {
        operations.finishAll()
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
    peer.messageBytes = text.length
    peer.receive(readMessage(text)).catch(error => fail(peer, error))
  }

  function fail({ socket, session }: Peer, error: unknown): void {
    if (isForServersAlone(error)) close(socket, closeCodes.badRequest, 'Clients send no such message')
    else {
      errors.toClient(error, session.id)
      close(socket, closeCodes.tryAgainLater, 'INTERNAL_SERVER_ERROR')
    }
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
      server.handleUpgrade(request, carrier, head, socket => handle(socket, carrier, request, ip))
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

/** A client that sends what only servers do: the library takes it for well-formed, and throws. */
const isForServersAlone = (error: unknown): boolean => error instanceof Error && error.message.startsWith('Unexpected message of type')

/** Gives the payload back, unless it is nested so deeply that it can't be written. */
function pongOf(payload: unknown): string {
  try {
    return JSON.stringify({ type: MessageType.Pong, payload })
  } catch {
    return JSON.stringify({ type: MessageType.Pong })
  }
}
