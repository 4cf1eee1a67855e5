import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import type { Environment } from './modes.ts'
import type { Server } from './server.ts'

/** Hears what goes over the bus from now on. Null: there is no Redis. */
export async function hearBus({ env }: Environment): Promise<{ text(): string; stop(): void } | null> {
  if (env['REDIS_URL'] === undefined) return null
  const ear = new Redis(env['REDIS_URL'])
  const heard: string[] = []
  ear.on('pmessage', (_, channel: string, message: string) => heard.push(channel, message))
  await ear.psubscribe('*')
  return { text: () => heard.join('\n'), stop: () => ear.disconnect() }
}

export const logText = (servers: readonly Server[]): string => servers.flatMap(({ logs }) => logs.map(line => JSON.stringify(line))).join('\n')

/** Every row of every table; of the embedded database, which has to be stopped, the bytes of its files. */
export async function databaseText({ env }: Environment): Promise<string> {
  if (env['DATABASE_URL'] === undefined) return filesText(env['DATA_DIR'] ?? '')
  const client = new Client({ connectionString: env['DATABASE_URL'] })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(`select quote_ident(schemaname) || '.' || quote_ident(tablename) as name
    from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`)
  const texts = []
  for (const { name } of rows) texts.push(...(await client.query<{ row: string }>(`select t::text as row from ${name} t`)).rows.map(({ row }) => row))
  await client.end()
  return texts.join('\n')
}

function filesText(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)).toString('latin1')).join('\n')
}

/** Every key of Redis with what it holds. */
export async function redisText({ env }: Environment): Promise<string> {
  const redis = new Redis(env['REDIS_URL'] ?? '')
  const texts = []
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key)
    const value = type === 'hash' ? await redis.hgetall(key) : type === 'zset' ? await redis.zrange(key, 0, -1, 'WITHSCORES') : await redis.get(key)
    texts.push(key, JSON.stringify(value))
  }
  redis.disconnect()
  return texts.join('\n')
}
