import type { Identity, Viewer } from '../access/viewer.ts'
import type { User } from '../accounts/users/user.ts'
import type { DeltaPage, Lacking } from '../documents/catching-up.ts'
import type { Presence } from '../presence/presence.ts'
import type { Services } from '../services.ts'
import { byId, paged, type ReadMany, together, withinBudget } from './batch.ts'
import { maxReadBytes, tooManyBytes } from './byte-budget.ts'

type Load<Value> = (viewer: Viewer, ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>

const asSeen =
  <Value>(viewer: Viewer | null, read: Load<Value>): ReadMany<Value> =>
  async ids =>
    viewer ? read(viewer, ids) : new Map()

/** Reads that many fields of one answer ask for one by one, and that go to the database together. */
const makers = {
  users: ({ accounts }) => accounts.userLoader,
  /** Of users of whom the viewer may know where they are signed in. */
  sessionCounts: ({ accounts }) => byId(accounts.countSessions, null),
  /** What the viewer may do with a thing. */
  levels: ({ access }, { viewer }) => byId(asSeen(viewer, access.levelsOf), null),
  /** Whether a user is a member of something that the viewer is a member of. */
  acquaintances: ({ members }, { viewer }) =>
    byId(
      asSeen(viewer, async ({ userId }, ids) => new Map(Array.from(await members.sharingWith(userId, ids), id => [id, true]))),
      false,
    ),
  /** Of users that the viewer may know of. */
  presences: ({ presence }) => byId<Presence, never>(presence.load, new Error('There is no presence of this user.')),

  // As the viewer sees them; none of those that the viewer may not see.
  folders: ({ folders }, { viewer }) => byId(asSeen(viewer, folders.load), null),
  chats: ({ chats }, { viewer }) => byId(asSeen(viewer, chats.loadAll), null),
  /** How much of a chat the viewer has not read. */
  unreadCounts: ({ receipts }, { viewer }) =>
    byId(
      asSeen(viewer, ({ userId }, ids) => receipts.unreadCounts(userId, ids)),
      0,
    ),

  // Whatever of these is there, whoever may read it; that goes by `levels`.
  documents: ({ documents }) => byId(documents.loadAll, null),
  snapshots: ({ documents }) => byId(documents.snapshots.load, null),
  collections: ({ collections }) => byId(collections.load, null),
  records: ({ records }) => byId(records.load, null),
  notes: ({ notes }) => byId(withinBudget(notes.weigh, notes.load), null),
  revisionNotes: ({ revisions }) => byId(revisions.notesOf, null),
  revisions: ({ revisions }) => byId(withinBudget(revisions.weigh, revisions.load), null),
  attachmentsById: ({ attachments }) => byId(attachments.load, null),

  devices: ({ accounts }, { viewer }) => byId(asSeen(viewer, accounts.findDevices), null),
  sessions: ({ accounts }, identity) => byId(ids => accounts.findSessions(identity, ids), null),

  // For administrators.
  exports: ({ exports }) => byId(exports.load, null),
  auditEntries: ({ audit }) => byId(audit.load, null),
  /** By their place in the log. */
  auditEntriesAt: ({ audit }) => byId(audit.loadAt, null),

  // Of things that the viewer was found to have access to.
  members: ({ members }) => paged(members.list),
  documentFields: ({ documents }) => byId(ids => documents.readFieldsText(ids, maxReadBytes), { weight: 0, text: '{}' }),
  singleFields: ({ documents }) => together(documents.readSingleFields),
  missedChanges: ({ documents }) =>
    together<Lacking, DeltaPage>(async asked => (await documents.catchUp(asked, maxReadBytes)).map(page => page ?? tooManyBytes())),
  // These are waited for together, so that who they are of is read together.
  awareness: ({ awareness }) => together((ids: readonly string[]) => Promise.all(ids.map(awareness.list))),
  typing: ({ typing }) => together((ids: readonly string[]) => Promise.all(ids.map(typing.list))),
  snapshotPages: ({ documents }) => paged(documents.snapshots.list),
  snapshotFields: ({ documents }) => byId(documents.snapshots.readFieldsText, '{}'),
  documentClocks: ({ documents }) => byId(documents.readClocks, {}),
  /** How many live records are in a collection. */
  recordCounts: ({ records }) => byId(records.count, 0),
  noteRevisions: ({ revisions }) => paged(revisions.list),
  publications: ({ publications }) => byId(publications.load, null),
  attachments: ({ attachments }) => byId(attachments.listByNote, []),
  /** Their bytes in base64; null for one without any. */
  attachmentData: ({ attachments }) => byId(attachments.readBase64, null),
  folderChildren: ({ folders }) => byId(folders.loadChildren, []),
  folderNoteCounts: ({ folders }) => byId(folders.countNotes, 0),
  vaultLogs: ({ vaultLogs }) => vaultLogs.createPageLoader(),
  chatMembers: ({ chatMembers }) => byId(chatMembers.list, []),
  /** Where those who have read something in a chat have read up to. */
  chatReadings: ({ receipts }) => byId(receipts.list, []),

  /** By slug, for everybody. */
  publicationContents: ({ publications }) => byId(publications.loadContents, null),
} satisfies Record<string, (services: Services, identity: Identity) => unknown>

export type Loaders = { readonly [Name in keyof typeof makers]: ReturnType<(typeof makers)[Name]> }

interface Maker extends Identity {
  readonly services: Services
}

/** An operation asks for few of them, and a subscription keeps what it has for hours: each is made when it is first asked for. */
const whenAsked = Object.create(
  null,
  Object.fromEntries(
    Object.entries(makers).map(([name, make]) => {
      function get(this: Maker): unknown {
        const value: unknown = make(this.services, this)
        Object.defineProperty(this, name, { value })
        return value
      }
      return [name, { get }]
    }),
  ),
) as Loaders

export const createLoaders = (services: Services, { viewer, admin }: Identity): Loaders =>
  Object.assign(Object.create(whenAsked) as Loaders, { services, viewer, admin } satisfies Maker)

/** Someone who must be there: accounts that are deleted leave their row behind. */
export async function loadUser({ users }: Loaders, id: string): Promise<User> {
  const user = await users.load(id)
  if (!user) throw new Error(`There is no user ${id}.`)
  return user
}
