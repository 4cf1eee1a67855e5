import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadFiles } from './files.ts'
import { createProxy } from './proxy.ts'

interface ChatPage extends AsyncDisposable {
  readonly url: string
  readonly port: number
}

interface Where {
  /** Tidemark’s address of GraphQL, over HTTP. */
  readonly tidemark: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

/** Serves the page, and passes on `/graphql`: for the browser all of it is one origin, so Tidemark has to allow none. */
export async function startChatPage({ tidemark, host, port }: Where): Promise<ChatPage> {
  const files = loadFiles()
  const proxy = createProxy(new URL(tidemark))

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split('?')[0] ?? '/'
    const file = files.get(path)
    if (path === '/graphql') proxy.pass(request, response)
    else response.writeHead(file ? 200 : 404, file?.headers ?? { 'content-type': 'text/plain' }).end(file?.body ?? 'There is no such page.')
  }

  const server = createServer(answer)
  server.on('upgrade', proxy.upgrade)
  server.listen(port, host)
  await once(server, 'listening')
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host}:${taken}/`,
    port: taken,
    async [Symbol.asyncDispose]() {
      proxy.close()
      server.closeAllConnections()
      server.close()
    },
  }
}
