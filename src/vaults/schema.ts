import { builder } from '../graph/builder.ts'
import { signedIn } from '../graph/guard.ts'
import { idempotencyKeyField } from '../graph/idempotency-key.ts'
import { rootsOf } from '../graph/roots.ts'
import { mostVaults } from './service.ts'
import { type VaultKey as Key, maxKeyBytes, maxNonceLength, maxVaultIdLength, type VaultRow } from './vault.ts'

const roots = rootsOf('vaults')

const VaultKey = builder.objectRef<Key>('VaultKey').implement({
  description: 'The key of a vault as its owner’s devices wrapped it, with a key that comes from a password the server never gets.',
  fields: t => ({
    vaultId: t.exposeID('vaultId', { description: 'The vault.' }),
    encryptedVaultKey: t.field({ type: 'Ciphertext', description: 'The wrapped key.', resolve: key => key.encryptedVaultKey }),
    salt: t.exposeString('salt', { description: 'From which, and the password, the wrapping key comes; as the client gave it.' }),
    nonce: t.exposeString('nonce', { description: 'With which the key was wrapped; as the client gave it.' }),
    encryptedName: t.field({
      type: 'Ciphertext',
      nullable: true,
      description: 'What people call the vault, as it was when the vault was made.',
      resolve: key => key.encryptedName,
    }),
    version: t.exposeInt('version', { description: '1 for a new vault, and one more with every rotation.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When the vault was made.', resolve: key => key.createdAt }),
    updatedAt: t.field({ type: 'DateTime', description: 'When the key was last wrapped.', resolve: key => key.keyUpdatedAt }),
  }),
})

export const Vault = builder.objectRef<VaultRow>('Vault').implement({
  description:
    'What the devices of one user share and the server can’t read. It is nobody else’s: others may have one with the same id, and administrators can’t get at it.',
  fields: t => ({
    id: t.id({ description: 'As its owner’s client named it.', resolve: vault => vault.vaultId }),
    key: t.field({ type: VaultKey, nullable: true, description: 'Its wrapped key.', resolve: vault => vault }),
    headSequence: t.field({
      type: 'BigInt',
      description: 'The sequence of its last log; 0 while there is none.',
      resolve: vault => vault.headSequence,
    }),
    logBytes: t.field({ type: 'BigInt', description: 'What its logs count against VAULT_QUOTA_BYTES.', resolve: vault => vault.logBytes }),
    cursor: t.field({
      type: 'Cursor',
      description: 'Where its feed stands at `headSequence`.',
      resolve: (vault, _, context) => context.services.vaultLogs.cursorOf(vault),
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was made. Another one than a client knows tells that the vault was deleted and made anew.',
      resolve: vault => vault.createdAt,
    }),
  }),
})

roots.queryFields(t => ({
  vault: t.field({
    type: Vault,
    nullable: true,
    directives: { auth: {} },
    description: 'One of the viewer’s own vaults; null when they have none with this id.',
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, context) => context.services.vaults.find(signedIn(context), id),
  }),
  vaults: t.field({
    type: [Vault],
    directives: { auth: {} },
    description: `The viewer’s own vaults, at most ${mostVaults}, the oldest first.`,
    resolve: (_, __, context) => context.services.vaults.list(signedIn(context)),
  }),
}))

const keyLimit = `At most ${maxKeyBytes / 1024} KiB as base64 (PAYLOAD_TOO_LARGE), and not empty.`
const labelLimit = `1 to ${maxNonceLength} characters in a form of the client’s own.`

const StoreVaultKeyInput = builder.inputType('StoreVaultKeyInput', {
  description: 'A new vault, and the key that the client wrapped for it.',
  fields: t => ({
    vaultId: t.id({
      required: true,
      description: `An id of the client’s choosing: 1 to ${maxVaultIdLength} characters, once among the viewer’s vaults.`,
    }),
    encryptedVaultKey: t.field({ type: 'Ciphertext', required: true, description: `The wrapped key. ${keyLimit}` }),
    salt: t.string({ required: true, description: `For the wrapping key. ${labelLimit}` }),
    nonce: t.string({ required: true, description: `For the wrapping. ${labelLimit}` }),
    encryptedName: t.field({ type: 'Ciphertext', description: `What people call it. ${keyLimit}` }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const RotateVaultKeyInput = builder.inputType('RotateVaultKeyInput', {
  description: 'The same key of a vault, wrapped anew: with another password, as a rule.',
  fields: t => ({
    vaultId: t.id({ required: true, description: 'The vault.' }),
    expectedVersion: t.int({
      required: true,
      description: '`VaultKey.version` as the device knows it. VERSION_MISMATCH when there is another, with that `version` beside the code.',
    }),
    encryptedVaultKey: t.field({ type: 'Ciphertext', required: true, description: `The wrapped key. ${keyLimit}` }),
    salt: t.string({ required: true, description: `For the wrapping key. ${labelLimit}` }),
    nonce: t.string({ required: true, description: `For the wrapping. ${labelLimit}` }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const DeleteVaultInput = builder.inputType('DeleteVaultInput', {
  description: 'Which vault to delete.',
  fields: t => ({ vaultId: t.id({ required: true, description: 'The vault.' }), idempotencyKey: idempotencyKeyField(t) }),
})

const withKey = (name: string, description: string) =>
  builder.objectRef<Key>(name).implement({
    description,
    fields: t => ({ vaultKey: t.field({ type: VaultKey, description: 'The key as this call stored it.', resolve: key => key }) }),
  })
const StoreVaultKeyPayload = withKey('StoreVaultKeyPayload', 'What came of `storeVaultKey`.')
const RotateVaultKeyPayload = withKey('RotateVaultKeyPayload', 'What came of `rotateVaultKey`.')

const DeleteVaultPayload = builder.objectRef<string>('DeleteVaultPayload').implement({
  description: 'What came of `deleteVault`.',
  fields: t => ({ deletedId: t.id({ description: 'The vault that is gone.', resolve: id => id }) }),
})

roots.mutationFields(t => ({
  storeVaultKey: t.field({
    type: StoreVaultKeyPayload,
    directives: { auth: {} },
    description: `Makes a vault. ALREADY_EXISTS when the viewer has one with this id, QUOTA_EXCEEDED above ${mostVaults} vaults.`,
    args: { input: t.arg({ type: StoreVaultKeyInput, required: true, description: 'The vault and its key.' }) },
    resolve: (_, { input }, context) => context.services.vaults.store(signedIn(context), input),
  }),
  rotateVaultKey: t.field({
    type: RotateVaultKeyPayload,
    directives: { auth: {} },
    description: 'Stores the key of a vault wrapped anew, unless another device did so meanwhile: VERSION_MISMATCH. Its logs stay as they are.',
    args: { input: t.arg({ type: RotateVaultKeyInput, required: true, description: 'The key and the version it follows.' }) },
    resolve: (_, { input }, context) => context.services.vaults.rotate(signedIn(context), input),
  }),
  deleteVault: t.field({
    type: DeleteVaultPayload,
    directives: { auth: {} },
    description: 'Removes a vault with its key and all logs, for good. Its feeds end with FORBIDDEN.',
    args: { input: t.arg({ type: DeleteVaultInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, context) => context.services.vaults.remove(signedIn(context), input),
  }),
}))
