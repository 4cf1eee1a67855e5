import type { Database } from '../platform/database.ts'
import type { ExportSource } from '../platform/export-source.ts'
import { exportSourceOf } from '../platform/keyset.ts'
import { auditTables } from './export-store.ts'

export const createAuditExport = (database: Database): ExportSource => exportSourceOf(database, auditTables)
