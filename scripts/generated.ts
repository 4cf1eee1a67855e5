import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Writes a generated file or, with `--check` on the command line, says whether the one that is there is fresh. */
export function keep(path: string, content: string, command: string): void {
  const kept = read(path)
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(path), { recursive: true })
    if (kept !== content) writeFileSync(path, content)
    console.log(`${path} ${kept === content ? 'was fresh' : 'is written'}`)
  } else if (kept === content) {
    console.log(`${path} is fresh`)
  } else {
    console.error(
      `${path} is ${kept === null ? 'missing' : `stale, from line ${firstDifference(kept, content)} on`}: run \`${command}\` and commit it.`,
    )
    process.exitCode = 1
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function firstDifference(kept: string, fresh: string): number {
  const lines = kept.split('\n')
  return fresh.split('\n').findIndex((line, at) => line !== lines[at]) + 1 || lines.length
}
