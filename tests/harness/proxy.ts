import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy between a server and whoever connects to it, which can do to them what networks do. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number
  /** The address of the target with the proxy in its place. */
  through(url: string): string
  /** Ends all connections; new ones are accepted. */
  cut(): void
  /** Turns connections away until `accept`. */
  refuse(): void
  accept(): void
  /** Takes everything and passes on nothing, as a link does that broke without a word; `flow` lets later bytes pass again. */
  swallow(): void
  flow(): void
  /** Holds back everything for so long. */
  delay(milliseconds: number): void
}

export async function startProxy(targetPort: number, targetHost = '127.0.0.1'): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let refusing = false
  let swallowing = false
  let delayMs = 0

  const pipe = (from: Socket, to: Socket) => {
    sockets.add(from)
    from.on('data', chunk => {
      if (swallowing) return
      if (delayMs > 0) setTimeout(() => to.writable && to.write(chunk), delayMs)
      else to.write(chunk)
    })
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      // A link that went silent does not tell of its end either.
      if (!swallowing) to.destroy()
    })
  }
  const server = createServer(client => {
    if (refusing) return void client.destroy()
    const target = connect(targetPort, targetHost)
    client.setNoDelay(true)
    target.setNoDelay(true)
    pipe(client, target)
    pipe(target, client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port,
    through(url) {
      const changed = new URL(url)
      changed.hostname = '127.0.0.1'
      changed.port = String(port)
      return changed.href
    },
    cut,
    refuse() {
      refusing = true
      cut()
    },
    accept() {
      refusing = false
    },
    swallow() {
      swallowing = true
    },
    flow() {
      swallowing = false
    },
    delay(milliseconds) {
      delayMs = milliseconds
    },
    async [Symbol.asyncDispose]() {
      swallowing = false
      cut()
      server.close()
    },
  }
}
