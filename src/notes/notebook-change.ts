import type { Change, NewChange } from '../feed/change.ts'

export type ChangeOperation = 'CREATED' | 'UPDATED' | 'DELETED'

/**
 * What the log keeps of a change. It names what changed and holds nothing of it: what is deleted for good is then gone from the
 * log as well, and who reads late gets the note as it is.
 */
export interface NotebookChange {
  readonly of: 'note' | 'folder'
  readonly id: string
  readonly operation: ChangeOperation
  /** Fields of the GraphQL type, by name; none for what was created or deleted. */
  readonly changedFields: readonly string[]
}

/** A change as feeds yield it. */
export interface NotebookEvent {
  readonly __typename: 'NoteChange' | 'FolderChange'
  readonly cursor: string
  /** Of the note or folder. */
  readonly id: string
  readonly operation: ChangeOperation
  readonly changedFields: readonly string[]
  readonly byId: string | null
  readonly at: Date
}

export const toNewChange = ({ of, ...payload }: NotebookChange, actorId: string | null): NewChange => ({
  kind: of,
  payload,
  actorId,
  clientId: null,
  clientCounter: null,
})

/** Null for a kind of change that this version does not know. */
export function toNotebookEvent({ kind, payload, actorId, at }: Change, cursor: string): NotebookEvent | null {
  if (kind !== 'note' && kind !== 'folder') return null
  const { id, operation, changedFields } = payload as Omit<NotebookChange, 'of'>
  return { __typename: kind === 'note' ? 'NoteChange' : 'FolderChange', cursor, id, operation, changedFields, byId: actorId, at }
}

/** After a deletion, and once plain text became ciphertext, nobody is to get what was there before. */
export function rewrites({ kind, payload }: Change): boolean {
  const { operation, changedFields } = payload as Omit<NotebookChange, 'of'>
  return kind === 'note' && (operation === 'DELETED' || changedFields.includes('iv'))
}
