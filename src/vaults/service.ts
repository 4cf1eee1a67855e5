import type { Access } from '../access/access.ts'
import type { Viewer } from '../access/viewer.ts'
import type { Recorder } from '../audit/audit.ts'
import { AppError, notFound } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { callOf, type Repeatable } from '../feed/idempotency.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import {
  countVault,
  deleteVault,
  deleteVaultsOf,
  findVault,
  insertVault,
  listVaults,
  lockVault,
  lockVaultsOf,
  markStart,
  updateKey,
} from './store.ts'
import { checkKey, checkLabel, idOf, maxVaultIdLength, type VaultKey, type VaultRow } from './vault.ts'

export const mostVaults = 200

export interface VaultsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly audit: Recorder
  readonly clock: Clock
  /** Whether there is such a user; there is one until the transaction ends, then. */
  readonly userExists: (userId: string, tx: Tx) => Promise<boolean>
}

export interface StoreVaultKeyInput extends Repeatable {
  readonly vaultId: string
  readonly encryptedVaultKey: string
  readonly salt: string
  readonly nonce: string
  readonly encryptedName?: string | null | undefined
}

export interface RotateVaultKeyInput extends Repeatable {
  readonly vaultId: string
  readonly expectedVersion: number
  readonly encryptedVaultKey: string
  readonly salt: string
  readonly nonce: string
}

/** Vaults: what the devices of one user share, and nobody else can read. They are nobody else's in any way: the server's admins have none of them either. */
export function createVaults({ database, feed, access, audit, clock, userExists }: VaultsDeps) {
  return {
    find: (viewer: Viewer, vaultId: string): Promise<VaultRow | null> => findVault(database.db, idOf(viewer.userId, vaultId)),

    list: (viewer: Viewer): Promise<VaultRow[]> => listVaults(database.db, viewer.userId),

    /** Makes a vault. @throws ALREADY_EXISTS, QUOTA_EXCEEDED */
    async store(viewer: Viewer, input: StoreVaultKeyInput): Promise<VaultKey> {
      const ownerId = viewer.userId
      const { vaultId, encryptedVaultKey, salt, nonce, encryptedName = null } = input
      checkLabel(vaultId, maxVaultIdLength, 'input.vaultId')
      checkKey(input)
      const { at } = await feed.once(callOf(viewer, 'storeVaultKey', input), async tx => {
        const now = clock.now()
        await make(tx, { ownerId, vaultId, encryptedVaultKey, salt, nonce, encryptedName, version: 1, createdAt: now, keyUpdatedAt: now })
        return { at: now.toISOString() }
      })
      const createdAt = new Date(at)
      return { vaultId, encryptedVaultKey, salt, nonce, encryptedName, version: 1, createdAt, keyUpdatedAt: createdAt }
    },

    /** Wraps the key of a vault anew. @throws VERSION_MISMATCH when another device did so meanwhile */
    async rotate(viewer: Viewer, input: RotateVaultKeyInput): Promise<VaultKey> {
      const id = idOf(viewer.userId, input.vaultId)
      const { encryptedVaultKey, salt, nonce } = input
      checkKey(input)
      const { version, at } = await feed.once(callOf(viewer, 'rotateVaultKey', input), async tx => {
        const vault = await lockVault(tx, id)
        if (!vault) throw notFound('vault')
        if (vault.version !== input.expectedVersion) throw versionMismatch(vault.version)
        const now = clock.now()
        await updateKey(tx, id, { encryptedVaultKey, salt, nonce, version: vault.version + 1, keyUpdatedAt: now })
        return { version: vault.version + 1, at: now.toISOString() }
      })
      const vault = await findVault(database.db, id)
      if (!vault) throw notFound('vault')
      return { ...vault, encryptedVaultKey, salt, nonce, version, keyUpdatedAt: new Date(at) }
    },

    /** Removes a vault with its logs, for good, and ends its feeds. Gives its id. */
    async remove(viewer: Viewer, input: { readonly vaultId: string } & Repeatable): Promise<string> {
      const { userId } = viewer
      await feed.once(callOf(viewer, 'deleteVault', input), async tx => {
        const vault = await lockVault(tx, idOf(userId, input.vaultId))
        if (!vault) throw notFound('vault')
        await deleteVault(tx, vault)
        await feed.remove(tx, vault.id)
        await access.revoke(tx, { userId, resourceId: vault.id })
        await audit.record(tx, viewer, 'deleted', { target: vault.id })
        return {}
      })
      return input.vaultId
    },

    /** Removes all that a user has here, when their account goes; their feeds end with their sessions. */
    async removeAll(tx: Tx, ownerId: string): Promise<void> {
      const ids = await lockVaultsOf(tx, ownerId)
      await deleteVaultsOf(tx, ownerId, ids)
      for (const id of ids) await feed.remove(tx, id)
    },
  }

  async function make(tx: Tx, vault: VaultKey & { readonly ownerId: string }): Promise<void> {
    // Who deleted their account while this was on its way has no vaults any more, and gets no other.
    if (!(await userExists(vault.ownerId, tx))) throw new AppError('TOKEN_REVOKED', 'This account is gone.')
    const id = idOf(vault.ownerId, vault.vaultId)
    if (!(await insertVault(tx, { ...vault, id }))) {
      throw new AppError('ALREADY_EXISTS', 'There is a vault with this id; `rotateVaultKey` changes its key.', { field: 'input.vaultId' })
    }
    await feed.open(tx, id, 'vault')
    await markStart(tx, id)
    if ((await countVault(tx, vault.ownerId)) > mostVaults) throw new AppError('QUOTA_EXCEEDED', `A user has at most ${mostVaults} vaults.`)
  }
}

const versionMismatch = (version: number) =>
  new AppError('VERSION_MISMATCH', `The key of the vault is at version ${version}.`, { field: 'input.expectedVersion', version })
