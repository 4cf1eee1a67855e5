import DataLoader from 'dataloader'
import type { AccessLevel } from '../access/level.ts'
import type { Membership } from '../access/membership.ts'
import type { Viewer } from '../access/viewer.ts'
import type { User } from '../accounts/users/user.ts'
import type { ChatAt } from '../chats/chat.ts'
import type { MemberRow } from '../chats/members/member.ts'
import type { Reading } from '../chats/receipts/reading.ts'
import type { CollectionAt } from '../collections/collection.ts'
import type { RecordIn } from '../collections/records/record.ts'
import type { VectorClock } from '../merge/vector-clock.ts'
import type { AttachmentRow } from '../notes/attachments/attachment.ts'
import type { FolderRow } from '../notes/folders/folder.ts'
import type { NoteAt } from '../notes/note.ts'
import type { Publication } from '../notes/publications/publication.ts'
import type { RevisionRow } from '../notes/revisions/revision.ts'
import type { Presence } from '../presence/presence.ts'
import type { Services } from '../services.ts'
import type { LogPage, PageAsked } from '../vaults/logs/page.ts'
import type { Page } from './connection.ts'

/**
 * Reads that many fields of one answer ask for one by one, and that go to the database together. Nothing is kept:
 * a subscription lives for hours, and each of its events is to show what holds then.
 */
export interface Loaders {
  readonly users: DataLoader<string, User | null>
  /** What the viewer may do with a thing. */
  readonly levels: DataLoader<string, AccessLevel | null>
  /** Of things that the viewer was found to have access to, as the next are. */
  readonly members: DataLoader<PageOf, Page<Membership>>
  readonly documentValues: DataLoader<string, Readonly<Record<string, unknown>>>
  readonly documentClocks: DataLoader<string, VectorClock>
  /** Whatever of these is there, whoever may read it; that goes by `levels`. */
  readonly documents: DataLoader<string, Read<Services['documents']['loadAll']> | null>
  readonly snapshots: DataLoader<string, Read<Services['documents']['snapshots']['load']> | null>
  readonly collections: DataLoader<string, CollectionAt | null>
  readonly records: DataLoader<string, RecordIn | null>
  readonly revisions: DataLoader<string, RevisionRow | null>
  readonly attachmentsById: DataLoader<string, AttachmentRow | null>
  /** As the viewer sees them. */
  readonly chats: DataLoader<string, ChatAt | null>
  /** How many live records are in a collection. */
  readonly recordCounts: DataLoader<string, number>
  readonly notes: DataLoader<string, NoteAt | null>
  readonly noteRevisions: DataLoader<PageOf, Page<RevisionRow>>
  /** Those that the viewer may see. */
  readonly folders: DataLoader<string, FolderRow | null>
  /** Of folders that were found to be the viewer's. */
  readonly folderChildren: DataLoader<string, readonly FolderRow[]>
  /** Of folders that were found to be the viewer's. */
  readonly folderNoteCounts: DataLoader<string, number>
  /** Of notes that the viewer was found to have access to. */
  readonly publications: DataLoader<string, Publication | null>
  /** By slug. */
  readonly publicationContents: DataLoader<string, string | null>
  /** Of notes that the viewer was found to have access to. */
  readonly attachments: DataLoader<string, readonly AttachmentRow[]>
  /** Their bytes in base64; null for one without any. */
  readonly attachmentData: DataLoader<string, string | null>
  /** Of vaults that were found to be the viewer’s. */
  readonly vaultLogs: DataLoader<PageAsked, LogPage>
  /** Of chats that the viewer was found to have access to, as the next are. */
  readonly chatMembers: DataLoader<string, readonly MemberRow[]>
  /** Where those who have read something in a chat have read up to. */
  readonly chatReadings: DataLoader<string, readonly Reading[]>
  /** Of users that the viewer may know of. */
  readonly presences: DataLoader<string, Presence>
  /** How much of a chat the viewer has not read. */
  readonly unreadCounts: DataLoader<string, number>
  /** Whether a user is a member of something that the viewer is a member of. */
  readonly acquaintances: DataLoader<string, boolean>
}

/** What a service gives by ids. */
type Read<Load extends (ids: readonly string[]) => Promise<ReadonlyMap<string, unknown>>> =
  Awaited<ReturnType<Load>> extends ReadonlyMap<string, infer Value> ? Value : never

/** Part of a list that hangs on something. */
export interface PageOf {
  readonly id: string
  readonly first: number
  readonly after: string | null
}

