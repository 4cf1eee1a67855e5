import type { Access } from '../../access/access.ts'
import { dropMembers } from '../../access/members.ts'
import type { Viewer } from '../../access/viewer.ts'
import type { Feed } from '../../feed/feed.ts'
import { once, type Repeatable } from '../../feed/idempotency.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/database.ts'
import { findFolders } from '../folders/store.ts'
import type { NoteAt } from '../note.ts'
import { deleteNotebook, lockNotebook } from '../notebook-store.ts'
import type { Notebooks } from '../notebooks.ts'
import { deletePublications } from '../publications/store.ts'
import { type NoteChange, notebookStream, updateNote } from '../store.ts'
import { deleteNotes, findAllNotes, findTrashed } from './store.ts'

export interface TrashDeps {
  readonly feed: Feed
  readonly access: Access
  readonly notebooks: Notebooks
  readonly clock: Clock
}

type ById = { readonly id: string } & Repeatable

export type Trash = ReturnType<typeof createTrash>

/** How notes go: into the trash and back, and for good. */
export function createTrash({ feed, access, notebooks, clock }: TrashDeps) {
  return {
    /** Nobody reads it by its public address any more. In the trash already, it stays as it is. */
    trash: (viewer: Viewer, input: ById) =>
      change(viewer, 'trashNote', input, async (tx, note) => {
        if (note.trashedAt) return
        const wasPublic = (await deletePublications(tx, [note.id])).length > 0
        await write(tx, viewer, note, { trashedAt: clock.now() }, ['trashedAt', ...(wasPublic ? ['publication'] : [])])
      }),

    /** Into the folder it was in, or, where that is gone, into none. */
    restore: (viewer: Viewer, input: ById) =>
      change(viewer, 'restoreNote', input, async (tx, note) => {
        if (!note.trashedAt) return
        const isFolderGone = note.folderId !== null && (await findFolders(tx, [note.folderId])).length === 0
        await write(tx, viewer, note, { trashedAt: null, ...(isFolderGone && { folderId: null }) }, [
          'trashedAt',
          ...(isFolderGone ? ['folder'] : []),
        ])
      }),

    /** With its revisions, attachments, publication and members; they are told by the feed. */
    remove: (viewer: Viewer, input: ById) => change(viewer, 'deleteNote', input, (tx, note) => removeAll(tx, viewer, note.ownerId, [note.id])),

    /** Gives the ids of the notes that are gone. */
    async empty(viewer: Viewer, input: Repeatable): Promise<readonly string[]> {
      const ownerId = viewer.userId
      const { deletedIds } = await feed.transact(tx =>
        once(tx, { scope: ownerId, mutation: 'emptyTrash', key: input.idempotencyKey, input }, async () => {
          await notebooks.lock(tx, ownerId)
          const ids = await findTrashed(tx, ownerId)
          await removeAll(tx, viewer, ownerId, ids)
          return { deletedIds: ids }
        }),
      )
      return deletedIds
    },

    /** Removes all that a user keeps here, when their account goes; what others have open of it ends. */
    async removeNotebook(tx: Tx, ownerId: string): Promise<void> {
      if (!(await lockNotebook(tx, ownerId))) return
      const ids = await findAllNotes(tx, ownerId)
      const others = await dropMembers(tx, ids)
      await deleteNotes(tx, ownerId, ids, clock.now())
      await deleteNotebook(tx, ownerId)
      await feed.remove(tx, notebookStream(ownerId))
      await access.revoke(
        tx,
        others.map(({ userId, resourceId }) => ({ userId, resourceId })),
      )
    },
  }

  /** Does something to a note that needs ADMIN access. Gives its id. */
  async function change(viewer: Viewer, mutation: string, input: ById, work: (tx: Tx, note: NoteAt) => Promise<void>): Promise<string> {
    await feed.transact(tx =>
      once(tx, { scope: viewer.userId, mutation, key: input.idempotencyKey, input }, async () => {
        await work(tx, await notebooks.lockNote(tx, viewer, input.id, 'ADMIN'))
        return {}
      }),
    )
    return input.id
  }

  async function write(tx: Tx, viewer: Viewer, note: NoteAt, change: NoteChange, changedFields: readonly string[]): Promise<void> {
    await updateNote(tx, note.id, { ...change, version: note.version + 1, updatedAt: clock.now() })
    await notebooks.append(tx, note.ownerId, viewer.userId, [{ of: 'note', id: note.id, operation: 'UPDATED', changedFields }])
  }

  /** Members keep what they have open until the feed has told them: nothing more comes of it afterwards. */
  async function removeAll(tx: Tx, viewer: Viewer, ownerId: string, ids: readonly string[]): Promise<void> {
    await dropMembers(tx, ids)
    await deleteNotes(tx, ownerId, ids, clock.now())
    await notebooks.append(
      tx,
      ownerId,
      viewer.userId,
      ids.map(id => ({ of: 'note', id, operation: 'DELETED', changedFields: [] })),
    )
  }
}
