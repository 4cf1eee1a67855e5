import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { environmentOf, type Mode, modes, type Services } from './modes.ts'
import { type Server, startServer } from './server.ts'

/** What tests see of a server that is not theirs alone: they speak to it, and neither stop it nor read its log. */
export interface LentServer extends Pick<Server, 'pid' | 'url' | 'wsUrl'> {
  /** Who sends it as `X-Admin-Api-Key` is an administrator. */
  readonly adminKey: string
}

/** Where running servers are to be had. */
export interface Lender extends AsyncDisposable {
  readonly url: string
}

const adminKey = 'the key of the administrators of all tests'

/**
 * Keeps servers running from one test file to the next: a start takes seconds of a processor, and a server that has run for a
 * while is quicker. Nobody shares one at the same time. Who asks has it for as long as the answer to that lasts, so that it
 * comes back however a test file ends; what does not run any more then is not lent again.
 */
export async function startLender(services: Services): Promise<Lender> {
  const free = new Map<string, Lot[]>(modes.map(mode => [mode, []]))
  const all = new Set<Lot>()
  async function lend(mode: Mode, response: ServerResponse): Promise<void> {
    const lots = free.get(mode)
    if (!lots) throw new Error(`There is no mode ${mode}.`)
    const lot = lots.pop() ?? (await startLot(mode, services))
    all.add(lot)
    const { servers } = lot
    // What does not get ready is not lent again either.
    await Promise.all(servers.map(server => server.waitForReady()))
    const giveBack = () => void (servers.every(server => server.running) && lots.push(lot))
    if (response.destroyed) return giveBack()
    response.once('close', giveBack)
    response.write(JSON.stringify(servers.map(({ pid, url, wsUrl }): LentServer => ({ pid, url, wsUrl, adminKey }))))
  }
  const counter = createServer((request, response) => {
    lend(request.url?.slice(1) as Mode, response).catch(error => response.writeHead(500).end(String(error)))
  })
  await once(counter.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(counter.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      counter.close()
      counter.closeAllConnections()
      await Promise.all([...all].map(lot => lot[Symbol.asyncDispose]()))
    },
  }
}

interface Lot extends AsyncDisposable {
  readonly servers: readonly Server[]
}

/** Two nodes where there can be. */
async function startLot(mode: Mode, services: Services): Promise<Lot> {
  await using stack = new AsyncDisposableStack()
  const { env } = stack.use(await environmentOf(mode, services))
  const servers: Server[] = []
  for (let nodes = mode === 'postgres+redis' ? 2 : 1; nodes > 0; nodes--)
    servers.push(stack.use(await startServer({ ...env, ADMIN_API_KEY: adminKey })))
  const kept = stack.move()
  return { servers, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

/** Servers that are nobody else's until `giveBack`. */
export async function borrow(lender: string, mode: Mode): Promise<{ readonly servers: readonly LentServer[]; giveBack(): void }> {
  const request = get(`${lender}/${mode}`, { agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const [answer] = (await once(response.setEncoding('utf8'), 'data')) as [string]
  if (response.statusCode !== 200) throw new Error(answer)
  response.on('error', () => {})
  return { servers: JSON.parse(answer) as LentServer[], giveBack: () => void request.destroy() }
}
