import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { NoteStateFragment } from '../generated/graphql.ts'
import { type Person, sharedServers, signUp } from '../harness/client.ts'
import type { Reader } from '../harness/follow.ts'
import { modes } from '../harness/modes.ts'
import { setAccess } from '../harness/operations.ts'
import { until } from '../harness/wait.ts'
import { deleteNote, emptyTrash, restoreNote, trashNote, updateNote } from './operations.ts'
import { create, encryptedText, followNote, followNotebook, read, remove, update } from './world.ts'

interface Item {
  readonly __typename: string
  readonly cursor: string
  readonly operation?: 'CREATED' | 'UPDATED' | 'DELETED'
  readonly noteId?: string
  readonly changedFields?: readonly string[]
  readonly note?: NoteStateFragment | null
}

/** Holds what a feed told it, and nothing else; it stops and goes on as it likes. */
function createReplica(open: (after: string) => Promise<Reader<Item>>, start: string) {
  const notes = new Map<string, NoteStateFragment | null>()
  let cursor = start
  let reader: Reader<Item> | null = null
  /** Items of this reader that were taken. */
  let taken = 0

  function take({ cursor: at, operation, noteId, note }: Item): void {
    cursor = at
    if (noteId === undefined) return
    expect(notes.get(noteId), 'nothing comes of what is gone').not.toBeNull()
    if (operation === 'DELETED') notes.set(noteId, null)
    else if (note) notes.set(noteId, note)
  }

  async function go(): Promise<Reader<Item>> {
    reader ??= await open(cursor)
    return reader
  }

  return {
    async toggle(): Promise<void> {
      if (!reader) return void (await go())
      for (const item of reader.items.slice(taken)) take(item)
      await reader[Symbol.asyncDispose]()
      reader = null
      taken = 0
    },
    /** What it holds when it has come so far; it reads on. */
    async readTo(isLast: (item: Item) => boolean): Promise<ReadonlyMap<string, NoteStateFragment | null>> {
      const { items } = await go()
      const end = await until('the last change', () => items.findIndex(isLast) + 1)
      for (const item of items.slice(taken, end)) take(item)
      taken = end
      return notes
    },
    [Symbol.asyncDispose]: async () => reader?.[Symbol.asyncDispose](),
  }
}

const mutations = ['create', 'title', 'encrypt', 'star', 'trash', 'restore', 'delete', 'empty'] as const
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ what: fc.constantFrom(...mutations), by: fc.constantFrom('owner', 'member'), target: fc.nat(5), word: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.constantFrom('toggle owner' as const, 'toggle member' as const) },
)

describe.each(modes)('who follows a notebook on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let bob: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    bob = await signUp(servers.one.url, 'bob')
  })

  const stateOf = async (id: string): Promise<NoteStateFragment | null> => {
    const note = await read(ann, id)
    if (!note) return null
    const { cursor: _, ...state } = note
    return state
  }

  test('holds what the queries show, wherever it stopped and went on while owner and member changed things', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 10 }), async batches => {
        const ids: string[] = []
        const add = async () => {
          const note = await create(ann, { title: 'new' })
          await ann.run(setAccess, { input: { resourceId: note.id, userId: bob.id, access: 'ADMIN' } })
          ids.push(note.id)
          return note
        }
        await ann.run(emptyTrash, {})
        const shared = await add()
        await using owner = createReplica(after => followNotebook(servers.other, ann, after), shared.cursor)
        await using member = createReplica(after => followNote(servers.one, bob, shared.id, after), shared.cursor)
        // The shared note stays to the end, for the sake of the member, who can't come back to what is gone.
        const run = async (what: (typeof mutations)[number], by: Person, id: string, word: number): Promise<void> => {
          const input = { id }
          if (what === 'create') await add()
          if (what === 'title') await by.ask(updateNote, { input: { id, title: `${word}` } })
          if (what === 'encrypt') await by.ask(updateNote, { input: { id, ...encryptedText(`${word}`) } })
          if (what === 'star') await by.ask(updateNote, { input: { id, starred: word > 1 } })
          if (what === 'trash' && id !== shared.id) await by.ask(trashNote, { input })
          if (what === 'restore') await by.ask(restoreNote, { input })
          if (what === 'delete' && id !== shared.id) await by.ask(deleteNote, { input })
          if (what === 'empty') await by.ask(emptyTrash, {})
        }
        for (const batch of batches) {
          await Promise.all(
            batch.map(async one => {
              if (typeof one === 'string') return
              await run(one.what, one.by === 'owner' ? ann : bob, ids[one.target % ids.length] ?? shared.id, one.word)
            }),
          )
          if (batch.includes('toggle owner')) await owner.toggle()
          if (batch.includes('toggle member')) await member.toggle()
        }
        await update(ann, { id: shared.id, tags: ['the last change'] })
        const isLast = ({ changedFields }: Item) => changedFields?.includes('tags') ?? false
        const state = new Map<string, NoteStateFragment | null>()
        for (const id of ids) state.set(id, await stateOf(id))
        expect(await owner.readTo(isLast)).toEqual(state)
        expect(await member.readTo(isLast)).toEqual(new Map([[shared.id, state.get(shared.id)]]))
        await remove(ann, shared.id)
        const isGone = ({ noteId, operation }: Item) => noteId === shared.id && operation === 'DELETED'
        expect((await owner.readTo(isGone)).get(shared.id)).toBeNull()
        expect((await member.readTo(isGone)).get(shared.id)).toBeNull()
      }),
      { numRuns: 8 },
    )
  }, 150_000)
})
