// Sees to it that npm scripts run in a new enough Node.js, and says so in a sentence where there is none: `--required`.
// Without that word, after an install, it also prepares the first start.
// It comes as one of the optional packages `node-<platform>-<arch>`; npm 11 links it into node_modules/.bin, npm 9 and 10 take that
// link away again, because another platform's package, which they leave out, has the same. Written for old versions: they run it first.
'use strict'

const { execFileSync } = require('node:child_process')
const { existsSync, lstatSync, mkdirSync, symlinkSync, unlinkSync } = require('node:fs')
const { join } = require('node:path')

const neededMajor = 24
const modules = join(__dirname, '..', 'node_modules')
const link = join(modules, '.bin', 'node')
const isNew = version => Number(version.split('.')[0]) >= neededMajor

/** Links the package's Node.js where it runs; unlinks it where it does not, as with another libc, for the machine's own to be used. */
function bring() {
  const name = ['node', 'node-bin']
    .map(prefix => `${prefix}-${process.platform}-${process.arch}`)
    .find(each => existsSync(join(modules, each, 'bin', 'node')))
  const runs = name !== undefined && versionOf(join(modules, name, 'bin', 'node')) !== null
  const linked = lstatSync(link, { throwIfNoEntry: false }) !== undefined
  if (linked && !runs) unlinkSync(link)
  if (!linked && runs) {
    mkdirSync(join(modules, '.bin'), { recursive: true })
    symlinkSync(join('..', name, 'bin', 'node'), link)
  }
  return runs
}

function versionOf(binary) {
  try {
    return execFileSync(binary, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return null
  }
}

/** The first start would take seconds longer without, and nothing else: a failure is none. */
function prepareFirstStart() {
  try {
    const node = existsSync(link) ? link : process.execPath
    execFileSync(node, [join(__dirname, 'prepare.ts')], { stdio: 'ignore', timeout: 120_000 })
  } catch {}
}

if ((process.platform === 'win32' || !bring()) && process.argv.includes('--required') && !isNew(process.versions.node)) {
  console.error(
    `Tidemark needs Node.js ${neededMajor} or newer; this is ${process.versions.node} on ${process.platform}-${process.arch}.\n` +
      'For Linux with glibc and macOS, on x64 and arm64, `npm ci` brings it along: run that first, without `--omit=optional`.\n' +
      'Elsewhere, install it from https://nodejs.org and try again.',
  )
  process.exit(1)
}
if (!process.argv.includes('--required')) prepareFirstStart()
