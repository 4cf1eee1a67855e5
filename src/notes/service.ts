import type { Access } from '../access/access.ts'
import { addOwner } from '../access/members.ts'
import type { Viewer } from '../access/viewer.ts'
import { AppError, notFound } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { callOf, type Repeatable } from '../feed/idempotency.ts'
import type { FeedSubscription } from '../feed/subscription.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import { chosenId } from '../platform/ids.ts'
import { requireFolder } from './folders/require-folder.ts'
import type { NoteAt, NoteType } from './note.ts'
import { checkNoteText, checkTags, isEncrypted, type NoteTextInput } from './note-input.ts'
import { changesText, checkUpdate, differenceOf, type NoteUpdate, type UpdateNoteInput } from './note-update.ts'
import { rewrites } from './notebook-change.ts'
import type { Notebooks } from './notebooks.ts'
import { deletePublications } from './publications/store.ts'
import type { Revisions } from './revisions/service.ts'
import { findNotes, findOwner, insertNote, notebookStream, weighNotes } from './store.ts'

export interface NotesDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly notebooks: Notebooks
  readonly revisions: Revisions
  readonly clock: Clock
}

export interface CreateNoteInput extends NoteTextInput, Repeatable {
  readonly id?: string | null | undefined
  readonly folderId?: string | null | undefined
  readonly type?: NoteType | null | undefined
  readonly tags?: readonly string[] | null | undefined
}

/** Notes: plain or encrypted, in the notebook of their owner. */
export function createNotes({ database, feed, access, notebooks, revisions, clock }: NotesDeps) {
  /** For who was found to have access. */
  const load = async (ids: readonly string[]): Promise<Map<string, NoteAt>> =>
    new Map((await findNotes(database.db, ids)).map(note => [note.id, note]))

  return {
    load,
    /** How many bytes their contents have. */
    weigh: (ids: readonly string[]) => weighNotes(database.db, ids),

    /** A note that must be there. */
    async get(id: string): Promise<NoteAt> {
      const note = (await load([id])).get(id)
      if (!note) throw notFound('note')
      return note
    },

    cursorOf: (note: NoteAt): string => feed.cursors.encode(notebookStream(note.ownerId), note.head),

    async create(viewer: Viewer, input: CreateNoteInput): Promise<string> {
      const id = chosenId('note', input.id)
      const text = checkNoteText(input)
      const tags = checkTags(input.tags ?? [])
      const now = clock.now()
      const ownerId = viewer.userId
      const folderId = input.folderId ?? null
      const { noteId } = await feed.once(callOf(viewer, 'createNote', input), async tx => {
        await notebooks.lock(tx, ownerId)
        await requireFolder(tx, ownerId, folderId, 'input.folderId')
        const state = { starred: false, archived: false, hidden: false, trashedAt: null, version: 1, createdAt: now, updatedAt: now }
        if (!(await insertNote(tx, { id, ownerId, folderId, type: input.type ?? 'NOTE', ...text, tags, ...state })))
          throw new AppError('ALREADY_EXISTS', 'There is, or was, a note with this id.', { field: 'input.id' })
        await addOwner(tx, [id], ownerId, now)
        await notebooks.append(tx, ownerId, ownerId, [{ of: 'note', id, operation: 'CREATED', changedFields: [] }])
        return { noteId: id }
      })
      return noteId
    },

    /** Changes what is given and new. @throws VERSION_MISMATCH; CONFLICT for a note in the trash */
    async update(viewer: Viewer, input: UpdateNoteInput): Promise<string> {
      const update = checkUpdate(input)
      await feed.once(callOf(viewer, 'updateNote', input), async tx => {
        const note = await notebooks.lockNote(tx, viewer, input.id, 'WRITE')
        if (note.ownerId !== viewer.userId && viewer.role !== 'ADMIN') refuseState(update)
        if (note.trashedAt) throw new AppError('CONFLICT', 'The note is in the trash; restore it first.', { field: 'input.id' })
        if (input.expectedVersion != null && input.expectedVersion !== note.version) throw versionMismatch(note.version)
        await requireFolder(tx, note.ownerId, update.state.folderId ?? null, 'input.folderId')
        await write(tx, viewer, note, update)
        return {}
      })
      return input.id
    },

    /** The feed of one note, for all its members: what of its notebook's stream is about it. */
    async subscribe(viewer: Viewer, noteId: string, after: string | null | undefined): Promise<FeedSubscription> {
      await access.require(viewer, noteId, 'READ')
      const ownerId = await findOwner(database.db, noteId)
      if (ownerId === null) throw notFound('note')
      return feed.subscribe({
        streamId: notebookStream(ownerId),
        after,
        toEvent(change) {
          const event = notebooks.toEvent(change)
          return event?.__typename === 'NoteChange' && event.id === noteId ? event : null
        },
        hold: end => access.hold(viewer, noteId, end),
        rewrites,
      })
    },

    /** The feed of all that is in the viewer's own notebook. */
    async subscribeAll(viewer: Viewer, after: string | null | undefined): Promise<FeedSubscription> {
      await notebooks.open(viewer.userId)
      return feed.subscribe({
        streamId: notebookStream(viewer.userId),
        after,
        toEvent: notebooks.toEvent,
        hold: async end => access.watch(viewer, null, end),
        rewrites,
      })
    },
  }

  async function write(tx: Tx, viewer: Viewer, note: NoteAt, update: NoteUpdate): Promise<void> {
    const difference = differenceOf(note, update)
    const changedFields = [...difference.changedFields]
    if (changedFields.length === 0) return
    if (changesText(difference)) await revisions.keep(tx, note, difference.text)
    const becomesEncrypted = isEncrypted(difference.text) && !isEncrypted(note)
    if (becomesEncrypted && (await deletePublications(tx, [note.id])).length > 0) changedFields.push('publication')
    await notebooks.changeNote(tx, viewer, note, difference.change, changedFields)
  }
}

/** How a notebook is kept is its owner's business. @throws FORBIDDEN */
function refuseState({ state }: NoteUpdate): void {
  const [name] = Object.keys(state)
  if (name !== undefined) throw new AppError('FORBIDDEN', 'Only the owner of the notebook may change this.', { field: `input.${name}` })
}

const versionMismatch = (version: number) =>
  new AppError('VERSION_MISMATCH', `The note is at version ${version}.`, { field: 'input.expectedVersion', version })
