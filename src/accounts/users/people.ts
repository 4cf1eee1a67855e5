import DataLoader from 'dataloader'
import type { Admin } from '../../access/viewer.ts'
import { badInput } from '../../errors.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { checkText } from '../../platform/json.ts'
import { decodePlace, encodePlace, pageOf } from '../../platform/list-page.ts'
import { checkEmail } from './email.ts'
import { findUser, findUserByEmail, findUsers, holdUser, holdUsers, listUsers } from './store.ts'
import type { ToUser, User } from './user.ts'

export interface PeopleDeps {
  readonly database: Database
  readonly toUser: ToUser
  /** USER_DISCOVERY */
  readonly isDiscoveryOn: boolean
}

export interface UserSearch {
  readonly search: string | null
  readonly first: number
  readonly after: string | null
}

export const maxSearchLength = 200

function checkSearch(given: string | null): string | null {
  if (given === null) return null
  checkText(given, 'search')
  if (given.length > maxSearchLength) throw badInput('search', `At most ${maxSearchLength} characters are searched for.`)
  return given.trim() || null
}

/** Users, as others meet them. */
export function createPeople({ database, toUser, isDiscoveryOn }: PeopleDeps) {
  return {
    /** Batches reads of users, of all who read on this node; those deleted are there too, without what told who they were. Nothing is kept. */
    userLoader: new DataLoader<string, User | null>(
      async ids => {
        const found = new Map((await findUsers(database.db, [...new Set(ids)])).map(row => [row.id, toUser(row)]))
        return ids.map(id => found.get(id) ?? null)
      },
      { cache: false },
    ),

    async findUser(id: string): Promise<User | null> {
      const row = await findUser(database.db, id)
      return row && toUser(row)
    },

    /** Keeps a user that is there from being deleted until the transaction ends, so that nothing is given to who is gone. */
    userExists: (id: string, tx: Tx): Promise<boolean> => holdUser(tx, id),
    /** The same for many: those that are there. */
    usersExist: (ids: readonly string[], tx: Tx): Promise<Set<string>> => holdUsers(tx, ids),

    /** For administrators: everybody with an account. @throws BAD_USER_INPUT */
    async users(_: Admin, { search: given, first, after }: UserSearch) {
      const search = checkSearch(given)
      const rows = await listUsers(database.db, search, after === null ? null : decodePlace(after, 'user'), first + 1)
      return pageOf(rows.map(toUser), first, after, ({ createdAt, id }) => encodePlace({ at: createdAt, id }))
    },

    async userByEmail(given: string): Promise<User | null> {
      const email = checkEmail(given, 'email')
      const row = isDiscoveryOn ? await findUserByEmail(database.db, email) : null
      return row && { ...toUser(row), emailKnown: true }
    },
  }
}
