import type { Access } from '../../access/access.ts'
import { dropMembers } from '../../access/members.ts'
import type { Membership } from '../../access/membership.ts'
import type { Viewer } from '../../access/viewer.ts'
import type { Recorder } from '../../audit/audit.ts'
import type { Feed } from '../../feed/feed.ts'
import { callOf, type Repeatable } from '../../feed/idempotency.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/database.ts'
import { deleteAttachmentsOf } from '../attachments/store.ts'
import type { NoteAt } from '../note.ts'
import { deleteNotebook, lockNotebook } from '../notebook-store.ts'
import type { Notebooks } from '../notebooks.ts'
import { deletePublications } from '../publications/store.ts'
import { notebookStream } from '../store.ts'
import { deleteNotes, findAllNotes, findTrashed } from './store.ts'

export interface TrashDeps {
  readonly feed: Feed
  readonly access: Access
  readonly audit: Recorder
  readonly notebooks: Notebooks
  readonly clock: Clock
}

type ById = { readonly id: string } & Repeatable

/** How many notes one entry of the audit log names: a trash may hold a hundred thousand. */
const namedAtOnce = 1_000

/** How notes go: into the trash and back, and for good. */
export function createTrash({ feed, access, audit, notebooks, clock }: TrashDeps) {
  return {
    /** Nobody reads it by its public address any more. In the trash already, it stays as it is. */
    trash: (viewer: Viewer, input: ById) =>
      change(viewer, 'trashNote', input, async (tx, note) => {
        if (note.trashedAt) return
        const wasPublic = (await deletePublications(tx, [note.id])).length > 0
        await notebooks.changeNote(tx, viewer, note, { trashedAt: clock.now() }, ['trashedAt', ...(wasPublic ? ['publication'] : [])])
        if (wasPublic) await audit.record(tx, viewer, 'access-revoked', { target: note.id, details: { everybody: true } })
      }),

    restore: (viewer: Viewer, input: ById) =>
      change(viewer, 'restoreNote', input, async (tx, note) => {
        if (note.trashedAt) await notebooks.changeNote(tx, viewer, note, { trashedAt: null }, ['trashedAt'])
      }),

    /** With its revisions, attachments, publication and members; they are told by the feed. */
    remove: (viewer: Viewer, input: ById) =>
      change(viewer, 'deleteNote', input, async (tx, note) => {
        await removeAll(tx, viewer, note.ownerId, [note.id])
        await audit.record(tx, viewer, 'deleted', { target: note.id })
      }),

    /** Gives the ids of the notes that are gone. */
    async empty(viewer: Viewer, input: Repeatable): Promise<readonly string[]> {
      const ownerId = viewer.userId
      const { deletedIds } = await feed.once(callOf(viewer, 'emptyTrash', input), async tx => {
        await notebooks.lock(tx, ownerId)
        const ids = await findTrashed(tx, ownerId)
        await removeAll(tx, viewer, ownerId, ids)
        for (let from = 0; from < ids.length; from += namedAtOnce) {
          await audit.record(tx, viewer, 'deleted', { target: ownerId, details: { noteIds: ids.slice(from, from + namedAtOnce) } })
        }
        return { deletedIds: ids }
      })
      return deletedIds
    },

    /** Removes all that a user keeps here, when their account goes; what others have open of it ends. */
    async removeNotebook(tx: Tx, ownerId: string): Promise<void> {
      if (!(await lockNotebook(tx, ownerId))) return
      const ids = await findAllNotes(tx, ownerId)
      const others = await dropAll(tx, ids)
      await deleteNotebook(tx, ownerId, clock.now())
      await feed.remove(tx, notebookStream(ownerId))
      await access.revoke(
        tx,
        others.map(({ userId, resourceId }) => ({ userId, resourceId })),
      )
    },
  }

  /** Does something to a note that needs ADMIN access. Gives its id. */
  async function change(viewer: Viewer, mutation: string, input: ById, work: (tx: Tx, note: NoteAt) => Promise<void>): Promise<string> {
    await feed.once(callOf(viewer, mutation, input), async tx => {
      await work(tx, await notebooks.lockNote(tx, viewer, input.id, 'ADMIN'))
      return {}
    })
    return input.id
  }

  /** Gives the members other than the owner that they had. */
  async function dropAll(tx: Tx, ids: readonly string[]): Promise<readonly Membership[]> {
    const others = await dropMembers(tx, ids)
    await deletePublications(tx, ids)
    await deleteAttachmentsOf(tx, ids)
    await deleteNotes(tx, ids, clock.now())
    return others
  }

  /** Members keep what they have open until the feed has told them: nothing more comes of it afterwards. */
  async function removeAll(tx: Tx, viewer: Viewer, ownerId: string, ids: readonly string[]): Promise<void> {
    await dropAll(tx, ids)
    await notebooks.append(
      tx,
      ownerId,
      viewer.userId,
      ids.map(id => ({ of: 'note', id, operation: 'DELETED', changedFields: [] })),
    )
  }
}
