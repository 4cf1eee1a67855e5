import { Client } from 'pg'
import { expect, test } from 'vitest'
import { putRecords } from '../collections/operations.ts'
import { makeAdmin, type Person, signUp } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import { environmentOf, modes } from '../harness/modes.ts'
import { startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { createExport, exportOf, exportProgress } from './exports-operations.ts'
import { download, rowsOf } from './exports-world.ts'

const batches = 8
const batch = 2_000

/** Enough for several parts, which do not compress well. */
async function fill(person: Person): Promise<Set<string>> {
  const keys = new Set<string>()
  for (let index = 0; index < batches; index++) {
    const items = Array.from({ length: batch }, (_, place) => {
      const key = `${String(place).padStart(4, '0')} ${index}`
      keys.add(key)
      return { collection: 'many', key, value: `${key} ${'x'.repeat(380)}` }
    })
    await person.run(putRecords, { input: { items } })
  }
  return keys
}

// Each waits for a lease that nobody renews, so they all wait together.
test.concurrent.each(modes)(
  'an export whose node is killed goes on where it was, on another node where there is one: each row is in it, once, %s',
  { timeout: 240_000 },
  async mode => {
    await using environment = await environmentOf(mode)
    const env = { ...environment.env, MAX_MESSAGE_BYTES: String(4 * 1024 ** 2) }
    await using first = await startServer(env)
    const admin = await signUp(first.url, 'admin')
    await makeAdmin(first, admin)
    const keys = await fill(admin)

    const { id } = (await admin.run(createExport, { input: { kind: 'RECORDS', format: 'JSON' } })).createExport.export
    await using feed = await followFeed(first.wsUrl, admin.accessToken, exportProgress, { id }, data => data.exportProgress)
    await until('a part, and not the last one', () => feed.items.some(({ rowCount }) => Number(rowCount) > 0), 60_000)
    await first.kill()
    const at = feed.items.at(-1)
    expect(at?.status).toBe('RUNNING')
    expect(Number(at?.rowCount)).toBeLessThan(keys.size)

    await using second = await startServer(env)
    const { downloadUrl, rowCount } = await until(
      'the rest of it',
      async () => {
        const { export: found } = await admin.at(second.url).run(exportOf, { id })
        return found?.status === 'READY' ? found : null
      },
      60_000,
    )
    const rows = rowsOf('JSON', await download(second, downloadUrl))
    expect(rowCount).toBe(keys.size)
    expect(rows.map(row => String(row['key'])).sort()).toEqual([...keys].sort())
  },
)

test.concurrent('two nodes write one export: each row is in it, once, though both take it for their own', { timeout: 240_000 }, async () => {
  await using environment = await environmentOf('postgres+redis')
  const env = { ...environment.env, MAX_MESSAGE_BYTES: String(4 * 1024 ** 2) }
  await using first = await startServer(env)
  await using second = await startServer(env)
  const admin = await signUp(first.url, 'admin')
  await makeAdmin(first, admin)
  const keys = await fill(admin)
  const database = new Client({ connectionString: environment.env['DATABASE_URL'] })
  await database.connect()
  try {
    const formats = ['JSON', 'CSV', 'NDJSON'] as const
    const ids = await Promise.all(
      formats.map(async format => (await admin.run(createExport, { input: { kind: 'RECORDS', format } })).createExport.export.id),
    )
    // Whoever holds one loses it behind each of its first parts, in the middle of the next.
    const taken = new Set<string>()
    await until(
      'all of them',
      async () => {
        const { rows } = await database.query<{ id: string; parts: number; status: string }>('select id, part_count parts, status from exports')
        for (const { id, parts, status } of rows) {
          if (status !== 'RUNNING' || parts < 1 || parts > 2 || taken.has(`${id} ${parts}`)) continue
          taken.add(`${id} ${parts}`)
          await database.query("update exports set leased_until = now() - interval '1 second' where id = $1 and status = 'RUNNING'", [id])
        }
        return rows.every(({ status }) => status === 'READY')
      },
      120_000,
    )
    expect(taken.size).toBeGreaterThan(0)
    for (const [index, format] of formats.entries()) {
      const { export: found } = await admin.at(second.url).run(exportOf, { id: String(ids[index]) })
      expect(found).toMatchObject({ status: 'READY', rowCount: keys.size })
      const rows = rowsOf(format, await download(first, found?.downloadUrl))
      expect(rows.map(row => String(row['key'])).sort()).toEqual([...keys].sort())
    }
  } finally {
    await database.end()
  }
})

test.concurrent('an export that can’t be written says so in plain words, and others go on', async () => {
  await using environment = await environmentOf('postgres')
  await using server = await startServer(environment.env)
  const admin = await signUp(server.url, 'admin')
  await makeAdmin(server, admin)
  const database = new Client({ connectionString: environment.env['DATABASE_URL'] })
  await database.connect()
  try {
    await database.query('alter table vault_logs rename to hidden_logs')
    const { id } = (await admin.run(createExport, { input: { kind: 'VAULTS', format: 'CSV' } })).createExport.export
    const failed = await until(
      'the failure',
      async () => {
        const { export: found } = await admin.run(exportOf, { id })
        return found?.status === 'FAILED' ? found : null
      },
      60_000,
    )
    expect(failed).toMatchObject({ downloadUrl: null, error: expect.stringContaining('could not be written'), expiresAt: expect.any(String) })
    expect(failed.error).not.toMatch(/vault_logs|select|relation/i)
    await database.query('alter table hidden_logs rename to vault_logs')
    const { id: other } = (await admin.run(createExport, { input: { kind: 'VAULTS', format: 'CSV' } })).createExport.export
    await until('another one', async () => (await admin.run(exportOf, { id: other })).export?.status === 'READY', 30_000)
  } finally {
    await database.end()
  }
})
