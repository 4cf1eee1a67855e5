import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ExecutionArgs, GraphQLError } from 'graphql'
import { handleProtocols, MessageType, makeServer } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Access } from '../../access/access.ts'
import type { Identify } from '../../admin/identify.ts'
import type { Config } from '../../config.ts'
import type { AppError, ErrorCode } from '../../errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { ConnectionSignatures, Signatures } from '../../signatures/signatures.ts'
import { type Caller, userAgentOf } from '../caller.ts'
import type { Connections } from '../connections.ts'
import { connectionCredentials, credentialsOf } from '../credentials.ts'
import type { Origins } from '../origins.ts'
import { limitBeforeInit } from './before-init.ts'
import { closeCodes, refusalOf } from './close-codes.ts'
import { createOutbox, type Frames } from './frames.ts'
import { createHeartbeat } from './heartbeat.ts'
import { createMessageLimit, type Verdict } from './message-limit.ts'
import { createOperations, type Operations, type OperationsDeps, type Prepared } from './operations.ts'
import { readMessage } from './read-message.ts'
import { createSession, type Session } from './session.ts'

export interface SocketsDeps extends Omit<OperationsDeps, 'maxOperations'> {
  readonly config: Config
  readonly logger: Logger
  readonly access: Pick<Access, 'watch'>
  readonly connections: Connections
  readonly identify: Identify
  readonly signatures: Pick<Signatures, 'forConnection'>
  readonly origins: Origins
}

/** Sockets that speak graphql-transport-ws. */
export interface Sockets {
  /** Call `leave` when the socket is gone. */
  accept(request: IncomingMessage, carrier: Duplex, head: Buffer, ip: string, leave: () => void): void
  closeAll(closeCode: number, reason: ErrorCode): void
  terminateAll(): void
  /** Resolves when every socket is gone. */
  gone(): Promise<void>
}

/** A socket as long as it is open: there may be ten thousand, so what they have in common is not in here. */
interface Peer {
  readonly socket: WebSocket
  readonly carrier: Duplex
  readonly frames: Frames
  readonly session: Session
  readonly signatures: ConnectionSignatures
  readonly operations: Operations
  readonly limit: (text: string) => Verdict
  readonly ip: string
  /** What opened it, until `connection_init`. */
  request: IncomingMessage | null
  /** Of the message that is being received: what it starts is called before the next one. */
  messageBytes: number
  /** Ends the limit to what strangers may send. */
  letIn: () => void
  close(closeCode: number, reason: string): void
}

/** The library says that it takes text; it takes what it would parse as well. */
type Receive = (message: unknown) => Promise<void>

/** Time for a close code to reach whoever sends too much. */
const farewellMs = 1_000
/** An id is repeated in every frame of its operation. */
const maxIdLength = 256
const nothing = () => {}

