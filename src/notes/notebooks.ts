import type { Access } from '../access/access.ts'
import type { AccessLevel } from '../access/level.ts'
import type { Viewer } from '../access/viewer.ts'
import { AppError, notFound } from '../errors.ts'
import type { Change } from '../feed/change.ts'
import type { Feed } from '../feed/feed.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import { newId } from '../platform/ids.ts'
import { insertFolders } from './folders/store.ts'
import type { NoteAt } from './note.ts'
import { type NotebookChange, type NotebookEvent, toNewChange, toNotebookEvent } from './notebook-change.ts'
import { findNotebook, insertNotebook, lockNotebook, lockNotebookOf, type NotebookRow } from './notebook-store.ts'
import { findNotes, type NoteChange, notebookStream, updateNote } from './store.ts'

const defaultFolders = ['Personal', 'Work', 'Projects']

export interface NotebooksDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly clock: Clock
  /** Whether there is such a user; there is one until the transaction ends, then. */
  readonly userExists: (userId: string, tx: Tx) => Promise<boolean>
}

export type Notebooks = ReturnType<typeof createNotebooks>

/** What all of notes stands on: one notebook for each user, with one lock and one stream. Only its owner puts things into it. */
export function createNotebooks({ database, feed, access, clock, userExists }: NotebooksDeps) {
  async function append(tx: Tx, ownerId: string, actorId: string, changes: readonly NotebookChange[]): Promise<void> {
    await feed.append(
      tx,
      notebookStream(ownerId),
      changes.map(change => toNewChange(change, actorId)),
    )
  }

  /** Makes it, with its default folders, unless somebody else was first. */
  async function create(tx: Tx, ownerId: string): Promise<void> {
    // Who deleted their account while this was on its way has no notebook any more, and gets no other.
    if (!(await userExists(ownerId, tx))) throw new AppError('TOKEN_REVOKED', 'This account is gone.')
    const now = clock.now()
    if (!(await insertNotebook(tx, ownerId, now))) return
    await feed.open(tx, notebookStream(ownerId), 'notebook')
    const rows = defaultFolders.map((name, position) => ({
      id: newId('fold'),
      ownerId,
      parentId: null,
      name,
      color: null,
      position,
      isDefault: true,
      createdAt: now,
      updatedAt: now,
    }))
    await insertFolders(tx, rows)
    await append(
      tx,
      ownerId,
      ownerId,
      rows.map(({ id }) => ({ of: 'folder', id, operation: 'CREATED', changedFields: [] })),
    )
  }

  /** Whoever changes anything in a notebook comes through here first, one after the other; it is made on first use. */
  async function lock(tx: Tx, ownerId: string): Promise<NotebookRow> {
    const known = await lockNotebook(tx, ownerId)
    if (known) return known
    await create(tx, ownerId)
    const notebook = await lockNotebook(tx, ownerId)
    if (!notebook) throw new Error(`There is no notebook of ${ownerId}.`)
    return notebook
  }

  return {
    append,
    lock,

    /** Makes sure that there is one, before it is read. */
    async open(ownerId: string): Promise<NotebookRow> {
      return (await findNotebook(database.db, ownerId)) ?? feed.transact(tx => lock(tx, ownerId))
    },

    /** The note with its notebook locked, for who may do that much with it. @throws NOT_FOUND, FORBIDDEN */
    async lockNote(tx: Tx, viewer: Viewer, noteId: string, level: AccessLevel): Promise<NoteAt> {
      await access.require(viewer, noteId, level, tx)
      if ((await lockNotebookOf(tx, noteId)) === null) throw notFound('note')
      // Again: while the lock was waited for, the note or the right to it may have gone.
      await access.require(viewer, noteId, level, tx)
      const [note] = await findNotes(tx, [noteId])
      if (!note) throw notFound('note')
      return note
    },

    /** Writes a change into a note that is locked, and tells of it. `changedFields` are of the GraphQL type, by name. */
    async changeNote(tx: Tx, viewer: Viewer, note: NoteAt, change: NoteChange, changedFields: readonly string[]): Promise<void> {
      await updateNote(tx, note.id, { ...change, version: note.version + 1, updatedAt: clock.now() })
      await append(tx, note.ownerId, viewer.userId, [{ of: 'note', id: note.id, operation: 'UPDATED', changedFields }])
    },

    toEvent: (change: Change): NotebookEvent | null => toNotebookEvent(change, feed.cursors.encode(change.streamId, change.seq)),
  }
}
