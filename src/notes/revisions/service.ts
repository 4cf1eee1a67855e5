import { badInput } from '../../errors.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import type { NoteRow } from '../note.ts'
import { isEncrypted, type NoteText } from '../note-input.ts'
import type { RevisionRow } from './revision.ts'
import { deletePlainRevisions, findNotesOf, findRevisions, insertRevision, listRevisions, pruneRevisions, weighRevisions } from './store.ts'

export interface RevisionsDeps {
  readonly database: Database
  readonly clock: Clock
}

const newest = 50
const daysMs = 30 * 24 * 60 * 60 * 1000

export type Revisions = ReturnType<typeof createRevisions>

/** What notes held before they were written over. */
export function createRevisions({ database, clock }: RevisionsDeps) {
  return {
    /** Keeps what a note holds, which is about to be replaced by `next`. */
    async keep(tx: Tx, note: NoteRow, next: NoteText): Promise<void> {
      // Plain text that stayed anywhere would make a lie of the encryption.
      if (isEncrypted(next) && !isEncrypted(note)) return deletePlainRevisions(tx, note.id)
      const { id: noteId, version, title, content, encryptedTitle, encryptedContent, iv, salt, updatedAt: createdAt } = note
      await insertRevision(tx, { id: newId('rev'), noteId, version, title, content, encryptedTitle, encryptedContent, iv, salt, createdAt })
      await pruneRevisions(tx, noteId, newest, new Date(clock.now().getTime() - daysMs))
    },

    /** Of which notes they are: whether the viewer may read them goes by those. */
    notesOf: (ids: readonly string[]) => findNotesOf(database.db, ids),

    /** How many bytes their texts have. */
    weigh: (ids: readonly string[]) => weighRevisions(database.db, ids),

    async load(ids: readonly string[]): Promise<Map<string, RevisionRow>> {
      return new Map((await findRevisions(database.db, ids)).map(revision => [revision.id, revision]))
    },

    /** A page for each of these notes; for who was found to have access. */
    async list(noteIds: readonly string[], first: number, after: string | null) {
      const rows = await listRevisions(database.db, noteIds, { before: after === null ? null : versionIn(after), limit: first })
      const pages = Map.groupBy(rows, row => row.noteId)
      return new Map(
        noteIds.map(id => {
          const page = pages.get(id) ?? []
          return [id, { rows: page, hasNextPage: (page.at(-1)?.left ?? 1) > 1, hasPreviousPage: after !== null, cursorOf }]
        }),
      )
    },
  }
}

const cursorOf = (row: RevisionRow): string => String(row.version)

function versionIn(cursor: string): number {
  if (!/^[1-9]\d{0,8}$/.test(cursor)) throw badInput('after', 'This is no cursor of a list of revisions.')
  return Number(cursor)
}
