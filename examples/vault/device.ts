import { setTimeout as delay } from 'node:timers/promises'
import { type Api, ApiError, type StoredLog } from './api.ts'
import { createClock } from './clock.ts'
import { newVaultKey, openLog, openName, type SealedLog, sealLog, sealName, unwrapKey, wrapKey } from './crypto.ts'
import { createReplica, type Edit } from './replica.ts'

export interface VaultOptions {
  readonly api: Api
  readonly vaultId: string
  readonly deviceId: string
  readonly password: string
}

/** A vault as one device has it: it can be read and changed with and without a network. */
export interface Device {
  readonly deviceId: string
  readonly name: string
  /** The version of the key that this device knows. */
  readonly keyVersion: number
  /** Changes that are not pushed yet. */
  readonly waiting: number
  entries(): Record<string, string>
  set(key: string, value: string): Promise<void>
  remove(key: string): Promise<void>
  /** Pushes what waits, and reads what is new. @throws TamperedLogError, ApiError */
  sync(): Promise<void>
  /** Takes what others push as it comes, until it is stopped. */
  follow(): Following
  /** The vault's own key stays, so nothing else changes. @throws ApiError with VERSION_MISMATCH when another device was first */
  changePassword(password: string): Promise<void>
}

export interface Following {
  /** Rejects when it can't go on: a log was tampered with, or the vault is gone. */
  readonly failed: Promise<never>
  stop(): void
}

/** What a push holds at most: requests are limited to 1 MiB. */
const maxPushBytes = 512 * 1024
const maxPushLogs = 1_000
const retryMs = 200
/** What passes by itself. Anything else that the server says is final. */
const passing = new Set(['SHUTTING_DOWN', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR', 'TOO_MANY_CONNECTIONS'])

/** Makes a vault, and opens it on the device that made it. @throws ApiError with ALREADY_EXISTS */
export async function createVault(options: VaultOptions & { readonly name: string }): Promise<Device> {
  const { api, vaultId, password, name } = options
  const key = await newVaultKey()
  await api.storeKey({ vaultId, ...(await wrapKey(key, password, vaultId)), encryptedName: await sealName(key, vaultId, name) })
  return openVault(options)
}

/** Opens a vault on another device. @throws WrongPasswordError */
export async function openVault({ api, vaultId, deviceId, password }: VaultOptions): Promise<Device> {
  const stored = await api.readKey(vaultId)
  if (!stored) throw gone()
  const key = await unwrapKey(stored.key, password, vaultId)
  const name = stored.key.encryptedName === null ? '' : await openName(key, vaultId, stored.key.encryptedName)
  const clock = createClock(deviceId)
  const replica = createReplica()
  let queue: readonly SealedLog[] = []
  let keyVersion = stored.key.version
  /** The mark: everything up to here was handled. */
  let mark = { sequence: 0, cursor: '' }

  async function edit(change: Edit): Promise<void> {
    const time = clock.tick()
    replica.apply(change, time)
    queue = [...queue, await sealLog(key, vaultId, deviceId, time, change)]
  }

  async function take(log: StoredLog): Promise<void> {
    if (log.sequence <= mark.sequence) return
    const change = (await openLog(key, vaultId, log)) as Edit
    clock.hear(log.haexTimestamp)
    replica.apply(change, log.haexTimestamp)
    advance(log.sequence, log.cursor)
  }

  function advance(sequence: number, cursor: string): void {
    if (sequence >= mark.sequence) mark = { sequence, cursor }
  }

  async function push(): Promise<void> {
    while (queue.length > 0) {
      const batch = firstOf(queue)
      await api.push(vaultId, deviceId, batch)
      queue = queue.filter(log => !batch.includes(log))
    }
  }

  /** Page by page; of a vault it knows already, without what this device wrote itself. */
  async function pull(): Promise<void> {
    const own = mark.sequence === 0 ? null : deviceId
    for (let hasMore = true; hasMore; ) {
      const vault = await api.readLogs(vaultId, mark.sequence, own)
      if (vault?.createdAt !== stored?.createdAt || !vault) throw gone()
      for (const log of vault.logs.nodes) await take(log)
      advance(vault.logs.endSequence ?? mark.sequence, vault.logs.endCursor)
      hasMore = vault.logs.hasMore
    }
  }

  async function followOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (mark.cursor === '') await pull()
        for await (const log of api.follow(vaultId, mark.cursor, signal)) await take(log)
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof ApiError && error.code === 'RESYNC_REQUIRED') await pull()
        else if (isFinal(error)) throw error
      }
      await delay(retryMs)
    }
  }

  return {
    deviceId,
    name,
    get keyVersion() {
      return keyVersion
    },
    get waiting() {
      return queue.length
    },
    entries: replica.entries,
    set: (key, value) => edit({ key, value }),
    remove: key => edit({ key, value: null }),
    async sync() {
      await push()
      await pull()
    },
    follow() {
      const enough = new AbortController()
      const { promise: failed, reject } = Promise.withResolvers<never>()
      failed.catch(() => {})
      followOn(enough.signal).catch(reject)
      return { failed, stop: () => enough.abort() }
    },
    async changePassword(password) {
      keyVersion = await api.rotateKey({ vaultId, expectedVersion: keyVersion, ...(await wrapKey(key, password, vaultId)) })
    },
  }
}

const gone = () => new ApiError('There is no such vault, or it is not the one it was.', 'NOT_FOUND')

/** A network that is away is not the end; fetch and sockets say so by other errors than the server. */
const isFinal = (error: unknown) =>
  error instanceof ApiError ? !passing.has(error.code) : error instanceof Error && error.name === 'TamperedLogError'

/** As much as goes into one push. */
function firstOf(queue: readonly SealedLog[]): readonly SealedLog[] {
  let bytes = 0
  const end = queue.findIndex((log, index) => {
    bytes += log.encryptedData.length + 300
    return index === maxPushLogs || (index > 0 && bytes > maxPushBytes)
  })
  return end === -1 ? queue : queue.slice(0, end)
}
