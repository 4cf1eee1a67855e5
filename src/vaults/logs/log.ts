import { AppError, badInput } from '../../errors.ts'
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
