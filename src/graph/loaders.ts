import type { Viewer } from '../access/viewer.ts'
import type { User } from '../accounts/users/user.ts'
import type { Presence } from '../presence/presence.ts'
import type { Services } from '../services.ts'
import { byId, paged, type ReadMany, withinBudget } from './batch.ts'

export type Loaders = ReturnType<typeof createLoaders>

/** Reads that many fields of one answer ask for one by one, and that go to the database together. */
export function createLoaders(services: Services, viewer: Viewer | null) {
  const asSeen =
    <Value>(read: (viewer: Viewer, ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>): ReadMany<Value> =>
    async ids =>
      viewer ? read(viewer, ids) : new Map()

  return {
    users: services.accounts.userLoader,
    /** Of users of whom the viewer may know where they are signed in. */
    sessionCounts: byId(services.accounts.countSessions, null),
    /** What the viewer may do with a thing. */
    levels: byId(asSeen(services.access.levelsOf), null),
    /** Whether a user is a member of something that the viewer is a member of. */
    acquaintances: byId(
      asSeen(async ({ userId }, ids) => new Map(Array.from(await services.members.sharingWith(userId, ids), id => [id, true]))),
      false,
    ),
    /** Of users that the viewer may know of. */
    presences: byId<Presence, never>(services.presence.load, new Error('There is no presence of this user.')),

    // As the viewer sees them; none of those that the viewer may not see.
    folders: byId(asSeen(services.folders.load), null),
    chats: byId(asSeen(services.chats.loadAll), null),
    /** How much of a chat the viewer has not read. */
    unreadCounts: byId(
      asSeen(({ userId }, ids) => services.receipts.unreadCounts(userId, ids)),
      0,
    ),

    // Whatever of these is there, whoever may read it; that goes by `levels`.
    documents: byId(services.documents.loadAll, null),
    snapshots: byId(services.documents.snapshots.load, null),
    collections: byId(services.collections.load, null),
    records: byId(services.records.load, null),
    notes: byId(withinBudget(services.notes.weigh, services.notes.load), null),
    revisionNotes: byId(services.revisions.notesOf, null),
    revisions: byId(withinBudget(services.revisions.weigh, services.revisions.load), null),
    attachmentsById: byId(services.attachments.load, null),

    /** By their place in the log. */
    auditEntries: byId(services.audit.loadAt, null),

    // Of things that the viewer was found to have access to.
    members: paged(services.members.list),
    /** How many bytes they have. */
    documentWeights: byId(services.documents.weighValues, 0),
    documentValues: byId(services.documents.readValues, {}),
    snapshotFields: byId(services.documents.snapshots.readFields, {}),
    documentClocks: byId(services.documents.readClocks, {}),
    /** How many live records are in a collection. */
    recordCounts: byId(services.records.count, 0),
    noteRevisions: paged(services.revisions.list),
    publications: byId(services.publications.load, null),
    attachments: byId(services.attachments.listByNote, []),
    /** Their bytes in base64; null for one without any. */
    attachmentData: byId(services.attachments.readBase64, null),
    folderChildren: byId(services.folders.loadChildren, []),
    folderNoteCounts: byId(services.folders.countNotes, 0),
    vaultLogs: services.vaultLogs.createPageLoader(),
    chatMembers: byId(services.chatMembers.list, []),
    /** Where those who have read something in a chat have read up to. */
    chatReadings: byId(services.receipts.list, []),

    /** By slug, for everybody. */
    publicationContents: byId(services.publications.loadContents, null),
  }
}

/** Someone who must be there: accounts that are deleted leave their row behind. */
export async function loadUser({ users }: Loaders, id: string): Promise<User> {
  const user = await users.load(id)
  if (!user) throw new Error(`There is no user ${id}.`)
  return user
}
