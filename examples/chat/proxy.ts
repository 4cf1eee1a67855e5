import { type IncomingMessage, request as plainRequest, type ServerResponse } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { Duplex } from 'node:stream'

/**
 * Passes HTTP and WebSockets of its own pages on to one address. For who is asked there it is no browser: whether the page is one of
 * ours is seen here, where both names are known.
 */
export function createProxy(target: URL) {
  const send = target.protocol === 'https:' ? secureRequest : plainRequest
  const upgraded = new Set<Duplex>()

  const isOurs = ({ headers: { origin, host } }: IncomingMessage) => origin === undefined || URL.parse(origin)?.host === host?.toLowerCase()

  const forward = ({ method, headers: { origin, ...headers }, url }: IncomingMessage) =>
    send(target, {
      method,
      headers: { ...headers, host: target.host },
      path: target.pathname + (URL.parse(url ?? '/', target)?.search ?? ''),
      agent: false,
    })

  return {
    pass(request: IncomingMessage, response: ServerResponse): void {
      if (!isOurs(request)) return void response.writeHead(403).end()
      const onward = forward(request)
      onward.on('response', answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      })
      onward.on('error', () => {
        if (response.headersSent) response.destroy()
        else response.writeHead(502).end()
      })
      response.on('close', () => onward.destroy())
      request.pipe(onward)
    },

    upgrade(request: IncomingMessage, client: Duplex, head: Buffer): void {
      if (!isOurs(request)) return void client.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
      const onward = forward(request)
      const linked = [client]
      const end = () => {
        for (const socket of linked) socket.destroy()
        onward.destroy()
      }
      const link = (socket: Duplex) => {
        upgraded.add(socket)
        socket.on('error', end)
        socket.on('close', () => {
          upgraded.delete(socket)
          end()
        })
      }
      link(client)
      onward.on('upgrade', (answer, server, firstBytes) => {
        linked.push(server)
        link(server)
        client.write(headOf(answer))
        client.write(firstBytes)
        server.write(head)
        server.pipe(client).pipe(server)
      })
      // Refused, with an ordinary answer.
      onward.on('response', answer => {
        client.write(headOf(answer))
        answer.pipe(client)
      })
      onward.on('error', end)
      onward.end()
    },

    close(): void {
      for (const socket of upgraded) socket.destroy()
    },
  }
}

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []))
  return [`HTTP/1.1 ${statusCode} ${statusMessage}`, ...lines, '', ''].join('\r\n')
}
