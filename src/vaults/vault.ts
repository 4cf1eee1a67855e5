import { createHash } from 'node:crypto'
import { AppError, badInput } from '../errors.ts'
import { checkText } from '../platform/json.ts'

/** A vault as its key is stored: wrapped by the client, under a version that rises with every rotation. */
export interface VaultRow {
  readonly id: string
  readonly ownerId: string
  /** As its owner calls it; others may have a vault of the same name. */
  readonly vaultId: string
  readonly encryptedVaultKey: string
  readonly salt: string
  readonly nonce: string
  readonly encryptedName: string | null
  readonly version: number
  readonly headSequence: number
  readonly streamStart: number
  readonly logBytes: number
  readonly createdAt: Date
  readonly keyUpdatedAt: Date
}

export type VaultKey = Omit<VaultRow, 'id' | 'ownerId' | 'headSequence' | 'streamStart' | 'logBytes'>

/** The id of a user's vault within the server: nobody but its owner can name it. */
export const idOf = (ownerId: string, vaultId: string): string => `vault_${createHash('sha256').update(`${ownerId} ${vaultId}`).digest('base64url')}`

export const maxVaultIdLength = 128
export const maxNonceLength = 128
export const maxKeyBytes = 4 * 1024

/** What a client encrypted: as text, of which only the length is anybody's business. @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE */
export function checkCiphertext(ciphertext: string, maxBytes: number, field: string): void {
  if (ciphertext === '') throw badInput(field, 'A Ciphertext is not empty.')
  if (ciphertext.length > maxBytes)
    throw new AppError('PAYLOAD_TOO_LARGE', `This has at most ${maxBytes} bytes as base64; it has ${ciphertext.length}.`, { field })
}

/** What a client needs beside a ciphertext, in a form that is its own business. @throws BAD_USER_INPUT */
export function checkLabel(text: string, maxLength: number, field: string): void {
  if (text.length < 1 || text.length > maxLength) throw badInput(field, `This has 1 to ${maxLength} characters.`)
  checkText(text, field)
}

interface WrappedKey {
  readonly encryptedVaultKey: string
  readonly salt: string
  readonly nonce: string
  readonly encryptedName?: string | null | undefined
}

/** @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE */
export function checkKey({ encryptedVaultKey, salt, nonce, encryptedName }: WrappedKey): void {
  checkCiphertext(encryptedVaultKey, maxKeyBytes, 'input.encryptedVaultKey')
  checkLabel(salt, maxNonceLength, 'input.salt')
  checkLabel(nonce, maxNonceLength, 'input.nonce')
  if (encryptedName != null) checkCiphertext(encryptedName, maxKeyBytes, 'input.encryptedName')
}
