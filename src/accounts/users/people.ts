import DataLoader from 'dataloader'
import type { Database, Tx } from '../../platform/database.ts'
import { checkEmail } from './email.ts'
import { findUser, findUserByEmail, findUsers, holdUser, holdUsers } from './store.ts'
import type { ToUser, User } from './user.ts'

export interface PeopleDeps {
  readonly database: Database
  readonly toUser: ToUser
  /** USER_DISCOVERY */
  readonly isDiscoveryOn: boolean
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

    /** A user that something else names, and who is therefore there. */
    async requireUser(loader: DataLoader<string, User | null>, id: string): Promise<User> {
      const user = await loader.load(id)
      if (!user) throw new Error(`There is no user ${id}, though something names them.`)
      return user
    },

    /** Keeps a user that is there from being deleted until the transaction ends, so that nothing is given to who is gone. */
    userExists: (id: string, tx: Tx): Promise<boolean> => holdUser(tx, id),
    /** The same for many: those that are there. */
    usersExist: (ids: readonly string[], tx: Tx): Promise<Set<string>> => holdUsers(tx, ids),

    async userByEmail(given: string): Promise<User | null> {
      const email = checkEmail(given, 'email')
      const row = isDiscoveryOn ? await findUserByEmail(database.db, email) : null
      return row && { ...toUser(row), emailKnown: true }
    },
  }
}
