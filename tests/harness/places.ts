import { execFileSync } from 'node:child_process'
import { accessSync, chownSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const isRoot = process.getuid?.() === 0

/** Folder for what was fetched once and is used by every later run of this user. */
function cacheFolder(): string {
  const folder = join(tmpdir(), `tidemark-programs-${process.getuid?.() ?? 0}`)
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  return folder
}

/** Makes a folder in the cache, once: it appears under its name only when `fill` is through. */
export async function cached(name: string, fill: (folder: string) => Promise<void> | void): Promise<string> {
  const folder = join(cacheFolder(), name)
  if (existsSync(folder)) return folder
  const draft = mkdtempSync(join(cacheFolder(), '.draft-'))
  try {
    await fill(draft)
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    // Another run may have been first.
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** Looks a program up in the folders of PATH. */
export function onPath(program: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {}
  }
  return null
}

/** Whom to run servers as that refuse root; undefined where we are somebody else anyway. */
export function unprivileged(): { uid: number; gid: number } | undefined {
  if (!isRoot) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {}
  }
  throw new Error('PostgreSQL refuses to run as root, and neither the user postgres nor nobody exists here.')
}

/** What all data of the tests may come to. */
const roomBytes = 4 * 1024 ** 3

/** A folder in memory where there is room for it: to make a database of some hundred files takes a disk's file system ten times the processor. */
function quickFolder(): string {
  const memory = '/dev/shm'
  try {
    accessSync(memory, constants.W_OK)
    const { bavail, bsize } = statfsSync(memory)
    if (Math.min(bavail * bsize, process.availableMemory()) > roomBytes) return memory
  } catch {}
  return tmpdir()
}

export function temporaryFolder(owner?: { uid: number; gid: number }, parent: string = quickFolder()): string {
  const folder = mkdtempSync(join(parent, 'tidemark-test-'))
  if (owner) chownSync(folder, owner.uid, owner.gid)
  return folder
}

/** A port nobody listens on at the moment. */
export const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('There is no free port.'))))
    })
  })