/** What is asked for several times at once is read once. */
const batched = <Value>(load: (ids: readonly string[]) => Promise<ArrayLike<Value | Error>>) =>
  new DataLoader<string, Value>(
    async wanted => {
      const ids = [...new Set(wanted)]
      const found = await load(ids)
      const places = new Map(ids.map((id, place) => [id, found[place] as Value | Error]))
      return wanted.map(id => places.get(id) as Value | Error)
    },
    { cache: false },
  )

/** Pages that are alike but for what they hang on are read together. */
const paged = <Row>(load: (ids: readonly string[], first: number, after: string | null) => Promise<ReadonlyMap<string, Page<Row>>>) =>
  new DataLoader<PageOf, Page<Row>>(
    async wanted => {
      const kindOf = ({ first, after }: PageOf) => JSON.stringify([first, after])
      const read = new Map<string, Promise<ReadonlyMap<string, Page<Row>>>>()
      for (const [kind, pages] of Map.groupBy(wanted, kindOf)) {
        const [{ first, after } = { first: 0, after: null }] = pages
        read.set(kind, load([...new Set(pages.map(({ id }) => id))], first, after))
      }
      return Promise.all(
        wanted.map(async page => {
          const found = await read.get(kindOf(page))?.catch((error: Error) => error)
          return found instanceof Error ? found : (found?.get(page.id) ?? new Error(`There is no page of ${page.id}.`))
        }),
      )
    },
    { cache: false },
  )

export function createLoaders(services: Services, viewer: Viewer | null): Loaders {
  return {
    users: services.accounts.userLoader,
    levels: batched(async ids => {
      const levels = viewer ? await services.access.levelsOf(viewer, ids) : new Map<string, AccessLevel>()
      return ids.map(id => levels.get(id) ?? null)
    }),
    members: paged(services.members.list),
    documentValues: batched(async ids => inOrder(ids, await services.documents.readValues(ids), {})),
    documentClocks: batched(async ids => inOrder(ids, await services.documents.readClocks(ids), {})),
    documents: batched(async ids => inOrder(ids, await services.documents.loadAll(ids), null)),
    snapshots: batched(async ids => inOrder(ids, await services.documents.snapshots.load(ids), null)),
    collections: batched(async ids => inOrder(ids, await services.collections.load(ids), null)),
    records: batched(async ids => inOrder(ids, await services.records.load(ids), null)),
    revisions: batched(async ids => inOrder(ids, await services.revisions.load(ids), null)),
    attachmentsById: batched(async ids => inOrder(ids, await services.attachments.load(ids), null)),
    chats: batched(async ids => inOrder(ids, viewer ? await services.chats.loadAll(viewer, ids) : new Map<string, ChatAt>(), null)),
    recordCounts: batched(async ids => inOrder(ids, await services.records.count(ids), 0)),
    notes: batched(async ids => inOrder(ids, await services.notes.load(ids), null)),
    noteRevisions: paged(services.revisions.list),
    folders: batched(async ids => inOrder(ids, viewer ? await services.folders.load(viewer, ids) : new Map<string, FolderRow>(), null)),
    folderChildren: batched(async ids => inOrder(ids, await services.folders.loadChildren(ids), [])),
    folderNoteCounts: batched(async ids => inOrder(ids, await services.folders.countNotes(ids), 0)),
    publications: batched(async ids => inOrder(ids, await services.publications.load(ids), null)),
    publicationContents: batched(async slugs => inOrder(slugs, await services.publications.loadContents(slugs), null)),
    attachments: batched(async ids => inOrder(ids, await services.attachments.listByNote(ids), [])),
    attachmentData: batched(async ids => inOrder(ids, await services.attachments.readBase64(ids), null)),
    vaultLogs: services.vaultLogs.createPageLoader(),
    chatMembers: batched(async ids => inOrder(ids, await services.chatMembers.list(ids), [])),
    chatReadings: batched(async ids => inOrder(ids, await services.receipts.list(ids), [])),
    presences: batched(async ids => {
      const found = await services.presence.load(ids)
      return ids.map(id => found.get(id) ?? new Error(`There is no presence of ${id}.`))
    }),
    unreadCounts: batched(async ids => inOrder(ids, viewer ? await services.receipts.unreadCounts(viewer.userId, ids) : new Map(), 0)),
    acquaintances: batched(async ids => {
      const known = viewer ? await services.members.sharingWith(viewer.userId, ids) : new Set()
      return ids.map(id => known.has(id))
    }),
  }
}

const inOrder = <Value, Fallback>(ids: readonly string[], found: ReadonlyMap<string, Value>, fallback: Fallback) =>
  ids.map(id => found.get(id) ?? fallback)

/** Someone who must be there: accounts that are deleted leave their row behind. */
export async function loadUser({ users }: Loaders, id: string): Promise<User> {
  const user = await users.load(id)
  if (!user) throw new Error(`There is no user ${id}.`)
  return user
}
