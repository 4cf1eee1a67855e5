import type { CreateNoteInput, PublicationsNoteChangesSubscription, PublishNoteInput } from '../generated/graphql.ts'
import { type Client, clientOf } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import { createNote, noteChanges, publishNote, readPublic, readPublished, unpublishNote } from './publications-operations.ts'

type NoteItem = PublicationsNoteChangesSubscription['noteChanges']

/** What tests do with the publications of one caller. */
export const publicationsOf = (by: Client) => ({
  note: async (input: CreateNoteInput = {}) => (await by.run(createNote, { input: { title: 'a note', ...input } })).createNote.note.id,
  publish: async (id: string, input: Partial<PublishNoteInput> = {}) =>
    (await by.run(publishNote, { input: { id, title: 'A title', content: '<p>Some text.</p>', ...input } })).publishNote.publicNote,
  unpublish: async (id: string) => (await by.run(unpublishNote, { input: { id } })).unpublishNote.note,
  read: async (id: string) => (await by.run(readPublished, { id })).note,
  follow: (wsUrl: string, noteId: string, after: string | null = null) =>
    followFeed(wsUrl, by.accessToken, noteChanges, { noteId, after }, (data): NoteItem => data.noteChanges),
})

/** What anybody gets, without signing in. */
export const anybody = (url: string) => ({
  read: async (slug: string) => (await clientOf(url).run(readPublic, { slug })).publicNote,
  open: (slug: string, method = 'GET') => fetch(new URL(`/p/${slug}`, url), { method, redirect: 'manual' }),
})
