import type { Database } from '../../platform/database.ts'
import type { ExportSource } from '../../platform/export-source.ts'
import { exportSourceOf } from '../../platform/keyset.ts'
import { userTables } from './export-store.ts'

export const createUserExport = (database: Database): ExportSource => exportSourceOf(database, userTables)
