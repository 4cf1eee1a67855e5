import { print } from 'graphql'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { type AuditEntry, firstHash, hashOf } from '../../src/audit/entry.ts'
import type { AuditAllFragment, AuditFollowSubscription } from '../generated/graphql.ts'
import type { Client } from '../harness/client.ts'
import { auditEvents, auditLog } from './operations.ts'

export interface AuditReader extends AsyncDisposable {
  readonly entries: readonly AuditAllFragment[]
  /** What it ended with; null while it is open. */
  readonly end: string | null
}

/** Reads entries as they are written, over a socket that does not come back. */
export function followAudit(wsUrl: string, connectionParams: Record<string, unknown>, after: string | null): AuditReader {
  const entries: AuditAllFragment[] = []
  let end: string | null = null
  const client = createClient({ url: wsUrl, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams })
  client.subscribe<AuditFollowSubscription>(
    { query: print(auditEvents), variables: { after } },
    {
      next: ({ data, errors }) => {
        if (data) entries.push(data.auditEvents)
        if (errors) end = String(errors[0]?.extensions?.['code'])
      },
      error: error => {
        end = Array.isArray(error) ? String(error[0].extensions.code) : `closed ${(error as { code?: number }).code}`
      },
      complete: () => {
        end ??= 'complete'
      },
    },
  )
  return {
    entries,
    get end() {
      return end
    },
    [Symbol.asyncDispose]: async () => void (await client.dispose()),
  }
}

/** The whole log, the oldest entry first. */
export async function wholeLog(keeper: Client): Promise<AuditAllFragment[]> {
  const found: AuditAllFragment[] = []
  for (let after: string | null = null; ; ) {
    const page: { nodes: readonly AuditAllFragment[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } } = (
      await keeper.run(auditLog, { first: 500, after })
    ).auditLog
    found.push(...page.nodes)
    if (!page.pageInfo.hasNextPage) return found.reverse()
    after = page.pageInfo.endCursor ?? null
  }
}

/** What of a whole log does not follow, by its place; the API shows all that it takes to tell. */
export function faultsOf(log: readonly AuditAllFragment[]): number[] {
  return log.flatMap((entry, index) => {
    const { actor: _, cursor: __, ...said } = entry
    const before = log[index - 1]?.hash ?? firstHash
    const isRight =
      entry.seq === index + 1 && entry.previousHash === before && entry.hash === hashOf({ ...said, at: new Date(said.at) } as AuditEntry)
    return isRight ? [] : [index + 1]
  })
}
