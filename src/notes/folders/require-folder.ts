import { type AppError, badInput } from '../../errors.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { isFolderOf } from './store.ts'

/** A folder of somebody else is like one that is not there. */
export const noFolder = (field: string): AppError => badInput(field, 'There is no such folder in this notebook.')

/** @throws BAD_USER_INPUT for a folder that is not in the notebook; null is the top level, which is in each */
export async function requireFolder(db: Db | Tx, ownerId: string, folderId: string | null, field: string): Promise<void> {
  if (folderId !== null && !(await isFolderOf(db, ownerId, folderId))) throw noFolder(field)
}
