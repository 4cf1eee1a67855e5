import type { Redis } from 'ioredis'
import { type Access, createAccess } from './access/access.ts'
import { createMembers, type Members } from './access/members.ts'
import { type Accounts, createAccounts } from './accounts/service.ts'
import { type ChatEvents, createChatEvents } from './chats/events/service.ts'
import { createChatMemberHooks } from './chats/members/hooks.ts'
import { type ChatMembers, createChatMembers } from './chats/members/service.ts'
import { createMessages, type Messages } from './chats/messages/service.ts'
import { createReceipts, type Receipts } from './chats/receipts/service.ts'
import { type Chats, createChats } from './chats/service.ts'
import { type ChatSignals, createChatSignals } from './chats/signals/service.ts'
import { createTyping, type Typing } from './chats/signals/typing.ts'
import { createRecords, type Records } from './collections/records/service.ts'
import { type Collections, createCollections } from './collections/service.ts'
import type { Config } from './config.ts'
import { type AwarenessService, createAwareness } from './documents/awareness/service.ts'
import { createDocuments, type Documents } from './documents/service.ts'
import { createSnapshots } from './documents/snapshots/service.ts'
import { createFeed, type Feed } from './feed/feed.ts'
import { createRetention } from './feed/retention.ts'
import { createDownloads, type Downloads, downloadPath } from './notes/attachments/download.ts'
import { type Attachments, createAttachments } from './notes/attachments/service.ts'
import { createFolders, type Folders } from './notes/folders/service.ts'
import { createNotebookImport, type NotebookImport } from './notes/import/service.ts'
import { createListing, type Listing } from './notes/listing/service.ts'
import { createNotebooks } from './notes/notebooks.ts'
import { createPublicationPage } from './notes/publications/page.ts'
import { createPublications, type Publications } from './notes/publications/service.ts'
import { createRevisions, type Revisions } from './notes/revisions/service.ts'
import { createNotes, type Notes } from './notes/service.ts'
import { createTrash, type Trash } from './notes/trash/service.ts'
import type { Bus } from './platform/bus.ts'
import type { Clock } from './platform/clock.ts'
import type { Database, Tx } from './platform/database.ts'
import { createLimits, type Limits } from './platform/limits.ts'
import type { Logger } from './platform/logger.ts'
import type { Secrets } from './platform/secrets.ts'
import type { WebRoutes } from './platform/web.ts'
import { createPresence, type PresenceService } from './presence/service.ts'
import { createSignals } from './signals/signals.ts'
import { createVaultLogs, type VaultLogs } from './vaults/logs/service.ts'
import { createVaults, type Vaults } from './vaults/service.ts'

/** Everything a resolver can call. */
export interface Services extends AsyncDisposable {
  readonly feed: Feed
  readonly access: Access
  readonly members: Members
  readonly limits: Limits
  readonly accounts: Accounts
  readonly documents: Documents
  readonly awareness: AwarenessService
  readonly collections: Collections
  readonly records: Records
  readonly notes: Notes
  readonly revisions: Revisions
  readonly trash: Trash
  readonly listing: Listing
  readonly notebookImport: NotebookImport
  readonly folders: Folders
  readonly attachments: Attachments
  readonly downloads: Downloads
  readonly publications: Publications
  readonly chats: Chats
  readonly chatMembers: ChatMembers
  readonly chatEvents: ChatEvents
  readonly messages: Messages
  readonly receipts: Receipts
  readonly typing: Typing
  readonly chatSignals: ChatSignals
  readonly presence: PresenceService
  readonly vaults: Vaults
  readonly vaultLogs: VaultLogs
  /** What rooms answer beside GraphQL. */
  readonly webRoutes: WebRoutes
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
}

