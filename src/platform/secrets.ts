import { hkdfSync, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { StartError } from './start-error.ts'

/** Keys of one purpose. The first makes what is new; the others recognise what was made before the secret was rotated. */
export type Keys = readonly [Uint8Array, ...Uint8Array[]]

export interface Secrets {
  /** One key of 32 bytes for each secret. They belong to this purpose alone: who learns one key learns nothing about another. */
  deriveKeys(purpose: string): Keys
}

/** Uses JWT_SECRET, or outside production the secret in DATA_DIR, which it makes on first use; and JWT_PREVIOUS_SECRETS. */
export function openSecrets(config: Config): Secrets {
  const newest = config.JWT_SECRET ?? keptSecret(config.DATA_DIR)
  const others = config.JWT_PREVIOUS_SECRETS.filter(secret => secret !== newest)
  return {
    deriveKeys(purpose) {
      const derive = (secret: string) => new Uint8Array(hkdfSync('sha256', secret, '', `tidemark/${purpose}`, 32))
      return [derive(newest), ...others.map(derive)]
    },
  }
}

function keptSecret(folder: string): string {
  const path = join(folder, 'secret')
  try {
    return read(path)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Written whole under another name first: whoever starts at the same time finds all of it or nothing, and the first one wins.
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`
  writeFileSync(draft, `${randomBytes(48).toString('base64')}\n`, { mode: 0o600, flush: true })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return read(path)
}

function read(path: string): string {
  const secret = readFileSync(path, 'utf8').trim()
  if (secret.length < 32)
    throw new StartError(`DATA_DIR: ${path} holds no usable secret. Remove it to have a new one made; all sessions end by that.`)
  return secret
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'
