import DataLoader, { type BatchLoadFn } from 'dataloader'
import type { AccessLevel } from '../access/level.ts'
import type { Viewer } from '../access/viewer.ts'
import type { User } from '../accounts/users/user.ts'
import type { VectorClock } from '../merge/vector-clock.ts'
import type { FolderAt } from '../notes/folders/folder.ts'
import type { NoteAt } from '../notes/note.ts'
import type { Services } from '../services.ts'

/**
 * Reads that many fields of one answer ask for one by one, and that go to the database together. Nothing is kept:
 * a subscription lives for hours, and each of its events is to show what holds then.
 */
export interface Loaders {
  readonly users: DataLoader<string, User | null>
  /** What the viewer may do with a thing. */
  readonly levels: DataLoader<string, AccessLevel | null>
  readonly documentValues: DataLoader<string, Readonly<Record<string, unknown>>>
  readonly documentClocks: DataLoader<string, VectorClock>
  /** For who was found to have access. */
  readonly notes: DataLoader<string, NoteAt | null>
  /** Those that the viewer may see. */
  readonly folders: DataLoader<string, FolderAt | null>
  /** Of folders that were found to be the viewer's. */
  readonly folderChildren: DataLoader<string, readonly FolderAt[]>
  /** Of folders that were found to be the viewer's. */
  readonly folderNoteCounts: DataLoader<string, number>
  /** Whether a user is a member of something that the viewer is a member of. */
  readonly acquaintances: DataLoader<string, boolean>
}

const batched = <Value>(load: BatchLoadFn<string, Value>) => new DataLoader(load, { cache: false })

export function createLoaders(services: Services, viewer: Viewer | null): Loaders {
  return {
    users: services.accounts.createUserLoader(),
    levels: batched(async ids => {
      const levels = viewer ? await services.access.levelsOf(viewer, ids) : new Map<string, AccessLevel>()
      return ids.map(id => levels.get(id) ?? null)
    }),
    documentValues: batched(async ids => inOrder(ids, await services.documents.readValues(ids), {})),
    documentClocks: batched(async ids => inOrder(ids, await services.documents.readClocks(ids), {})),
    notes: batched(async ids => inOrder(ids, await services.notes.load(ids), null)),
    folders: batched(async ids => inOrder(ids, viewer ? await services.folders.load(viewer, ids) : new Map<string, FolderAt>(), null)),
    folderChildren: batched(async ids => inOrder(ids, await services.folders.loadChildren(ids), [])),
    folderNoteCounts: batched(async ids => inOrder(ids, await services.folders.countNotes(ids), 0)),
    acquaintances: batched(async ids => {
      const known = viewer ? await services.members.sharingWith(viewer.userId, ids) : new Set()
      return ids.map(id => known.has(id))
    }),
  }
}

const inOrder = <Value, Fallback>(ids: readonly string[], found: ReadonlyMap<string, Value>, fallback: Fallback) =>
  ids.map(id => found.get(id) ?? fallback)

/** Someone who must be there: accounts that are deleted leave their row behind. */
export async function loadUser({ users }: Loaders, id: string): Promise<User> {
  const user = await users.load(id)
  if (!user) throw new Error(`There is no user ${id}.`)
  return user
}
