import type { Redis } from 'ioredis'
import { type Access, createAccess, type OnForbidden } from './access/access.ts'
import type { ViewerOfLink } from './access/link-holder.ts'
import { createMembers, type Members } from './access/members.ts'
import { type Accounts, createAccounts } from './accounts/service.ts'
import { createUserExport } from './accounts/users/export.ts'
import { createDashboardCookies } from './admin/dashboard/cookie.ts'
import { createDashboard } from './admin/dashboard/routes.ts'
import { createExportsRoom, type ExportsRoom } from './admin/exports/room.ts'
import { createIdentify, type Identify } from './admin/identify.ts'
import { idle, type ReadLoad } from './admin/stats/load.ts'
import { createStats, type StatsService } from './admin/stats/service.ts'
import { type Audit, createAudit } from './audit/audit.ts'
import { createAuditExport } from './audit/export.ts'
import { createChatMemberHooks } from './chats/members/hooks.ts'
import { type ChatsRoom, createChatsRoom } from './chats/room.ts'
import { type CollectionsRoom, createCollectionsRoom } from './collections/room.ts'
import type { Config } from './config.ts'
import { createDocumentsRoom, type DocumentsRoom } from './documents/room.ts'
import { createFeed, type Feed } from './feed/feed.ts'
import { createRetention } from './feed/retention.ts'
import { createNotesRoom, type NotesRoom } from './notes/room.ts'
import { createAddressList } from './platform/addresses.ts'
import type { Bus } from './platform/bus.ts'
import type { Clock } from './platform/clock.ts'
import type { Database, Tx } from './platform/database.ts'
import { createLimits, type Limits } from './platform/limits.ts'
import type { Logger } from './platform/logger.ts'
import type { Secrets } from './platform/secrets.ts'
import { createPresence, type PresenceService } from './presence/service.ts'
import { createSignals } from './signals/signals.ts'
import { createSignatures, type Signatures } from './signatures/signatures.ts'
import { createVaultsRoom, type VaultsRoom } from './vaults/room.ts'
import type { WebPages } from './web.ts'

/** Everything a resolver can call, and what rooms answer beside GraphQL. */
export interface Services extends DocumentsRoom, CollectionsRoom, NotesRoom, ChatsRoom, VaultsRoom, Omit<ExportsRoom, typeof Symbol.asyncDispose> {
  readonly feed: Feed
  readonly access: Access
  readonly members: Members
  readonly limits: Limits
  readonly accounts: Accounts
  readonly presence: PresenceService
  readonly audit: Audit
  readonly identify: Identify
  readonly signatures: Signatures
  readonly stats: StatsService
  readonly webPages: WebPages
  /** Removes what has expired, in the database. Any number of nodes may call it. */
  sweep(): Promise<void>
}

export interface Platform {
  readonly config: Config
  readonly logger: Logger
  readonly clock: Clock
  readonly database: Database
  readonly bus: Bus
  /** Null: there is one node. */
  readonly redis: Redis | null
  readonly secrets: Secrets
  /** What the transport has open; without it there is none. */
  readonly readLoad?: ReadLoad
}

