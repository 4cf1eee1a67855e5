import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { debianProgram } from './debian.ts'
import { keep } from './keeper.ts'
import { freePort, temporaryFolder } from './places.ts'
import { type Service, serviceOf } from './postgres.ts'

const startWaitMs = 10_000

/** A Redis of its own on a free port, without anything kept on disk. */
export async function startRedis(): Promise<Service> {
  const { path, env } = await debianProgram('redis-server', ['redis-server', 'redis-tools'])
  const folder = temporaryFolder()
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}/0`
  const parameters = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--databases', '4096', '--dir', folder]
  return serviceOf({ url, port, folder }, async () => {
    const kept = await keep(path, parameters, { folder, signal: 'TERM', env })
    for (const deadline = Date.now() + startWaitMs; kept.running && Date.now() < deadline; await delay(30)) if (await answers(url)) return kept
    await kept.stop({ remove: false })
    throw new Error(`Redis did not start:\n${readFileSync(join(folder, 'log'), 'utf8').slice(-2000)}`)
  })
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, connectTimeout: 1_000 })
  redis.on('error', () => {})
  try {
    await redis.connect()
    return (await redis.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}
