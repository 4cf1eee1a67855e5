import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Answer, type Client, type Person, sharedServers, signUp } from '../harness/client.ts'
import { type Mode, modes } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'
import { createFolder, createNoteIn, deleteFolder, moveNote, reorderFolders, updateFolder } from './folders-operations.ts'
import { type FolderState, foldersOf } from './folders-world.ts'

/** One thing a client does. `a` and `b` pick from what there is when its turn comes, and another client may be faster. */
interface Step {
  readonly do: 'make' | 'move' | 'remove' | 'reorder' | 'note' | 'move note'
  readonly a: number
  readonly b: number
}
const step = (name: Step['do']): fc.Arbitrary<Step> => fc.record({ do: fc.constant(name), a: fc.nat(999), b: fc.nat(999) })
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: step('make') },
    { weight: 6, arbitrary: step('move') },
    { weight: 3, arbitrary: step('remove') },
    { weight: 3, arbitrary: step('reorder') },
    { weight: 2, arbitrary: step('note') },
    { weight: 2, arbitrary: step('move note') },
  ),
  { minLength: 30, maxLength: 60 },
)
/** How many events a reader takes before it stops, to go on elsewhere. */
const stops = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 })
const clients = 4

describe.each(modes)('whatever clients do at once on %s', mode => {
  const servers = sharedServers(mode)

  test('folders are a tree, every note is in one of them, and the feed leads to what the list shows', { timeout: 180_000 }, async () => {
    // The last of a run that failed is what to look at; shrinking would take minutes.
    await fc.assert(fc.asyncProperty(steps, stops, run), { numRuns: runs[mode], endOnFailure: true })
  })

  async function run(taken: readonly Step[], pauses: readonly number[]): Promise<void> {
    const ann = await signUp(servers.one.url, 'ann')
    const folders = foldersOf(ann)
    // All goes on in here, so that no note ever has a reason to be in no folder.
    const home = await folders.make({ name: 'home' })
    const world: World = { home: home.id, alive: new Set([home.id]), notes: new Set() }
    const isOver = { at: null as string | null }
    const reading = read(ann, pauses, isOver)
    await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        const by = ann.at((client % 2 ? servers.one : servers.other).url)
        for (const [index, next] of taken.entries()) if (index % clients === client) await take(by, world, next)
      }),
    )
    isOver.at = (await folders.make({ name: 'the last' })).id
    world.alive.add(isOver.at)

    const listed = await folders.list()
    const made = listed.filter(folder => !folder.isDefault)
    expect(made.map(folder => folder.id).toSorted()).toEqual([...world.alive].toSorted())
    expectTree(listed)
    for (const noteId of world.notes) expect(world.alive).toContain((await folders.readNote(noteId))?.folder?.id)
    expect((await folders.read(home.id))?.noteCount).toBe(world.notes.size)
    expect(inOrder(await reading)).toEqual(inOrder(listed))
  }

  /** Follows the notebook, stops, goes on at the other node from where it stopped, until it hears of the last change. */
  async function read(ann: Person, pauses: readonly number[], isOver: { readonly at: string | null }): Promise<FolderState[]> {
    const held = new Map<string, FolderState>()
    let cursor: string | null = null
    for (let turn = 0; ; turn++) {
      await using feed = await foldersOf(ann).follow((turn % 2 ? servers.one : servers.other).wsUrl, cursor)
      if (turn === 0) for (const folder of await foldersOf(ann).list()) held.set(folder.id, folder)
      const pause = 1 + (pauses[turn] ?? Number.POSITIVE_INFINITY)
      const hasLast = () => feed.items.some(item => item.__typename === 'FolderChange' && item.folderId === isOver.at)
      // A feed that the server ends is one more stop, as it is for any client.
      await until(`event ${pause} of turn ${turn}, or the last`, () => feed.items.length >= pause || hasLast() || feed.end, 60_000)
      for (const item of feed.items.slice(0, pause)) {
        cursor = item.cursor
        if (item.__typename !== 'FolderChange') continue
        if (item.folder === null) held.delete(item.folderId)
        else held.set(item.folderId, withoutCount(item.folder))
        if (item.folderId === isOver.at) return [...held.values()]
      }
    }
  }
})

/** Each takes about a second, and longer where the database is one connection. */
const runs: Readonly<Record<Mode, number>> = { embedded: 5, postgres: 5, 'postgres+redis': 10 }

interface World {
  readonly home: string
  /** Those that were made and not deleted, as far as clients were told; home comes first. */
  readonly alive: Set<string>
  readonly notes: Set<string>
}

async function take(by: Client, { home, alive, notes }: World, { do: what, a, b }: Step): Promise<void> {
  const pick = (from: Iterable<string>, place: number) => {
    const all = [...from]
    return all[place % all.length]
  }
  const parentId = pick(alive, a) ?? home
  const id = pick([...alive].slice(1), b)
  const noteId = pick(notes, b)
  /** Others may have been there first; nothing else may go wrong. */
  const attempt = async <Result>(work: Promise<Answer<Result>>, onDone: (data: Result) => unknown = () => {}) => {
    const { data, errors } = await work
    if (data) onDone(data)
    else expect(['BAD_USER_INPUT', 'NOT_FOUND']).toContain(errors[0]?.extensions.code)
  }
  if (what === 'make')
    await attempt(by.ask(createFolder, { input: { name: `f${b}`, parentId } }), ({ createFolder: { folder } }) => alive.add(folder.id))
  if (what === 'note') await attempt(by.ask(createNoteIn, { input: { folderId: parentId } }), ({ createNote: { note } }) => notes.add(note.id))
  if (what === 'move' && id) await attempt(by.ask(updateFolder, { input: { id, parentId } }))
  if (what === 'remove' && id) await attempt(by.ask(deleteFolder, { input: { id } }), () => alive.delete(id))
  if (what === 'move note' && noteId) await attempt(by.ask(moveNote, { input: { id: noteId, folderId: parentId } }))
  if (what === 'reorder') {
    const children = (await foldersOf(by).read(parentId))?.children.map(child => child.id) ?? []
    const from = b % (children.length || 1)
    await attempt(by.ask(reorderFolders, { input: { parentId, folderIds: [...children.slice(from), ...children.slice(0, from)] } }))
  }
}

function withoutCount<Folder extends { readonly noteCount: number }>({ noteCount: _, ...folder }: Folder): Omit<Folder, 'noteCount'> {
  return folder
}

const inOrder = (folders: readonly FolderState[]) => folders.toSorted((one, other) => (one.id < other.id ? -1 : 1))

/** Each behind its parent, siblings apart and in order, none too deep. */
function expectTree(listed: readonly FolderState[]): void {
  const depths = new Map<string, number>()
  const last = new Map<string | undefined, number>()
  for (const { id, parent, position } of listed) {
    expect(depths.has(id)).toBe(false)
    const above = parent ? depths.get(parent.id) : 0
    expect(above).toBeDefined()
    expect((above ?? 0) + 1).toBeLessThanOrEqual(64)
    depths.set(id, (above ?? 0) + 1)
    expect(position).toBeGreaterThan(last.get(parent?.id) ?? -1)
    last.set(parent?.id, position)
  }
}
