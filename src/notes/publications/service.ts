import { randomBytes } from 'node:crypto'
import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import type { Recorder } from '../../audit/audit.ts'
import { AppError, badInput, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { callOf, type Repeatable } from '../../feed/idempotency.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import type { NoteAt } from '../note.ts'
import type { Notebooks } from '../notebooks.ts'
import type { Publication, PublicationWithContent } from './publication.ts'
import { checkPublication, type PublicationInput } from './publication-input.ts'
import { sanitiseHtml } from './sanitise.ts'
import { deletePublications, findByNotes, findBySlug, findContents, findWholeBySlug, upsertPublication } from './store.ts'

export interface PublicationsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly audit: Recorder
  readonly notebooks: Notebooks
  readonly clock: Clock
}

/** 128 bits: whoever was not given it does not find it. */
const newSlug = () => randomBytes(16).toString('base64url')
const slugForm = /^[\w-]{22}$/

/** Markup may grow when it is written anew. */
const maxSanitisedLength = 2_000_000

/** Copies of notes in plain text, open to everybody who has the address. */
export function createPublications({ database, feed, access, audit, notebooks, clock }: PublicationsDeps) {
  const load = async (noteIds: readonly string[]): Promise<Map<string, Publication>> =>
    new Map((await findByNotes(database.db, noteIds)).map(row => [row.noteId, row]))

  const append = (tx: Tx, note: NoteAt, viewer: Viewer) =>
    notebooks.append(tx, note.ownerId, viewer.userId, [{ of: 'note', id: note.id, operation: 'UPDATED', changedFields: ['publication'] }])

  return {
    /** By note, for whoever was found to have access to it. */
    load,

    /** What is public of a note. @throws NOT_FOUND when nothing is, any more */
    async get(noteId: string): Promise<Publication> {
      const publication = (await load([noteId])).get(noteId)
      if (!publication) throw notFound('publication')
      return publication
    },

    /** For everybody. Null for a slug that names nothing, or nothing any more. */
    find: async (slug: string): Promise<Publication | null> => (slugForm.test(slug) ? findBySlug(database.db, slug) : null),
    findWhole: async (slug: string): Promise<PublicationWithContent | null> => (slugForm.test(slug) ? findWholeBySlug(database.db, slug) : null),

    /** By slug, so that what was published anew meanwhile is not taken for it. */
    async loadContents(slugs: readonly string[]): Promise<Map<string, string>> {
      return new Map((await findContents(database.db, slugs)).map(({ slug, content }) => [slug, content]))
    },

    async publish(viewer: Viewer, input: { id: string } & PublicationInput & Repeatable): Promise<string> {
      const text = checkPublication(input)
      await feed.once(callOf(viewer, 'publishNote', input), async tx => {
        const note = await notebooks.lockNote(tx, viewer, input.id, 'ADMIN')
        if (note.trashedAt) throw new AppError('CONFLICT', 'The note is in the trash; restore it first.', { field: 'input.id' })
        const now = clock.now()
        const content = note.type === 'NOTE' ? sanitised(text.content) : text.content
        await upsertPublication(tx, {
          ...text,
          content,
          noteId: note.id,
          ownerId: note.ownerId,
          slug: newSlug(),
          type: note.type,
          publishedAt: now,
          updatedAt: now,
        })
        await append(tx, note, viewer)
        await audit.record(tx, viewer, 'access-granted', { target: note.id, details: { everybody: true } })
        return {}
      })
      // Who repeats the call may have lost the note since.
      if (input.idempotencyKey != null) await access.require(viewer, input.id, 'READ')
      return input.id
    },

    async unpublish(viewer: Viewer, noteId: string): Promise<string> {
      await feed.transact(async tx => {
        const note = await notebooks.lockNote(tx, viewer, noteId, 'ADMIN')
        const unpublished = await deletePublications(tx, [noteId])
        if (unpublished.length === 0) return
        await append(tx, note, viewer)
        await audit.record(tx, viewer, 'access-revoked', { target: note.id, details: { everybody: true } })
      })
      return noteId
    },
  }
}

function sanitised(html: string): string {
  const clean = sanitiseHtml(html)
  if (clean.length > maxSanitisedLength)
    throw badInput('input.content', `Written out as clean HTML, this would have more than ${maxSanitisedLength} characters.`)
  return clean
}
