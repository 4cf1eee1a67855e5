import type { Database } from '../database.ts'
import type { Keys } from '../secrets.ts'
import { among } from '../text-array.ts'
import { deploymentKeys } from './table.ts'

/**
 * Names the deployment on the bus. A database that was copied is another deployment as soon as its secret is another one; whoever
 * rotates secrets with an overlap stays in the one they had, so that old and new nodes hear each other.
 */
export async function deploymentOf(database: Pick<Database, 'transact'>, keys: Keys): Promise<string> {
  const names = keys.map(key => Buffer.from(key).toString('hex', 0, 8))
  return database.transact(async tx => {
    const rows = await tx.select().from(deploymentKeys).where(among(deploymentKeys.key, names))
    const known = new Map(rows.map(({ key, deployment }) => [key, deployment]))
    const deployment = names.map(name => known.get(name)).find(name => name !== undefined) ?? (names[0] as string)
    const missing = names.filter(name => !known.has(name)).map(key => ({ key, deployment }))
    if (missing.length > 0) await tx.insert(deploymentKeys).values(missing).onConflictDoNothing()
    return deployment
  })
}
