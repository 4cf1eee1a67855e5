import { setTimeout as delay } from 'node:timers/promises'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { type Answer, codeOf, type Person, signUp } from '../harness/client.ts'
import { environmentOf } from '../harness/modes.ts'
import { freePort } from '../harness/places.ts'
import { startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { createNote, deleteNote, restoreNote, trashNote, updateNote } from './operations.ts'
import { inDatabase } from './tables.ts'
import { create, followNotebook, read } from './world.ts'

/** Sends a call again, with its key, until the server has answered it. */
async function sent<Result, Variables>(by: Person, document: TypedDocumentNode<Result, Variables>, variables: Variables): Promise<Answer<Result>> {
  for (;;) {
    const answer = await by.ask(document, variables).catch(() => null)
    if (answer && !['INTERNAL_SERVER_ERROR', 'SHUTTING_DOWN'].includes(answer.errors[0]?.extensions.code ?? '')) return answer
    await delay(30)
  }
}

test.each(['embedded', 'postgres'] as const)(
  'kill -9 of the server while notes are made, changed, trashed and deleted: every call takes effect once, as a whole, %s',
  async mode => {
    await using environment = await environmentOf(mode)
    const env = { ...environment.env, PORT: String(await freePort()) }
    let server = await startServer(env)
    try {
      const ann = await signUp(server.url, 'ann')
      const { cursor } = await create(ann)
      const expected = new Map<string, { title: string; trashed: boolean; version: number } | null>()
      let answered = 0
      let isStopping = false
      const key = () => ({ idempotencyKey: v7() })

      const worker = async (name: string) => {
        for (let round = 0; !isStopping; round++) {
          const id = `note_${v7()}`
          const call = async <Result, Input>(document: TypedDocumentNode<Result, { input: Input }>, input: Input) => {
            expect((await sent(ann, document, { input })).errors).toEqual([])
            answered += 1
          }
          await call(createNote, { id, title: name, ...key() })
          await call(updateNote, { id, title: `${name} ${round}`, expectedVersion: 1, ...key() })
          if (round % 3 > 0) await call(trashNote, { id, ...key() })
          if (round % 3 > 1) await call(restoreNote, { id, ...key() })
          if (round % 2 > 0) await call(deleteNote, { id, ...key() })
          expected.set(id, round % 2 > 0 ? null : { title: `${name} ${round}`, trashed: round % 3 === 1, version: 2 + (round % 3) })
        }
      }
      const working = Promise.all(['a', 'b', 'c', 'd'].map(worker))
      working.catch(() => undefined)
      for (let kill = 0; kill < 3; kill++) {
        const enough = answered + 25
        await until('more answers', () => answered >= enough, 60_000)
        await server.kill()
        server = await startServer(env)
      }
      isStopping = true
      await working

      const notes = await Promise.all([...expected].map(async ([id, note]) => [note, await read(ann, id), id] as const))
      for (const [note, found] of notes)
        expect(found && { title: found.title, trashed: found.trashedAt !== null, version: found.version }).toEqual(note)
      // The log is the same story, each step once.
      await using feed = await followNotebook(server, ann, cursor)
      const last = await create(ann)
      await until('the last change', () => feed.items.some(item => 'noteId' in item && item.noteId === last.id), 60_000)
      for (const [note, found, id] of notes) {
        const operations = feed.items.flatMap(item => (item.__typename === 'NoteChange' && item.noteId === id ? [item.operation] : []))
        expect(operations[0]).toBe('CREATED')
        expect(operations.slice(1, note ? undefined : -1)).toEqual(new Array(operations.length - (note ? 1 : 2)).fill('UPDATED'))
        if (found) expect(found.version).toBe(operations.length)
        else expect(operations.at(-1)).toBe('DELETED')
      }
      const gone = notes.flatMap(([note, , id]) => (note ? [] : [id]))
      for (const id of gone.slice(0, 3)) expect(await codeOf(ann.ask(createNote, { input: { id } }))).toBe('ALREADY_EXISTS')

      await server.stop()
      const { rows } = await inDatabase(environment, query =>
        query(`select 'memberships' as place, resource_id from memberships where resource_id like 'note%' and resource_id not in (select id from notes)
          union all select 'revisions', note_id from note_revisions where note_id not in (select id from notes)
          union all select 'without owner', id from notes where id not in (select resource_id from memberships where owner)
          union all select 'both here and gone', id from notes where id in (select id from deleted_notes)`),
      )
      expect(rows).toEqual([])
    } finally {
      await server.kill()
    }
  },
  400_000,
)
