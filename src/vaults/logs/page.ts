import { AppError } from '../../errors.ts'
import type { Cursors } from '../../feed/cursor.ts'
import { checkText } from '../../platform/json.ts'
import type { VaultRow } from '../vault.ts'
import { toLog, type VaultLog } from './log.ts'
import { type FoundLogs, maxLookedAt, type PageOfLogs } from './store.ts'

export interface PageAsked extends PageOfLogs {
  readonly vault: VaultRow
}

export interface LogPage {
  readonly nodes: readonly VaultLog[]
  readonly hasMore: boolean
  /** Null: there is nothing behind where the page begins. */
  readonly endSequence: number | null
  readonly endCursor: string
}

/** Where a page of logs begins. @throws RESYNC_REQUIRED behind the vault's end: what the client knows is of an earlier vault with this id */
export function checkPage(vault: VaultRow, page: PageOfLogs): PageAsked {
  if (page.excludeDeviceId !== null) checkText(page.excludeDeviceId, 'excludeDeviceId')
  if (page.after > vault.headSequence)
    throw new AppError('RESYNC_REQUIRED', `The vault goes up to ${vault.headSequence}: it was made anew. Read it from its beginning.`, {
      field: 'afterSequence',
    })
  return { vault, ...page }
}

/** Pages that are told apart by this differ in more than their vault. */
export const kindOf = ({ after, first, excludeDeviceId }: PageOfLogs): string => JSON.stringify([after, first, excludeDeviceId])

export function toPage({ vault, after, excludeDeviceId }: PageAsked, found: FoundLogs, cursors: Cursors): LogPage {
  const { rows } = found
  const last = rows.at(-1)?.sequence ?? after
  const lookedTo = excludeDeviceId === null ? Number.POSITIVE_INFINITY : after + maxLookedAt
  const hasMore = found.hasMore || lookedTo < vault.headSequence
  // What was left out counts as read; more than was there when the vault was looked at may have come since.
  const end = found.hasMore ? last : Math.max(last, Math.min(lookedTo, vault.headSequence))
  return {
    nodes: rows.map(row => toLog(row, vault.streamStart, cursors)),
    hasMore,
    endSequence: end > after ? end : null,
    endCursor: cursors.encode(vault.id, vault.streamStart + end),
  }
}
