// What limits cost: the processor time of the server for one operation with all of them, as a share of that without any.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { register } from '../examples/replay/api.ts'
import { startRedis } from '../tests/harness/redis.ts'
import { type Server, startServer } from '../tests/harness/server.ts'
import { cpuSeconds, startDurablePostgres } from './places.ts'
import { median } from './report/numbers.ts'

const [rounds = 6, operations = 4_000] = process.argv.slice(2).map(Number)
const atOnce = 32
const query = '{ viewer { id } }'
/** Never reached, so that every operation is counted by all that counts it, and none is refused. */
const max = '10000000'
const limits = Object.fromEntries(
  ['IP_RATE_LIMIT_PER_MIN', 'READ_RATE_LIMIT_PER_MIN', 'RATE_LIMIT_PER_MIN', 'WS_RATE_LIMIT_MAX_MESSAGES'].map(name => [name, max]),
)

await using resources = new AsyncDisposableStack()
const postgres = resources.use(await startDurablePostgres())
const redis = resources.use(await startRedis())

async function start(env: Readonly<Record<string, string>>): Promise<{ server: Server; token: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-'))
  resources.defer(() => rmSync(folder, { recursive: true, force: true }))
  const server = await startServer({ DATA_DIR: folder, DATABASE_URL: postgres.url, JWT_SECRET: 'for measurements only, and nothing else', ...env })
  resources.defer(async () => void (await server.stop()))
  const { token } = await register(server.url, `reader${Math.random()}`)
  return { server, token }
}

async function overHttp({ server, token }: { server: Server; token: string }): Promise<void> {
  let left = operations
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const body = JSON.stringify({ query })
  const work = async () => {
    while (left-- > 0) {
      const answer = await fetch(server.url, { method: 'POST', headers, body })
      if (!answer.ok) throw new Error(await answer.text())
      await answer.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

async function overSocket({ server, token }: { server: Server; token: string }): Promise<void> {
  const client = createClient({ url: server.wsUrl, webSocketImpl: WebSocket, connectionParams: { token }, lazyCloseTimeout: 5_000 })
  let left = operations
  const work = async () => {
    while (left-- > 0) for await (const { errors } of client.iterate({ query })) if (errors) throw new Error(JSON.stringify(errors))
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  await client.dispose()
}

for (const [mode, env] of Object.entries({ 'in memory': {}, 'with Redis': { REDIS_URL: redis.url } })) {
  const without = await start(env)
  const within = await start({ ...env, ...limits })
  for (const [carrier, load] of Object.entries({ HTTP: overHttp, 'a socket': overSocket })) {
    const used = async (place: typeof within) => {
      const before = await cpuSeconds(place.server.port)
      await load(place)
      return (await cpuSeconds(place.server.port)) - before
    }
    await used(without)
    await used(within)
    const shares: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      // Each goes first as often as the other.
      const [first, second] = round % 2 === 0 ? [within, without] : [without, within]
      const [one, two] = [await used(first), await used(second)]
      shares.push(round % 2 === 0 ? one / two : two / one)
    }
    console.log(
      `limits ${mode}, over ${carrier}: ${median(shares).toFixed(3)} of the processor time without (${shares.map(share => share.toFixed(2)).join(' ')})`,
    )
  }
}
