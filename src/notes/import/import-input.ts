import { AppError, badInput } from '../../errors.ts'
import { checkWriterTime } from '../../platform/clock.ts'
import { chosenId } from '../../platform/ids.ts'
import type { FolderRow } from '../folders/folder.ts'
import { checkColor, checkName, checkPosition } from '../folders/folder-input.ts'
import type { NoteRow, NoteType } from '../note.ts'
import { checkNoteText, checkTags, type NoteTextInput } from '../note-input.ts'

type Given<Value> = Value | null | undefined

export interface ImportFolderInput {
  readonly id: string
  readonly parentId?: Given<string>
  readonly name: string
  readonly color?: Given<string>
  readonly position?: Given<number>
  readonly createdAt?: Given<Date>
  readonly updatedAt?: Given<Date>
}

export interface ImportNoteInput extends NoteTextInput {
  readonly id: string
  readonly folderId?: Given<string>
  readonly type?: Given<NoteType>
  readonly tags?: Given<readonly string[]>
  readonly starred?: Given<boolean>
  readonly archived?: Given<boolean>
  readonly hidden?: Given<boolean>
  readonly trashedAt?: Given<Date>
  readonly createdAt?: Given<Date>
  readonly updatedAt?: Given<Date>
}

/** A folder whose place among its siblings is still to be found where it has none. */
export type PlannedFolder = Omit<FolderRow, 'position'> & { readonly position: number | null }

/** A thing, and the path of the argument it came by. */
export interface At<Item> {
  readonly item: Item
  readonly field: string
}

/** How many folders, and how many notes, come in at once. */
export const maxItems = 1_000

/** Checks each thing as if it came alone. @throws BAD_USER_INPUT, CLOCK_SKEW, which name the thing */
export function checkFolders(given: readonly ImportFolderInput[], ownerId: string, now: Date): At<PlannedFolder>[] {
  return checkEach('input.folders', given, folder => ({
    id: chosenId('fold', folder.id),
    ownerId,
    parentId: folder.parentId ?? null,
    name: checkName(folder.name),
    color: checkColor(folder.color ?? null),
    position: checkPosition(folder.position ?? null),
    isDefault: false,
    ...checkTimes(folder, now),
  }))
}

export function checkNotes(given: readonly ImportNoteInput[], ownerId: string, now: Date): At<NoteRow>[] {
  return checkEach('input.notes', given, note => {
    const { title, content, encryptedTitle, encryptedContent, iv, salt, trashedAt } = note
    if (trashedAt != null) checkWriterTime(trashedAt, now, 'input.trashedAt')
    return {
      id: chosenId('note', note.id),
      ownerId,
      folderId: note.folderId ?? null,
      type: note.type ?? 'NOTE',
      ...checkNoteText({ title, content, encryptedTitle, encryptedContent, iv, salt }),
      tags: checkTags(note.tags ?? []),
      starred: note.starred ?? false,
      archived: note.archived ?? false,
      hidden: note.hidden ?? false,
      trashedAt: trashedAt ?? null,
      version: 1,
      ...checkTimes(note, now),
    }
  })
}

function checkTimes({ createdAt, updatedAt }: Pick<ImportNoteInput, 'createdAt' | 'updatedAt'>, now: Date) {
  if (createdAt != null) checkWriterTime(createdAt, now, 'input.createdAt')
  if (updatedAt != null) checkWriterTime(updatedAt, now, 'input.updatedAt')
  return { createdAt: createdAt ?? updatedAt ?? now, updatedAt: updatedAt ?? createdAt ?? now }
}

function checkEach<Given extends { readonly id: string }, Item>(field: string, given: readonly Given[], check: (one: Given) => Item): At<Item>[] {
  if (given.length > maxItems) throw badInput(field, `At most ${maxItems} come in at once.`)
  const ids = new Set<string>()
  return given.map((one, index) => {
    const path = `${field}.${index}`
    if (ids.has(one.id)) throw badInput(`${path}.id`, 'This id is there twice.')
    ids.add(one.id)
    return { item: within(path, () => check(one)), field: path }
  })
}

/** Lets what is said of the `input` of a single thing be said of one among many. */
export function within<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof AppError) || typeof error.details.field !== 'string') throw error
    throw new AppError(error.code, error.message, { ...error.details, field: error.details.field.replace(/^input/, path) })
  }
}