/** Puts the rooms together. */
export async function createServices({ config, logger, clock, database, bus, redis, secrets }: Platform): Promise<Services> {
  const stack = new AsyncDisposableStack()
  const feed = stack.use(
    createFeed({ database, bus, clock, logger, cursorKey: secrets.deriveKey('cursor'), healIntervalMs: config.HEAL_INTERVAL_MS }),
  )
  const access = stack.use(await createAccess({ database, feed, logger }))
  const limits = createLimits({ redis })
  const signals = stack.use(createSignals({ bus, redis, logger, healIntervalMs: config.HEAL_INTERVAL_MS }))
  const awareness = stack.use(createAwareness({ signals, access, logger }))
  const snapshots = createSnapshots({
    database,
    feed,
    access,
    clock,
    logger,
    everyChanges: config.SNAPSHOT_EVERY_CHANGES,
    kept: config.SNAPSHOTS_KEPT,
  })
  stack.defer(snapshots.settled)
  // Accounts come last, since what goes with an account is every room's business.
  const userExists = (id: string, tx: Tx) => accounts.userExists(id, tx)
  const documents = createDocuments({ database, feed, access, snapshots, clock, userExists })
  const collections = createCollections({ database, feed, access, clock, userExists })
  const records = createRecords({ database, feed, access, collections, clock })
  const notebooks = createNotebooks({ database, feed, access, clock, userExists })
  const notebookImport = createNotebookImport({ feed, notebooks, clock })
  const listing = createListing({ database, feed, notebooks, quotaBytes: config.ATTACHMENT_QUOTA_BYTES })
  const revisions = createRevisions({ database, clock })
  const notes = createNotes({ database, feed, access, notebooks, revisions, clock })
  const trash = createTrash({ feed, access, notebooks, clock })
  const publications = createPublications({ database, feed, access, notebooks, clock })
  const attachments = createAttachments({ database, feed, access, notebooks, clock, quotaBytes: config.ATTACHMENT_QUOTA_BYTES })
  const downloads = createDownloads({
    attachments,
    access,
    clock,
    key: secrets.deriveKey('download'),
    publicUrl: config.PUBLIC_URL,
    roleOf: async id => (await accounts.findUser(id))?.role ?? null,
  })
  const folders = createFolders({ database, feed, notebooks, clock })
  const vaults = createVaults({ database, feed, access, clock, userExists })
  const vaultLogs = createVaultLogs({ database, feed, access, quotaBytes: config.VAULT_QUOTA_BYTES })
  const members = createMembers({
    database,
    feed,
    access,
    clock,
    userExists,
    hooks: { chat: createChatMemberHooks({ feed }) },
  })
  const chatMembers = createChatMembers({ database, feed, access, members, usersExist: (ids, tx) => accounts.usersExist(ids, tx) })
  const chats = createChats({ database, feed, access, members, chatMembers, clock })
  const typing = createTyping({ signals, access, chatMembers, logger, timeoutMs: config.TYPING_TIMEOUT_MS })
  const messages = createMessages({ database, feed, access, chatMembers, clock, onSent: typing.end })
  const receipts = createReceipts({ database, feed, access, clock })
  const chatEvents = createChatEvents({ feed, access, chatMembers })
  const presence = stack.use(await createPresence({ database, signals, access, sharingWith: members.sharingWith, clock, logger }))
  const chatSignals = createChatSignals({ feed, signals, presence, chatMembers, logger })
  const accounts = stack.use(
    await createAccounts({
      database,
      feed,
      access,
      limits,
      secrets,
      config,
      logger,
      clock,
      onAccountDeleted: [
        members.leaveRooms,
        presence.forget,
        vaults.removeAll,
        trash.removeNotebook,
        collections.removeAllOf,
        async (tx, userId) => {
          for (const orphan of await members.leaveAll(tx, userId)) await documents.purge(tx, orphan)
        },
      ],
    }),
  )
  const retention = createRetention({
    database,
    clock,
    logger,
    retentionDays: config.FEED_RETENTION_DAYS,
    maxChanges: config.FEED_MAX_CHANGES,
    onPrune: { document: documents.onPrune },
  })

  return {
    feed,
    access,
    members,
    limits,
    accounts,
    documents,
    awareness,
    collections,
    records,
    notes,
    revisions,
    trash,
    listing,
    notebookImport,
    folders,
    attachments,
    downloads,
    publications,
    chats,
    chatMembers,
    chatEvents,
    messages,
    receipts,
    typing,
    chatSignals,
    presence,
    vaults,
    vaultLogs,
    webRoutes: { '/p/': createPublicationPage(publications.findWhole), [downloadPath]: downloads.route },
    async sweep() {
      await records.expire()
      await retention.sweep()
      await accounts.sweep()
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
