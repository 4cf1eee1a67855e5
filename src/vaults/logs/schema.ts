import { builder } from '../../graph/builder.ts'
import { contentsLimit, spendBytes } from '../../graph/byte-budget.ts'
import { pageSize } from '../../graph/connection.ts'
import { FeedItem, feedAfter } from '../../graph/feed-item.ts'
import { signedIn } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { rootsOf } from '../../graph/roots.ts'
import { Vault } from '../schema.ts'
import { maxNonceLength } from '../vault.ts'
import { type VaultLog as Log, logOverheadBytes, maxDeviceIdLength, maxLogBytes, maxLogs, maxTimestampLength } from './log.ts'
import { checkPage, type LogPage } from './page.ts'
import type { Pushed } from './push.ts'

const roots = rootsOf('vaults')

const VaultLog = builder.objectRef<Log>('VaultLog').implement({
  description: 'What a device put into a vault. It stays as it is until the vault is deleted.',
  interfaces: [FeedItem],
  fields: t => ({
    id: t.exposeID('id', { description: 'Its id, on the whole server.' }),
    sequence: t.field({ type: 'BigInt', description: 'Its place in the vault: 1, 2, 3, … without holes.', resolve: log => log.sequence }),
    encryptedData: t.field({
      type: 'Ciphertext',
      description: `As the device gave it. ${contentsLimit}`,
      resolve({ encryptedData }, _, __, info) {
        spendBytes(info.variableValues, encryptedData.length)
        return encryptedData
      },
    }),
    nonce: t.exposeString('nonce', { description: 'With which it was encrypted; as the device gave it.' }),
    haexTimestamp: t.exposeString('haexTimestamp', {
      description: 'When it was written, by the clock that the devices keep; as the device gave it.',
    }),
    deviceId: t.exposeID('deviceId', { nullable: true, description: 'The device that pushed it, if that said so.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When the server accepted it.', resolve: log => log.createdAt }),
  }),
})

const VaultLogConnection = builder.objectRef<LogPage>('VaultLogConnection').implement({
  description: 'Some logs of a vault, in order.',
  fields: t => ({
    nodes: t.field({
      type: [VaultLog],
      description: 'The logs; fewer than asked for when they are large, or when much is left out.',
      resolve: page => page.nodes,
    }),
    hasMore: t.exposeBoolean('hasMore', { description: 'Whether there is more to be read behind `endSequence`.' }),
    endSequence: t.field({
      type: 'BigInt',
      nullable: true,
      description:
        'How far these logs go, what `excludeDeviceId` left out included: `afterSequence` of the next page. Null when there was nothing behind `afterSequence`.',
      resolve: page => page.endSequence,
    }),
    endCursor: t.field({
      type: 'Cursor',
      description: 'Where the feed stands there: whoever has read the last page subscribes with it.',
      resolve: page => page.endCursor,
    }),
  }),
})

builder.objectField(Vault, 'logs', t =>
  t.field({
    type: VaultLogConnection,
    description: 'Its logs from a sequence on, in order.',
    args: {
      afterSequence: t.arg({
        type: 'BigInt',
        description:
          'The last sequence the device has; default 0. RESYNC_REQUIRED when it is above `headSequence`: the device knows an earlier vault with this id.',
      }),
      first: t.arg.int({ description: 'From 1 to 500. Default 100.' }),
      excludeDeviceId: t.arg.id({ description: 'Leaves out what this device pushed. What no device is named for is there.' }),
    },
    resolve: (vault, { afterSequence, first, excludeDeviceId }, context) =>
      context.loaders.vaultLogs.load(
        checkPage(vault, { after: afterSequence ?? 0, first: pageSize(first, 100), excludeDeviceId: excludeDeviceId ?? null }),
      ),
  }),
)

const VaultLogInput = builder.inputType('VaultLogInput', {
  description: `What a device encrypted. Against VAULT_QUOTA_BYTES it counts its texts, and ${logOverheadBytes} bytes more.`,
  fields: t => ({
    encryptedData: t.field({
      type: 'Ciphertext',
      required: true,
      description: `At most ${maxLogBytes / 1024} KiB as base64 (PAYLOAD_TOO_LARGE), and not empty.`,
    }),
    nonce: t.string({ required: true, description: `With which it was encrypted: 1 to ${maxNonceLength} characters in a form of the client’s own.` }),
    haexTimestamp: t.string({
      required: true,
      description: `When it was written, by the clock that the devices keep: 1 to ${maxTimestampLength} characters, which the server does not read.`,
    }),
  }),
})

const PushVaultLogsInput = builder.inputType('PushVaultLogsInput', {
  description:
    'Logs for a vault, all or nothing. One whose (vault, device, haexTimestamp, nonce) is already there is not stored twice; its first sequence is returned.',
  fields: t => ({
    vaultId: t.id({ required: true, description: 'The vault; NOT_FOUND unless `storeVaultKey` made it.' }),
    deviceId: t.id({ description: `The device that pushes: 1 to ${maxDeviceIdLength} characters of the client’s choosing.` }),
    logs: t.field({
      type: [VaultLogInput],
      required: true,
      description: `1 to ${maxLogs} logs. One bad log refuses the push, and \`field\` names it. MAX_MESSAGE_BYTES limits the whole request.`,
    }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const PushVaultLogsPayload = builder.objectRef<Pushed>('PushVaultLogsPayload').implement({
  description: 'What came of `pushVaultLogs`.',
  fields: t => ({
    logs: t.field({
      type: [VaultLog],
      description: 'The logs as they are stored, in the order of the push.',
      resolve: (pushed, _, context) => context.services.vaultLogs.pushed(pushed),
    }),
    headSequence: t.field({
      type: 'BigInt',
      description: 'The sequence of the vault’s last log after this push.',
      resolve: pushed => pushed.headSequence,
    }),
  }),
})

roots.mutationField('pushVaultLogs', t =>
  t.field({
    type: PushVaultLogsPayload,
    directives: { auth: {} },
    description:
      'Puts logs into a vault, under the next sequences. QUOTA_EXCEEDED when all vaults of the viewer would weigh more than VAULT_QUOTA_BYTES.',
    args: { input: t.arg({ type: PushVaultLogsInput, required: true, description: 'The logs, and which device pushes them.' }) },
    resolve: (_, { input }, context) => context.services.vaultLogs.push(signedIn(context), input),
  }),
)

roots.subscriptionField('vaultLogs', t =>
  t.field({
    type: FeedItem,
    directives: { auth: {} },
    description:
      'The feed of one of the viewer’s vaults: FeedReady, then every VaultLog, in order and exactly once. NOT_FOUND when there is no such vault.',
    args: {
      vaultId: t.arg.id({ required: true, description: 'The vault.' }),
      after: t.arg({ type: 'Cursor', description: feedAfter }),
    },
    subscribe: (_, { vaultId, after }, context) => context.services.vaultLogs.subscribe(signedIn(context), vaultId, after) as never,
    resolve: event => event as never,
  }),
)
