import type { Viewer } from '../../access/viewer.ts'
import { notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { callOf, type Repeatable } from '../../feed/idempotency.ts'
import type { Tx } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import { idOf } from '../vault.ts'
import { bytesOf, checkLogs, identityOf, type LogPayload, quotaExceeded, type SealedLog } from './log.ts'
import { findSequences, lockForPush, nextLogs, type PushedTo, takeBytes } from './store.ts'

export interface PushVaultLogsInput extends Repeatable {
  readonly vaultId: string
  readonly deviceId?: string | null | undefined
  readonly logs: readonly SealedLog[]
}

/** What became of a push: where each of its logs is. It is stored under the push's idempotency key. */
export interface Pushed {
  readonly vault: string
  /** Tells the vault from an earlier one with its id. */
  readonly streamStart: number
  readonly sequences: readonly number[]
  readonly headSequence: number
}

export interface PushDeps {
  readonly feed: Feed
  /** What the logs of one user may weigh; 0: no limit. */
  readonly quotaBytes: number
}

/** Stores the logs of a push that are new, all of them or none. @throws NOT_FOUND, QUOTA_EXCEEDED */
export function createPush({ feed, quotaBytes }: PushDeps) {
  return (viewer: Viewer, input: PushVaultLogsInput): Promise<Pushed> => {
    const { vaultId, deviceId = null, logs } = input
    checkLogs(logs, deviceId)
    const id = idOf(viewer.userId, vaultId)
    const work = async (tx: Tx): Promise<Pushed> => {
      const [vault, known] = await Promise.all([lockForPush(tx, id), findSequences(tx, id, deviceId, logs)])
      if (!vault) throw notFound('vault')
      const fresh: SealedLog[] = []
      const sequences = logs.map(log => {
        const identity = identityOf(log)
        const sequence = known.get(identity) ?? vault.headSequence + fresh.push(log)
        known.set(identity, sequence)
        return sequence
      })
      if (fresh.length > 0) await append(tx, vault, deviceId, fresh)
      return { vault: id, streamStart: vault.streamStart, sequences, headSequence: vault.headSequence + fresh.length }
    }
    return feed.once(callOf(viewer, 'pushVaultLogs', input), work, { isByKey: true, startsByReading: input.idempotencyKey == null })
  }

  /** Puts logs behind the vault's last one, and into its stream, where they stand in the same order. */
  async function append(tx: Tx, vault: PushedTo, deviceId: string | null, logs: readonly SealedLog[]): Promise<void> {
    const bytes = logs.reduce((sum, log) => sum + bytesOf(log), 0)
    const refused = await takeBytes(tx, vault.ownerId, bytes, quotaBytes)
    if (refused) throw quotaExceeded(refused.leftBytes)
    const payloads = logs.map(({ encryptedData, nonce, haexTimestamp }, index): LogPayload => {
      const sequence = vault.headSequence + index + 1
      return { id: newId('vlog'), sequence, encryptedData, nonce, haexTimestamp }
    })
    const changes = payloads.map(payload => ({ kind: 'log', payload, actorId: vault.ownerId, clientId: deviceId, clientCounter: null }))
    await feed.append(tx, vault.id, changes, nextLogs(vault, deviceId, payloads, bytes))
  }
}
