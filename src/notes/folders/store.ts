import { inArray } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { folders } from '../table.ts'

export interface FolderRow {
  readonly id: string
  readonly ownerId: string
  readonly parentId: string | null
  readonly name: string
  readonly color: string | null
  readonly position: number
  readonly isDefault: boolean
  readonly createdAt: Date
  readonly updatedAt: Date
}

export async function insertFolders(tx: Tx, rows: readonly FolderRow[]): Promise<void> {
  await tx.insert(folders).values([...rows])
}

export async function findFolders(db: Db | Tx, ids: readonly string[]): Promise<FolderRow[]> {
  return db
    .select()
    .from(folders)
    .where(inArray(folders.id, [...ids]))
}