export function createSockets(deps: SocketsDeps): Sockets {
  const { config, logger, errors, metrics } = deps
  const open = new Set<WebSocket>()
  const outbox = createOutbox({
    maxBytes: config.WS_MAX_BUFFERED_BYTES,
    maxTotalBytes: config.WS_MAX_TOTAL_BUFFERED_BYTES,
    sent: metrics.sent,
  })
  metrics.waiting.bytes = () => open.values().reduce((sum, socket) => sum + socket.bufferedAmount, 0)
  let whenGone: (() => void)[] = []
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: config.MAX_MESSAGE_BYTES,
    autoPong: false,
    handleProtocols,
  })

  const operationsDeps: OperationsDeps = { ...deps, maxOperations: config.WS_MAX_SUBSCRIPTIONS }
  const heartbeat = createHeartbeat(config.WS_HEARTBEAT_INTERVAL_MS)
  const prepared = new WeakMap<object, Prepared>()

  function run(args: object) {
    const ready = prepared.get(args)
    prepared.delete(args)
    return ready?.run()
  }

  /** One for all sockets: whose turn it is comes with each call. */
  const protocol = makeServer<Record<string, unknown>, Peer>({
    connectionInitWaitTimeout: config.WS_AUTH_TIMEOUT_MS,
    execute: args => run(args) as never,
    subscribe: args => run(args) as never,
    async onConnect(connecting) {
      const { connectionParams, extra: peer } = connecting
      const { socket, session, ip, request, signatures } = peer
      // Neither is kept: the library would hold on to the parameters, token and all, as long as the socket is open.
      Object.assign(connecting, { connectionParams: undefined })
      peer.request = null
      if (!request) return false
      try {
        const opening = credentialsOf(request.headers, ip, deps.origins.isOwnPage(request))
        await session.signIn(await deps.identify(connectionCredentials(connectionParams, opening)))
        peer.letIn()
        peer.letIn = nothing
        const { viewer, admin } = session.identity
        logger.debug({ connectionId: session.connection.id, userId: viewer?.userId, admin: admin?.by }, 'socket signed in')
        return socket.readyState === socket.OPEN && { signingKey: signatures.signingKey }
      } catch (error) {
        // Said by a close code and not by an error: clients come back after these, and never after 4500.
        const { closeCode, reason } = refusalOf(error)
        if (reason === 'INTERNAL_SERVER_ERROR') errors.toClient(error, session.connection.id)
        logger.debug({ connectionId: session.connection.id, reason }, 'socket refused')
        peer.close(closeCode, reason)
        return false
      }
    },
    async onSubscribe({ extra: { operations, messageBytes, close } }, id, payload) {
      if (id.length > maxIdLength) {
        close(closeCodes.badRequest, 'The id of an operation has at most 256 characters')
        return [new GraphQLError('The id is too long.')]
      }
      const ready = await operations.prepare(id, { ...payload }, messageBytes)
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

  function handle(socket: WebSocket, carrier: Duplex, request: IncomingMessage, ip: string, leave: () => void): void {
    const close = (closeCode: number, reason: string) => {
      if (socket.readyState !== socket.OPEN) return
      metrics.refusedSockets.inc({ reason: String(closeCode) })
      frames.flush()
      socket.close(closeCode, reason.slice(0, 120))
    }
    const session = createSession({ access: deps.access, connections: deps.connections, close })
    const connectionId = session.connection.id
    const frames = outbox.framesTo(socket, carrier)
    const signatures = deps.signatures.forConnection(connectionId, ip)
    const userAgent = userAgentOf(request.headers)
    const callerOf = (requestId: string): Caller => ({
      requestId,
      ip,
      userAgent,
      connection: session.connection,
      identity: async () => session.identity,
      checkSignature: operation => signatures.check(operation, session.identity),
    })
    const peer: Peer = {
      socket,
      carrier,
      frames,
      session,
      signatures,
      operations: createOperations(operationsDeps, frames, callerOf),
      limit: createMessageLimit(config.WS_RATE_LIMIT_MAX_MESSAGES, config.WS_RATE_LIMIT_WINDOW_MS),
      ip,
      request,
      messageBytes: 0,
      letIn: limitBeforeInit(carrier, () => {
        close(closeCodes.tooBig, 'PAYLOAD_TOO_LARGE')
        setTimeout(() => socket.terminate(), farewellMs).unref()
      }),
      close,
    }
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: frames.deliverText,
        close: (closeCode = closeCodes.badRequest, reason = '') => close(closeCode, reason),
        onMessage: receive => socket.on('message', data => onMessage(peer, String(data), receive as Receive)),
        onPing: payload => frames.sendText(pongOf(payload)),
      },
      peer,
    )
    const stopHeartbeat = heartbeat.watch(socket, carrier)
    socket.on('ping', data => {
      throttle(peer)
      socket.pong(data)
    })
    socket.on('error', error => logger.debug({ connectionId, err: error }, 'socket failed'))
    socket.on('close', (closeCode, reason) => {
      stopHeartbeat()
      frames.flush()
      leave()
      session.ended()
      signatures.end()
      open.delete(socket)
      logger.debug({ connectionId, closeCode }, 'socket closed')
      Promise.resolve(closed(closeCode, String(reason)))
        .catch(error => logger.error({ connectionId, err: error }, 'could not end the operations of a socket'))
        .finally(() => {
          peer.operations.finishAll()
          if (open.size > 0) return
          for (const resolve of whenGone) resolve()
          whenGone = []
        })
    })
  }

  /** Not an async function, which would hold on to the text as long as the operation runs. */
  function onMessage(peer: Peer, text: string, receive: Receive): void {
    const { socket, session, close } = peer
    if (socket.readyState !== socket.OPEN) return
    throttle(peer)
    const verdict = peer.limit(text)
    if (verdict !== 'taken') {
      if (verdict !== 'dropped') refuse(peer, verdict.refusedId, verdict.error)
      return
    }
    peer.messageBytes = text.length
    receive(readMessage(text)).catch(error => {
      if (isForServersAlone(error)) return close(closeCodes.badRequest, 'Clients send no such message')
      errors.toClient(error, session.connection.id)
      close(closeCodes.tryAgainLater, 'INTERNAL_SERVER_ERROR')
    })
  }

  /** Ends an operation that was not started; the socket stays. */
  function refuse({ frames, session }: Peer, id: string, error: AppError): void {
    metrics.refusedMessages.inc()
    frames.sendText(JSON.stringify({ id, type: MessageType.Error, payload: errors.toClient(error, session.connection.id) }))
  }

  /** Whoever asks without reading the answers is not listened to until they have. */
  function throttle({ socket, carrier }: Peer): void {
    if (carrier.writableLength <= config.WS_MAX_BUFFERED_BYTES || socket.isPaused) return
    socket.pause()
    carrier.once('drain', () => socket.resume())
  }

  return Object.freeze({
    accept(request, carrier, head, ip, leave) {
      server.handleUpgrade(request, carrier, head, socket => {
        open.add(socket)
        handle(socket, carrier, request, ip, leave)
      })
    },
    closeAll(closeCode, reason) {
      outbox.flush()
      for (const socket of open) socket.close(closeCode, reason)
    },
    terminateAll() {
      for (const socket of open) socket.terminate()
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
