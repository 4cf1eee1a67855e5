import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { GraphQLError } from 'graphql'
import { handleProtocols, MessageType, makeServer } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Access } from '../../access/access.ts'
import type { Identify } from '../../admin/identify.ts'
import type { Config } from '../../config.ts'
import type { AppError, ErrorCode } from '../../errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Signatures } from '../../signatures/signatures.ts'
import { type Caller, userAgentOf } from '../caller.ts'
import type { Connections } from '../connections.ts'
import { connectionCredentials, credentialsOf } from '../credentials.ts'
import type { Origins } from '../origins.ts'
import { limitBeforeInit } from './before-init.ts'
import { closeCodes, refusalOf } from './close-codes.ts'
import { createFrames } from './frames.ts'
import { startHeartbeat } from './heartbeat.ts'
import { createMessageLimit } from './message-limit.ts'
import { createOperations, type OperationsDeps, type Prepared } from './operations.ts'
import { createSession } from './session.ts'
import { withText } from './unnamed-text.ts'

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

/** Time for a close code to reach whoever sends too much. */
const farewellMs = 1_000
/** An id is repeated in every frame of its operation. */
const maxIdLength = 256

export function createSockets(deps: SocketsDeps): Sockets {
  const { config, logger, errors, metrics } = deps
  const open = new Set<WebSocket>()
  let whenGone: (() => void)[] = []
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: config.MAX_MESSAGE_BYTES,
    autoPong: false,
    handleProtocols,
  })

  function handle(socket: WebSocket, carrier: Duplex, request: IncomingMessage, ip: string, leave: () => void): void {
    const close = (closeCode: number, reason: string) => {
      if (socket.readyState !== socket.OPEN) return
      metrics.refusedSockets.inc({ reason: String(closeCode) })
      socket.close(closeCode, reason.slice(0, 120))
    }
    const session = createSession({ access: deps.access, connections: deps.connections, close })
    const frames = createFrames(socket, carrier, metrics.sent)
    const letIn = limitBeforeInit(carrier, () => {
      close(closeCodes.tooBig, 'PAYLOAD_TOO_LARGE')
      setTimeout(() => socket.terminate(), farewellMs).unref()
    })
    const signatures = deps.signatures.forConnection(session.connection.id, ip)
    const userAgent = userAgentOf(request.headers)
    const callerOf = (requestId: string): Caller => ({
      requestId,
      ip,
      userAgent,
      connection: session.connection,
      identity: async () => session.identity,
      checkSignature: operation => signatures.check(operation, session.identity),
    })
    const operations = createOperations({ ...deps, maxOperations: config.WS_MAX_SUBSCRIPTIONS }, frames, callerOf)
    const limit = createMessageLimit(config.WS_RATE_LIMIT_MAX_MESSAGES, config.WS_RATE_LIMIT_WINDOW_MS)
    const log = logger.child({ connectionId: session.connection.id })
    const prepared = new WeakMap<object, Prepared>()
    /** Of the message that is being received: what it starts is called before the next one. */
    let messageBytes = 0
    const run = (args: object) => prepared.get(args)?.run()

    const protocol = makeServer({
      connectionInitWaitTimeout: config.WS_AUTH_TIMEOUT_MS,
      execute: args => run(args) as never,
      subscribe: args => run(args) as never,
      async onConnect(connecting) {
        try {
          const opening = credentialsOf(request.headers, ip, deps.origins.isOwnPage(request))
          const credentials = connectionCredentials(connecting.connectionParams, opening)
          // The library would keep it, token and all, as long as the socket is open.
          Object.assign(connecting, { connectionParams: undefined })
          await session.signIn(await deps.identify(credentials))
          letIn()
          log.debug({ userId: session.identity.viewer?.userId, admin: session.identity.admin?.by }, 'socket signed in')
          return socket.readyState === socket.OPEN && { signingKey: signatures.signingKey }
        } catch (error) {
          // Said by a close code and not by an error: clients come back after these, and never after 4500.
          const { closeCode, reason } = refusalOf(error)
          if (reason === 'INTERNAL_SERVER_ERROR') errors.toClient(error, session.connection.id)
          log.debug({ reason }, 'socket refused')
          close(closeCode, reason)
          return false
        }
      },
      async onSubscribe(_, id, payload) {
        if (id.length > maxIdLength) {
          close(closeCodes.badRequest, 'The id of an operation has at most 256 characters')
          return [new GraphQLError('The id is too long.')]
        }
        const ready = await operations.prepare(id, payload, messageBytes)
        if (Array.isArray(ready)) return ready
        prepared.set(ready.args, ready)
        return ready.args
      },
      onNext: (_, id, __, ___, result) =>
        (result.errors ? { ...result, errors: errors.toClient([...result.errors], operations.requestIdOf(id)) } : undefined) as never,
      onError: (_, id, __, failed) => failed.flatMap(error => errors.toClient(error, operations.requestIdOf(id))).map(error => error.toJSON()),
      onComplete: (_, id) => operations.finish(id),
    })

    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: frames.deliver,
        close: (closeCode = closeCodes.badRequest, reason = '') => close(closeCode, reason),
        onMessage: receive => socket.on('message', data => void onMessage(String(data), receive)),
        onPing: payload => frames.send(pongOf(payload)),
      },
      {},
    )

    async function onMessage(text: string, receive: (text: string) => Promise<void>): Promise<void> {
      if (socket.readyState !== socket.OPEN) return
      throttle()
      const verdict = limit(text)
      if (verdict === 'dropped') return
      if (verdict !== 'taken') return refuse(verdict.refusedId, verdict.error)
      messageBytes = text.length
      try {
        await receive(withText(text))
      } catch (error) {
        if (isForServersAlone(error)) return close(closeCodes.badRequest, 'Clients send no such message')
        errors.toClient(error, session.connection.id)
        close(closeCodes.tryAgainLater, 'INTERNAL_SERVER_ERROR')
      }
    }

    /** Ends an operation that was not started; the socket stays. */
    function refuse(id: string, error: AppError): void {
      metrics.refusedMessages.inc()
      frames.send(JSON.stringify({ id, type: MessageType.Error, payload: errors.toClient(error, session.connection.id) }))
    }

    /** Whoever asks without reading the answers is not listened to until they have. */
    function throttle(): void {
      if (carrier.writableLength <= config.WS_MAX_BUFFERED_BYTES || socket.isPaused) return
      socket.pause()
      carrier.once('drain', () => socket.resume())
    }

    const stopHeartbeat = startHeartbeat(socket, carrier, config.WS_HEARTBEAT_INTERVAL_MS)
    socket.on('ping', data => {
      throttle()
      socket.pong(data)
    })
    socket.on('error', error => log.debug({ err: error }, 'socket failed'))
    socket.once('close', (closeCode, reason) => {
      stopHeartbeat()
      leave()
      session.ended()
      signatures.end()
      open.delete(socket)
      log.debug({ closeCode }, 'socket closed')
      Promise.resolve(closed(closeCode, String(reason)))
        .catch(error => log.error({ err: error }, 'could not end the operations of a socket'))
        .finally(() => {
          operations.finishAll()
          if (open.size > 0) return
          for (const resolve of whenGone) resolve()
          whenGone = []
        })
    })
  }

  return Object.freeze({
    accept(request, carrier, head, ip, leave) {
      server.handleUpgrade(request, carrier, head, socket => {
        open.add(socket)
        handle(socket, carrier, request, ip, leave)
      })
    },
    closeAll(closeCode, reason) {
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
