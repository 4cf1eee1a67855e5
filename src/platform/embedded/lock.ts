import { DatabaseSync } from 'node:sqlite'

/** The locks of this process: a file that nobody refers to is closed with the next garbage, and its lock with it. */
const held = new Set<DatabaseSync>()

/**
 * Locks a file for this process. SQLite is here for its file locks alone, which Node does not offer itself: the operating
 * system holds them and drops them when the process is gone, however it went, and containers that share a volume see them.
 * @returns a function that lets go, or null when another process has the lock for longer than `waitMs`.
 */
export function lockFile(path: string, waitMs: number): (() => void) | null {
  const file = new DatabaseSync(path, { timeout: waitMs })
  try {
    file.exec('BEGIN EXCLUSIVE')
    held.add(file)
    return () => {
      held.delete(file)
      file.close()
    }
  } catch (error) {
    file.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === 5) return null
    throw error
  }
}
