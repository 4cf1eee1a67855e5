import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../../tests/harness/places.ts'
import type { Effort } from '../effort.ts'
import type { Stage } from '../stage.ts'

export interface StartRow {
  readonly name: string
  readonly seconds: number[]
}

const root = join(import.meta.dirname, '../..')
const mostMs = 60_000

/** From `npm start`, without any configuration but where the data is, to the first answer. */
export async function runStart(stage: Stage, effort: Effort['start']): Promise<readonly StartRow[]> {
  await using resources = new AsyncDisposableStack()
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'tidemark-bench-'))
    resources.defer(() => rmSync(path, { recursive: true, force: true }))
    return path
  }
  const kept = folder()
  const withDatabase = { DATA_DIR: kept, DATABASE_URL: await stage.freshDatabase() }
  // The tables are made at the first start.
  await secondsToAnswer(withDatabase)
  const rows = [
    { name: 'embedded, nothing there yet', env: () => ({ DATA_DIR: folder() }), seconds: [] as number[] },
    { name: 'PostgreSQL, tables there', env: () => withDatabase, seconds: [] as number[] },
  ]
  for (let round = 1; round <= effort.rounds; round++)
    for (const { name, env, seconds } of rows) {
      seconds.push(await secondsToAnswer(env()))
      console.log(`start: ${name}: first answer after ${seconds.at(-1)?.toFixed(2)} s`)
    }
  return rows.map(({ name, seconds }) => ({ name, seconds }))
}

async function secondsToAnswer(env: Readonly<Record<string, string>>): Promise<number> {
  const port = await freePort()
  const { PATH = '', HOME = '' } = process.env
  const startedAt = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: { PATH, HOME, HOST: '127.0.0.1', PORT: String(port), ...env },
    stdio: 'ignore',
    // npm, its shell and the server are one group, and go together.
    detached: true,
  })
  const ended = once(child, 'exit')
  try {
    while (!(await answers(port))) {
      if (child.exitCode !== null || performance.now() - startedAt > mostMs) throw new Error('npm start did not come to an answer.')
      await delay(5)
    }
    return (performance.now() - startedAt) / 1000
  } finally {
    end(child)
    await ended
  }
}

function end({ pid }: ChildProcess): void {
  try {
    process.kill(-(pid ?? 0), 'SIGTERM')
  } catch {
    // It has ended.
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body: '{"query":"{ __typename }"}' })
    return response.ok && (await response.text()).includes('"Query"')
  } catch {
    return false
  }
}
