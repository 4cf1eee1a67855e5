import { Client as Database } from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { clientOf, type Person } from '../harness/client.ts'
import { type Environment, environmentOf } from '../harness/modes.ts'
import { type Server, startServer } from '../harness/server.ts'

export const range = (count: number) => Array.from({ length: count }, (_, index) => index)
export const among = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)] as Item

/** Two nodes for the tests of a `describe`, called at random, and the database below them, which says what is true. */
export function useTwoNodes(env: Readonly<Record<string, string>> = {}) {
  const servers: Server[] = []
  /** How often each mutation ended with which code. */
  const codes = new Map<string, number>()
  let environment: Environment
  let database: Database
  beforeAll(async () => {
    environment = await environmentOf('postgres+redis')
    for (let node = 0; node < 2; node++) servers.push(await startServer({ ...environment.env, ...env }))
    database = new Database({ connectionString: environment.env['DATABASE_URL'] ?? '' })
    await database.connect()
  })
  afterAll(async () => {
    await database?.end()
    for (const server of servers) await server.kill()
    await environment?.[Symbol.asyncDispose]()
  })
  return {
    servers,
    codes,
    get database() {
      return database
    },
    async call(by: Person, mutation: string, selection: string, input: object): Promise<Record<string, unknown> | null> {
      const query = `mutation ($input: ${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!) { ${mutation}(input: $input) ${selection} }`
      const { data, errors } = await clientOf(among(servers).url, by.accessToken).post(JSON.stringify({ query, variables: { input } }))
      const code = errors[0]?.extensions.code ?? 'ok'
      const name = `${mutation} ${code}${code === 'INTERNAL_SERVER_ERROR' ? errors[0]?.message : ''}`
      codes.set(name, (codes.get(name) ?? 0) + 1)
      return (data?.[mutation] as Record<string, unknown>) ?? null
    },
    /** How many rows a query finds. */
    count: async (sql: string) => Number((await database.query<{ count: string }>(`select count(*) from (${sql}) found`)).rows[0]?.count),
  }
}
