import { webcrypto } from 'node:crypto'

type Key = webcrypto.CryptoKey
type Bytes = Uint8Array<ArrayBuffer>

/** What the server gets of a key. */
export interface WrappedKey {
  readonly encryptedVaultKey: string
  readonly salt: string
  readonly nonce: string
}

/** What the server gets of a change, and what it can see of it: who wrote it, and when. */
export interface SealedLog {
  readonly encryptedData: string
  readonly nonce: string
  readonly haexTimestamp: string
  readonly deviceId: string | null
}

export class WrongPasswordError extends Error {
  override readonly name = 'WrongPasswordError'
}

/** A log that nobody with the vault's key wrote, or that was changed since. */
export class TamperedLogError extends Error {
  override readonly name = 'TamperedLogError'
  readonly sequence: number

  constructor(sequence: number, id: string) {
    super(`Log ${sequence} (${id}) does not decrypt: it is not as a device of this vault wrote it.`)
    this.sequence = sequence
  }
}

const { subtle } = webcrypto
const rounds = 600_000
const aes = { name: 'AES-GCM', length: 256 }
const random = (length: number): Bytes => webcrypto.getRandomValues(new Uint8Array(length))
const bytesOf = (text: string): Bytes => new TextEncoder().encode(text)
const base64 = (bytes: ArrayBuffer | Bytes): string => Buffer.from(bytes as ArrayBuffer).toString('base64')
const fromBase64 = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'base64'))

export const newVaultKey = (): Promise<Key> => subtle.generateKey(aes, true, ['encrypt', 'decrypt'])

/** The password makes a key (PBKDF2-SHA-256), and that wraps the vault's. */
async function wrappingKey(password: string, salt: Bytes): Promise<Key> {
  const material = await subtle.importKey('raw', bytesOf(password.normalize('NFKC')), 'PBKDF2', false, ['deriveKey'])
  return subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, material, aes, false, ['wrapKey', 'unwrapKey'])
}

const gcm = (iv: Bytes, bound: readonly (string | null)[]) => ({ name: 'AES-GCM', iv, additionalData: bytesOf(JSON.stringify(bound)) })

export async function wrapKey(key: Key, password: string, vaultId: string): Promise<WrappedKey> {
  const [salt, nonce] = [random(16), random(12)]
  const wrapped = await subtle.wrapKey('raw', key, await wrappingKey(password, salt), gcm(nonce, [vaultId]))
  return { encryptedVaultKey: base64(wrapped), salt: base64(salt), nonce: base64(nonce) }
}

/** @throws WrongPasswordError */
export async function unwrapKey({ encryptedVaultKey, salt, nonce }: WrappedKey, password: string, vaultId: string): Promise<Key> {
  const wrapping = await wrappingKey(password, fromBase64(salt))
  try {
    const bound = gcm(fromBase64(nonce), [vaultId])
    return await subtle.unwrapKey('raw', fromBase64(encryptedVaultKey), wrapping, bound, aes, true, ['encrypt', 'decrypt'])
  } catch (error) {
    throw new WrongPasswordError('The password does not open this vault.', { cause: error })
  }
}

/** The nonce goes before the ciphertext, since there is no other place for it. */
export async function sealName(key: Key, vaultId: string, name: string): Promise<string> {
  const nonce = random(12)
  const sealed = await subtle.encrypt(gcm(nonce, [vaultId, 'name']), key, bytesOf(name))
  return base64(Buffer.concat([nonce, Buffer.from(sealed)]))
}

export async function openName(key: Key, vaultId: string, encryptedName: string): Promise<string> {
  const bytes = fromBase64(encryptedName)
  return new TextDecoder().decode(await subtle.decrypt(gcm(bytes.slice(0, 12), [vaultId, 'name']), key, bytes.slice(12)))
}

/** Vault, device and time are bound to the ciphertext: no log passes for another's, or for one of another time. */
export async function sealLog(key: Key, vaultId: string, deviceId: string, haexTimestamp: string, content: unknown): Promise<SealedLog> {
  const nonce = random(12)
  const sealed = await subtle.encrypt(gcm(nonce, [vaultId, deviceId, haexTimestamp]), key, bytesOf(JSON.stringify(content)))
  return { encryptedData: base64(sealed), nonce: base64(nonce), haexTimestamp, deviceId }
}

/** @throws TamperedLogError */
export async function openLog(key: Key, vaultId: string, log: SealedLog & { readonly sequence: number; readonly id: string }): Promise<unknown> {
  try {
    const bound = gcm(fromBase64(log.nonce), [vaultId, log.deviceId, log.haexTimestamp])
    return JSON.parse(new TextDecoder().decode(await subtle.decrypt(bound, key, fromBase64(log.encryptedData))))
  } catch {
    throw new TamperedLogError(log.sequence, log.id)
  }
}
