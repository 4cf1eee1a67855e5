import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs'
import type { Kind } from './convert.ts'

/** `skipped`: notes and folders that were there, records that were older than what was there. */
export type Counts = Record<Kind, { imported: number; skipped: number }>

/** How far an import is. */
export interface Progress {
  /** The files are gone through several times: first for the folders, level by level if need be, then for the rest. */
  readonly pass: number
  /** How many rows of this pass are dealt with for good. */
  readonly rows: number
  readonly counts: Counts
  readonly refused: number
}

/** What an import needs to go on where it stopped: a file beside the export, and another one with what was refused. */
export interface State {
  readonly progress: Progress
  /** Notes that all up to here is done. What was refused since the last time is told here. */
  save(progress: Progress, refused: readonly object[]): void
  /** Nothing is left to do. */
  finish(): void
  readonly refusedFile: string
}

const noCounts = (): Counts => ({
  record: { imported: 0, skipped: 0 },
  folder: { imported: 0, skipped: 0 },
  note: { imported: 0, skipped: 0 },
})

/** @throws Error when the files are not those the import was begun with */
export function openState(files: readonly string[], target: { readonly url: string; readonly source: string }, stateFile: string): State {
  const refusedFile = `${stateFile.replace(/\.state\.json$/, '')}.refused.ndjson`
  const about = JSON.stringify({ ...target, files: files.map(file => [file, statSync(file).size, statSync(file).mtimeMs]) })
  const known = existsSync(stateFile)
    ? (JSON.parse(readFileSync(stateFile, 'utf8')) as { about: string; progress: Progress; refusedBytes: number })
    : null
  if (known && known.about !== about) throw new Error(`${stateFile} is of an import of other files, or to another server. Remove it to begin anew.`)
  // What a run that was cut off had written beyond its last mark comes again.
  let refusedBytes = known?.refusedBytes ?? 0
  if (existsSync(refusedFile)) truncateSync(refusedFile, refusedBytes)

  return {
    progress: known?.progress ?? { pass: 0, rows: 0, counts: noCounts(), refused: 0 },
    refusedFile,
    save(progress, refused) {
      if (refused.length > 0) {
        const lines = Buffer.from(refused.map(one => `${JSON.stringify(one)}\n`).join(''))
        writeDurably(refusedFile, 'a', lines)
        refusedBytes += lines.length
      }
      const draft = `${stateFile}.new`
      writeDurably(draft, 'w', Buffer.from(JSON.stringify({ about, progress, refusedBytes })))
      renameSync(draft, stateFile)
    },
    finish: () => rmSync(stateFile, { force: true }),
  }
}

function writeDurably(file: string, flags: 'a' | 'w', bytes: Buffer): void {
  const handle = openSync(file, flags)
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