/** Puts the rooms together. */
export async function createServices({ config, logger, clock, database, bus, redis, secrets, readLoad = idle }: Platform): Promise<Services> {
  const stack = new AsyncDisposableStack()
  const feed = stack.use(
    createFeed({ database, bus, clock, logger, cursorKeys: secrets.deriveKeys('cursor'), healIntervalMs: config.HEAL_INTERVAL_MS }),
  )
  const onForbidden: OnForbidden = (viewer, target, level) => audit.refuse(viewer, 'access-refused', { target, details: { needed: level } })
  const access = stack.use(await createAccess({ database, feed, logger, onForbidden }))
  const audit: Audit = stack.use(
    await createAudit({ database, feed, access, clock, logger, digestKeys: secrets.deriveKeys('audit'), keptDays: config.AUDIT_LOG_TTL_DAYS }),
  )
  const limits = createLimits({ redis })
  const mayAdminister = config.ADMIN_IP_ALLOWLIST.length === 0 ? () => true : createAddressList('ADMIN_IP_ALLOWLIST', config.ADMIN_IP_ALLOWLIST)
  const signals = stack.use(createSignals({ bus, redis, logger, healIntervalMs: config.HEAL_INTERVAL_MS }))
  // Accounts come last, since what goes with an account is every room's business.
  const userExists = (id: string, tx: Tx) => accounts.userExists(id, tx)
  const usersExist = (ids: readonly string[], tx: Tx) => accounts.usersExist(ids, tx)
  const viewerOfLink: ViewerOfLink = (...link) => accounts.viewerOfLink(...link)

  const ground = { database, feed, access, audit, signals, clock, logger, userExists, usersExist }
  const members = createMembers({ ...ground, hooks: { chat: createChatMemberHooks(ground) } })
  const presence = stack.use(await createPresence({ ...ground, sharingWith: members.sharingWith }))
  const documentsRoom = stack.use(createDocumentsRoom({ ...ground, everyChanges: config.SNAPSHOT_EVERY_CHANGES, kept: config.SNAPSHOTS_KEPT }))
  const collectionsRoom = createCollectionsRoom(ground)
  const links = { keys: secrets.deriveKeys('download'), publicUrl: config.PUBLIC_URL, viewerOfLink }
  const notesRoom = createNotesRoom({ ...ground, quotaBytes: config.ATTACHMENT_QUOTA_BYTES, links })
  const chatsRoom = createChatsRoom({ ...ground, members, presence, typingTimeoutMs: config.TYPING_TIMEOUT_MS })
  const vaultsRoom = createVaultsRoom({ ...ground, quotaBytes: config.VAULT_QUOTA_BYTES })
  const accounts = stack.use(
    await createAccounts({
      ...ground,
      limits,
      secrets,
      config,
      mayAdminister,
      onAccountDeleted: [
        members.leaveRooms,
        presence.forget,
        vaultsRoom.vaults.removeAll,
        notesRoom.trash.removeNotebook,
        collectionsRoom.collections.removeAllOf,
        async (tx, userId) => {
          for (const orphan of await members.leaveAll(tx, userId)) await documentsRoom.documents.purge(tx, orphan)
        },
      ],
    }),
  )
  const stats = stack.use(await createStats({ ...ground, readLoad }))
  const cookies = createDashboardCookies({ config, keys: secrets.deriveKeys('dashboard'), clock, viewerOf: accounts.viewerOf, mayAdminister })
  const identify = createIdentify({
    config,
    authenticate: accounts.authenticate,
    recall: accounts.recall,
    byCookie: cookies.identify,
    mayAdminister,
    limits,
    audit,
  })
  const dashboard = createDashboard({ ...ground, config, cookies, limits, mayAdminister, logout: viewer => accounts.logout(viewer, null) })
  const signatures = createSignatures({ clock, redis, isRequired: config.REQUIRE_SIGNATURES, keyOf: accounts.signingKeyOf, audit })
  const exportsRoom = stack.use(
    await createExportsRoom({
      ...ground,
      bus,
      sources: {
        USERS: createUserExport(database),
        DOCUMENTS: documentsRoom.documentExport,
        RECORDS: collectionsRoom.recordExport,
        NOTES: notesRoom.noteExport,
        CHATS: chatsRoom.chatExport,
        VAULTS: vaultsRoom.vaultExport,
        AUDIT: createAuditExport(database),
      },
      ttlHours: config.EXPORT_TTL_HOURS,
      links: { keys: secrets.deriveKeys('export-download'), publicUrl: config.PUBLIC_URL, viewerOfLink, mayAdminister },
    }),
  )
  const retention = createRetention({
    ...ground,
    retentionDays: config.FEED_RETENTION_DAYS,
    maxChanges: config.FEED_MAX_CHANGES,
    onPrune: { document: documentsRoom.documents.onPrune },
  })

  return {
    feed,
    access,
    members,
    limits,
    accounts,
    presence,
    audit,
    identify,
    signatures,
    stats,
    ...exportsRoom,
    ...documentsRoom,
    ...collectionsRoom,
    ...notesRoom,
    webPages: dashboard.webPages,
    webRoutes: { ...exportsRoom.webRoutes, ...dashboard.webRoutes, ...notesRoom.webRoutes, ...accounts.webRoutes },
    ...chatsRoom,
    ...vaultsRoom,
    async sweep() {
      await collectionsRoom.records.expire()
      await retention.sweep()
      await accounts.sweep()
      await audit.sweep()
      await exportsRoom.exports.sweep()
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
