import type { FolderRow } from '../folders/folder.ts'
import type { NoteAt } from '../note.ts'

type NotePart = Exclude<keyof NoteAt, 'folder'>
type FolderPart = keyof FolderRow

/** What of each note in a list, and of the folder it is in, has to be read. */
export interface Shown {
  readonly note: ReadonlySet<NotePart>
  /** Null: no folder is shown. */
  readonly folder: ReadonlySet<FolderPart> | null
}

/** Those that are shown as they are read, each by its own name. */
const asRead = <Part extends string>(parts: readonly Part[]) => parts.map(part => [part, [part]] as const)

const noteParts: readonly NotePart[] = [
  ...(['id', 'ownerId', 'folderId', 'type', 'title', 'content', 'encryptedTitle', 'encryptedContent', 'iv', 'salt', 'tags', 'starred'] as const),
  ...(['archived', 'hidden', 'trashedAt', 'version', 'createdAt', 'updatedAt', 'head'] as const),
]
const folderParts: readonly FolderPart[] = ['id', 'ownerId', 'parentId', 'name', 'color', 'position', 'isDefault', 'createdAt', 'updatedAt']

/** What the fields of the API are made of; the others read by the id what they show. */
const noteFields = new Map<string, readonly NotePart[]>([
  ...asRead(noteParts),
  ['owner', ['ownerId']],
  ['cursor', ['ownerId', 'head']],
  // A folder is read along.
  ...['folder', '__typename', 'members', 'viewerAccess', 'attachments', 'revisions', 'publication'].map(name => [name, []] as const),
])
const folderFields = new Map<string, readonly FolderPart[]>([
  ...asRead(folderParts),
  ['parent', ['parentId']],
  ...['__typename', 'children', 'noteCount'].map(name => [name, []] as const),
])

/** A field that is not known here may be made of anything. */
const partsOf = <Part>(fields: ReadonlySet<string>, known: ReadonlyMap<string, readonly Part[]>, all: readonly Part[], always: readonly Part[]) =>
  new Set([...always, ...[...fields].flatMap(name => known.get(name) ?? all)])

/** What has to be read for these fields of a list, of its notes and of their folders. The time and the id say where a note stands in the list. */
export const shownFor = (list: ReadonlySet<string>, note: ReadonlySet<string>, folder: ReadonlySet<string>): Shown => ({
  note: partsOf(note, noteFields, noteParts, [...list].every(name => name === 'nodes') ? ['id'] : ['id', 'updatedAt']),
  folder: note.has('folder') ? partsOf(folder, folderFields, folderParts, ['id']) : null,
})
