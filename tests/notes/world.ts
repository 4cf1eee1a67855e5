import type { CreateNoteInput, UpdateNoteInput } from '../generated/graphql.ts'
import type { Client, Person } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import type { Server } from '../harness/server.ts'
import { createNote, deleteNote, notebookChanges, noteChanges, readNote, restoreNote, trashNote, updateNote } from './operations.ts'

export const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** What a client sends that encrypts; the server can't tell how well. */
export const encryptedText = (text = 'secret') => ({
  encryptedTitle: base64(`title ${text}`),
  encryptedContent: base64(`content ${text}`),
  iv: `iv of ${text}`,
  salt: `salt of ${text}`,
})
export const noCiphertext = { encryptedTitle: null, encryptedContent: null, iv: null, salt: null }

export const create = async (by: Client, input: CreateNoteInput = {}) => (await by.run(createNote, { input })).createNote.note
export const update = async (by: Client, input: UpdateNoteInput) => (await by.run(updateNote, { input })).updateNote.note
export const trash = async (by: Client, id: string) => (await by.run(trashNote, { input: { id } })).trashNote.note
export const restore = async (by: Client, id: string) => (await by.run(restoreNote, { input: { id } })).restoreNote.note
export const remove = async (by: Client, id: string) => (await by.run(deleteNote, { input: { id } })).deleteNote.deletedId
export const read = async (by: Client, id: string) => (await by.run(readNote, { id })).note

export const followNote = (server: Pick<Server, 'wsUrl'>, by: Person, noteId: string, after: string | null = null) =>
  followFeed(server.wsUrl, by.accessToken, noteChanges, { noteId, after }, data => data.noteChanges)
export const followNotebook = (server: Pick<Server, 'wsUrl'>, by: Person, after: string | null = null) =>
  followFeed(server.wsUrl, by.accessToken, notebookChanges, { after }, data => data.notebookChanges)
