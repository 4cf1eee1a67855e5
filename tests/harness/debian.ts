import { execFile } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { cached, onPath } from './places.ts'

export interface Program {
  readonly path: string
  /** What it needs in its environment. */
  readonly env: Record<string, string>
}

const run = promisify(execFile)

/**
 * A program that npm does not have: from PATH, else from Debian's packages. Those are unpacked into a folder of ours, which
 * needs no root, changes nothing on the system and starts no service. @throws Error with a sentence where neither works
 */
export async function debianProgram(program: string, packages: readonly string[]): Promise<Program> {
  const installed = onPath(program)
  if (installed) return { path: installed, env: {} }
  if (!onPath('apt-get') || !onPath('dpkg'))
    throw new Error(`The tests need ${program}: install it and put it on PATH (there is no apt-get here to fetch it with).`)
  const folder = await cached(`debian-${program}`, draft => fetchPackages(draft, packages)).catch(error => {
    throw new Error(`The tests need ${program}, which could not be fetched: ${error.stderr || error.message} Install it and put it on PATH.`, {
      cause: error,
    })
  })
  // What lies in a folder of its own comes first: there, the name on PATH is a script that goes by the system's folders.
  const path = [`usr/lib/${program}`, 'usr/bin', 'bin', 'usr/sbin'].map(bin => join(folder, 'root', bin, program)).find(existsSync)
  if (path === undefined) throw new Error(`The packages ${packages.join(', ')} do not hold ${program}.`)
  return { path, env: environmentFor(folder) }
}

async function fetchPackages(folder: string, packages: readonly string[]): Promise<void> {
  const [state, cache, root] = ['state', 'cache', 'root'].map(name => join(folder, name)) as [string, string, string]
  for (const made of [join(state, 'lists/partial'), join(cache, 'archives/partial'), root]) mkdirSync(made, { recursive: true })
  const options = Object.entries({
    'Dir::State': state,
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': cache,
    'APT::Sandbox::User': '',
    'Debug::NoLocking': 'true',
    'Acquire::Retries': '3',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  const apt = (...parameters: string[]) => run('apt-get', ['-q', '-y', ...options, ...parameters], { maxBuffer: 64 * 1024 * 1024 })
  await apt('update')
  await apt('install', '--download-only', '--reinstall', '--no-install-recommends', ...packages)
  const archives = join(cache, 'archives')
  for (const archive of readdirSync(archives).filter(name => name.endsWith('.deb'))) await run('dpkg', ['-x', join(archives, archive), root])
  writeFileSync(join(folder, 'fonts.conf'), fontSettings)
  for (const spent of [state, cache]) rmSync(spent, { recursive: true })
}

/** Libraries and data are not where the programs were built to look for them. */
function environmentFor(folder: string): Record<string, string> {
  const root = join(folder, 'root')
  const libraries = globSync(
    ['lib', 'usr/lib', 'lib/*-linux-gnu*', 'usr/lib/*-linux-gnu*', 'usr/lib/*-linux-gnu*/*'].map(path => join(root, path)),
    { withFileTypes: true },
  )
    .filter(entry => entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name))
  const given = process.env.LD_LIBRARY_PATH
  return { LD_LIBRARY_PATH: [...libraries, ...(given ? [given] : [])].join(delimiter), FONTCONFIG_FILE: join(folder, 'fonts.conf') }
}

/** Without any font a browser shows text that has no height, and nothing with a text can be clicked. */
const fontSettings = `<fontconfig>
  <dir prefix="relative">root/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`
