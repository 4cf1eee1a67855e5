import { AppError, badInput } from '../../errors.ts'
import type { Change } from '../../feed/change.ts'
import type { Cursors } from '../../feed/cursor.ts'
import { checkCiphertext, checkLabel, maxNonceLength } from '../vault.ts'

/** What a device wrote: only its devices can tell what. */
export interface SealedLog {
  readonly encryptedData: string
  readonly nonce: string
  /** When it was written by the devices' own clock, in a form of theirs; part of what makes a log the same as another. */
  readonly haexTimestamp: string
}

export interface LogRow extends SealedLog {
  readonly vault: string
  readonly sequence: number
  readonly id: string
  readonly deviceId: string | null
  readonly createdAt: Date
}

/** What a change in a vault's stream carries; the device is in the change itself. */
export interface LogPayload extends SealedLog {
  readonly id: string
  readonly sequence: number
}

/** A log as the feed and the pages show it. */
export interface VaultLog extends Omit<LogRow, 'vault'> {
  readonly __typename: 'VaultLog'
  readonly cursor: string
}

export const maxLogs = 1_000
export const maxLogBytes = 256 * 1024
export const maxTimestampLength = 256
export const maxDeviceIdLength = 128
/** What a log counts beside its own bytes: so that many small ones count for what they take, too. */
export const logOverheadBytes = 128

/** @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE with the first of the logs that is at fault */
export function checkLogs(logs: readonly SealedLog[], deviceId: string | null): void {
  if (deviceId !== null) checkLabel(deviceId, maxDeviceIdLength, 'input.deviceId')
  if (logs.length < 1 || logs.length > maxLogs) throw badInput('input.logs', `A push has 1 to ${maxLogs} logs.`)
  for (const [index, { encryptedData, nonce, haexTimestamp }] of logs.entries()) {
    checkCiphertext(encryptedData, maxLogBytes, `input.logs.${index}.encryptedData`)
    checkLabel(nonce, maxNonceLength, `input.logs.${index}.nonce`)
    checkLabel(haexTimestamp, maxTimestampLength, `input.logs.${index}.haexTimestamp`)
  }
}

/** What a log counts against the quota. */
export const bytesOf = ({ encryptedData, nonce, haexTimestamp }: SealedLog): number =>
  encryptedData.length + Buffer.byteLength(nonce) + Buffer.byteLength(haexTimestamp) + logOverheadBytes

/** The same for two logs of one device that are the same log. */
export const identityOf = ({ haexTimestamp, nonce }: Pick<SealedLog, 'haexTimestamp' | 'nonce'>): string => JSON.stringify([haexTimestamp, nonce])

export const quotaExceeded = (leftBytes: number): AppError =>
  new AppError('QUOTA_EXCEEDED', `These logs are more than your vaults may still take: ${leftBytes} bytes.`, { field: 'input.logs', leftBytes })

/** `streamStart` is where the stream of the log's vault stood when that was made. */
export const toLog = ({ vault, ...log }: LogRow, streamStart: number, cursors: Cursors): VaultLog => ({
  ...log,
  __typename: 'VaultLog',
  cursor: cursors.encode(vault, streamStart + log.sequence),
})

/** Null for a kind of change that this version does not know. */
export function toLogEvent({ streamId, seq, kind, payload, clientId, at }: Change, cursors: Cursors): VaultLog | null {
  if (kind !== 'log') return null
  const { id, sequence, encryptedData, nonce, haexTimestamp } = payload as LogPayload
  const cursor = cursors.encode(streamId, seq)
  return { __typename: 'VaultLog', cursor, id, sequence, encryptedData, nonce, haexTimestamp, deviceId: clientId, createdAt: at }
}
