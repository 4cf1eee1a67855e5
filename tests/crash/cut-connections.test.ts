import { setTimeout as delay } from 'node:timers/promises'
import { Client as Database } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, type Person, signUp } from '../harness/client.ts'
import { type Environment, environmentOf } from '../harness/modes.ts'
import { type Server, startServer } from '../harness/server.ts'
import { folderWith, noteWith } from '../notes/listing-world.ts'

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('connections to PostgreSQL that are cut all the time, in the middle of batches, imports and attachments', () => {
  let environment: Environment
  let server: Server
  let database: Database
  let ann: Person
  beforeAll(async () => {
    environment = await environmentOf('postgres')
    server = await startServer(environment.env)
    database = new Database({ connectionString: environment.env['DATABASE_URL'] ?? '' })
    await database.connect()
    ann = await signUp(server.url, 'ann')
  })
  afterAll(async () => {
    await database?.end()
    await server?.kill()
    await environment?.[Symbol.asyncDispose]()
  })

  /** True when it was acknowledged; what was not may have been done all the same. */
  async function isDone(mutation: string, selection: string, input: object): Promise<boolean> {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) ${selection} }`
    const { errors } = await clientOf(server.url, ann.accessToken).post(JSON.stringify({ query, variables: { input } }))
    return errors.length === 0
  }
  const count = async (sql: string, ...values: unknown[]) =>
    Number((await database.query<{ count: string }>(`select count(*) from (${sql}) found`, values)).rows[0]?.count)

  test('lose nothing that was acknowledged, and leave nothing half done', async () => {
    const noteId = noteWith().id
    expect(await isDone('createNote', '{ note { id } }', { id: noteId })).toBe(true)
    const acknowledged: { batches: number[]; imports: { folder: string; notes: string[] }[]; attachments: string[] } = {
      batches: [],
      imports: [],
      attachments: [],
    }
    let isOver = false
    let cuts = 0
    const cutter = async () => {
      while (!isOver) {
        await delay(20 + Math.random() * 200)
        const { rowCount } = await database.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
        cuts += rowCount ?? 0
      }
    }
    /** A slow machine gets less done between two cuts, and so goes on for longer. */
    const isEnough = (done: readonly unknown[]) => done.length >= 3 && cuts > 20
    const batches = async (worker: number) => {
      for (let round = 0; round < 12 || !isEnough(acknowledged.batches); round++) {
        const batch = worker * 10_000 + round
        const items = range(60).map(index => ({ collection: `batch ${batch}`, key: String(index), value: 'x'.repeat(2_000) }))
        if (await isDone('putRecords', '{ results { applied } }', { items, idempotencyKey: `batch number ${batch}` }))
          acknowledged.batches.push(batch)
      }
    }
    const imports = async () => {
      for (let round = 0; round < 12 || !isEnough(acknowledged.imports); round++) {
        const folder = folderWith()
        const notes = range(30).map(() => noteWith({ folderId: folder.id, content: 'x'.repeat(5_000) }))
        if (await isDone('importNotebook', '{ importedNoteIds }', { folders: [folder], notes }))
          acknowledged.imports.push({ folder: folder.id, notes: notes.map(({ id }) => id) })
      }
    }
    const attachments = async () => {
      for (let round = 0; round < 12 || !isEnough(acknowledged.attachments); round++) {
        const id = noteWith().id.replace('note_', 'att_')
        const bytes = { mimeType: 'image/png', encryptedData: 'A'.repeat(400_000), iv: 'i', salt: 's' }
        if (await isDone('addAttachment', '{ attachment { id } }', { id, noteId, ...bytes })) acknowledged.attachments.push(id)
      }
    }
    const cutting = cutter()
    await Promise.all([batches(1), batches(2), imports(), attachments(), attachments()])
    isOver = true
    await cutting
    expect(cuts).toBeGreaterThan(20)
    for (const done of Object.values(acknowledged)) expect(done.length).toBeGreaterThan(0)

    // Everything that was acknowledged is there, whole.
    for (const batch of acknowledged.batches)
      expect(await count('select 1 from records r join collections c on c.id = r.collection_id where c.name = $1', `batch ${batch}`)).toBe(60)
    for (const { folder, notes } of acknowledged.imports)
      expect(await count('select 1 from notes where folder_id = $1 and id = any($2)', folder, notes)).toBe(30)
    for (const id of acknowledged.attachments) expect(await count('select 1 from attachments where id = $1', id)).toBe(1)
    // And what was not is there as a whole, or not at all.
    for (const sql of [
      'select 1 from collections c where (select count(*) from records r where r.collection_id = c.id) <> 60',
      'select 1 from folders f where not is_default and (select count(*) from notes n where n.folder_id = f.id) <> 30',
      'select 1 from attachments a where size_bytes <> (select coalesce(sum(octet_length(data)), 0) from attachment_chunks c where c.attachment_id = a.id)',
      'select 1 from attachment_chunks where attachment_id not in (select id from attachments)',
      'select 1 from notebooks b where attachment_bytes <> coalesce((select sum(size_bytes) from attachments a join notes n on n.id = a.note_id where n.owner_id = b.owner_id), 0)',
      'select 1 from streams s where head - floor <> (select count(*) from changes c where c.stream_id = s.id)',
    ])
      expect(await count(sql), sql).toBe(0)
    // The server goes on as if nothing had been.
    expect(await isDone('putRecords', '{ results { applied } }', { items: [{ collection: 'after', key: 'k', value: 1 }] })).toBe(true)
  }, 120_000)
})
