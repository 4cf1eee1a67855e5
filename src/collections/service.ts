import type { Access } from '../access/access.ts'
import { allows } from '../access/level.ts'
import { addOwner, dropMembers } from '../access/members.ts'
import type { Viewer } from '../access/viewer.ts'
import { AppError, notFound } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Db, Tx } from '../platform/database.ts'
import { newId } from '../platform/ids.ts'
import { type CollectionAt, type CollectionRef, isOwn } from './collection.ts'
import {
  countCollections,
  deleteCollectionsOf,
  findByNames,
  findCollections,
  insertCollections,
  listCollections,
  lockCollections,
  lockCollectionsOf,
  lockMaking,
  type NamePair,
} from './store.ts'

const mostCollections = 10_000

export interface CollectionsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly clock: Clock
  /** Whether there is such a user; there is one until the transaction ends, then. */
  readonly userExists: (userId: string, tx: Tx) => Promise<boolean>
}

export type Collections = ReturnType<typeof createCollections>

/** Collections: a user's records under one name, which others can be let into. */
export function createCollections({ database, feed, access, clock, userExists }: CollectionsDeps) {
  async function findOwn(db: Db | Tx, ownerId: string, names: readonly string[]): Promise<Map<string, CollectionAt>> {
    const found = await findByNames(
      db,
      names.map(name => ({ ownerId, name })),
    )
    return new Map(found.map(collection => [collection.name, collection]))
  }

  /** A user's own collections of these names; those that are not there yet are made. @throws QUOTA_EXCEEDED */
  async function make(tx: Tx, ownerId: string, names: readonly string[]): Promise<Map<string, CollectionAt>> {
    await lockMaking(tx, ownerId)
    if (!(await userExists(ownerId, tx))) throw new AppError('TOKEN_REVOKED', 'This account is gone.')
    const known = await findOwn(tx, ownerId, names)
    const createdAt = clock.now()
    const rows = names.filter(name => !known.has(name)).map(name => ({ id: newId('col'), ownerId, name, createdAt }))
    if (rows.length === 0) return known
    if ((await countCollections(tx, ownerId)) + rows.length > mostCollections)
      throw new AppError('QUOTA_EXCEEDED', `A user has at most ${mostCollections} collections.`)
    await insertCollections(tx, rows)
    const ids = rows.map(row => row.id)
    await addOwner(tx, ids, ownerId, createdAt)
    for (const id of ids) await feed.open(tx, id, 'collection')
    return findOwn(tx, ownerId, names)
  }

  /** What the viewer means by a name, if they may read it. */
  async function find(viewer: Viewer, ref: CollectionRef): Promise<CollectionAt | null> {
    const [found] = await findByNames(database.db, [pairOf(viewer, ref)])
    return found && (await access.levelOf(viewer, found.id)) ? found : null
  }

  /** A viewer's own collection is made when it is first used. @throws NOT_FOUND for others’ that are not there, or not to be seen */
  async function open(viewer: Viewer, ref: CollectionRef): Promise<CollectionAt> {
    const found = await find(viewer, ref)
    if (found) return found
    if (!isOwn(viewer, ref)) throw notFound('collection')
    const made = (await feed.transact(tx => make(tx, viewer.userId, [ref.collection]))).get(ref.collection)
    if (!made) throw notFound('collection')
    return made
  }

  return {
    find,
    open,

    /** For who was found to have access. */
    async load(ids: readonly string[]): Promise<Map<string, CollectionAt>> {
      return new Map((await findCollections(database.db, ids)).map(collection => [collection.id, collection]))
    },

    list: (viewer: Viewer): Promise<CollectionAt[]> => listCollections(database.db, viewer.userId),

    /** Removes all that a user owns, when their account goes; what others have open of it ends. The user's lock keeps more from being made. */
    async removeAllOf(tx: Tx, ownerId: string): Promise<void> {
      const ids = await lockCollectionsOf(tx, ownerId)
      if (ids.length === 0) return
      await deleteCollectionsOf(tx, ownerId)
      const others = await dropMembers(tx, ids)
      for (const id of ids) await feed.remove(tx, id)
      await access.revoke(
        tx,
        others.map(({ userId, resourceId }) => ({ userId, resourceId })),
      )
    },

    /**
     * The collections that several writes name, in their order, locked for writing; the viewer's own are made if need be.
     * @throws NOT_FOUND, FORBIDDEN with the first of the writes that is at fault, QUOTA_EXCEEDED
     */
    async lockAll(tx: Tx, viewer: Viewer, refs: readonly CollectionRef[]): Promise<CollectionAt[]> {
      const { pairs, meant } = placesOf(viewer, refs)
      const known = new Map((await findByNames(tx, pairs)).map(found => [nameOf(found), found]))
      const missing = pairs.flatMap(pair => (pair.ownerId === viewer.userId && !known.has(nameOf(pair)) ? [pair.name] : []))
      const made = missing.length > 0 ? await make(tx, viewer.userId, missing) : new Map<string, CollectionAt>()
      for (const collection of made.values()) known.set(nameOf(collection), collection)
      const found = pairs.map(pair => known.get(nameOf(pair)))
      const nameFault = (place: number) => `input.items.${meant.indexOf(place)}.collection`
      await requireAll(tx, viewer, found, nameFault)
      const locked = await lockCollections(
        tx,
        [...known.values()].map(({ id }) => id),
      )
      // Again: while the locks were waited for, some of it may have gone.
      const held = await requireAll(
        tx,
        viewer,
        found.map(collection => (collection && locked.has(collection.id) ? collection : undefined)),
        nameFault,
      )
      return meant.flatMap(place => held[place] ?? [])
    },
  }

  async function requireAll(
    tx: Tx,
    viewer: Viewer,
    found: readonly (CollectionAt | undefined)[],
    nameFault: (place: number) => string,
  ): Promise<CollectionAt[]> {
    const ids = found.flatMap(collection => collection?.id ?? [])
    const levels = await access.levelsOf(viewer, ids, tx)
    return found.map((collection, place) => {
      const level = (collection && levels.get(collection.id)) ?? null
      if (!collection || level === null) throw new AppError('NOT_FOUND', notFound('collection').message, { field: nameFault(place) })
      if (!allows(level, 'WRITE')) throw new AppError('FORBIDDEN', `This needs WRITE access; you have ${level}.`, { field: nameFault(place) })
      return collection
    })
  }
}

/** The collections that several refs name, each once in the order in which they are first named, and for each ref which of them it means. */
function placesOf(viewer: Viewer, refs: readonly CollectionRef[]): { readonly pairs: readonly NamePair[]; readonly meant: readonly number[] } {
  const pairs: NamePair[] = []
  const places = new Map<string, number>()
  let last: CollectionRef | null = null
  let place = 0
  const meant = refs.map(ref => {
    // Thousands that name the same collection mostly come one behind the other.
    if (last?.collection === ref.collection && last.owner === ref.owner) return place
    const pair = pairOf(viewer, ref)
    place = places.get(nameOf(pair)) ?? pairs.push(pair) - 1
    places.set(nameOf(pair), place)
    last = ref
    return place
  })
  return { pairs, meant }
}

const pairOf = ({ userId }: Viewer, { collection, owner }: CollectionRef): NamePair => ({ ownerId: owner ?? userId, name: collection })
/** Neither of the two can hold NUL. */
const nameOf = ({ ownerId, name }: NamePair): string => `${ownerId}\0${name}`
