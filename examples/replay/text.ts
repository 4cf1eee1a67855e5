import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

/** The lines of a text that are not empty, each under its path; without a file, those of the text beside this one. */
export function readLines(file: string | undefined, most: number): Map<string, string> {
  const text =
    file === undefined ? brotliDecompressSync(readFileSync(join(import.meta.dirname, 'kjv.txt.br'))).toString() : readFileSync(file, 'utf8')
  const lines = text
    .split(/\r?\n/)
    .filter(line => line.trim() !== '')
    .slice(0, most)
  return new Map(lines.map((line, index) => [`line ${String(index + 1).padStart(6, '0')}`, line]))
}

/** One thing that a client does to a line; null deletes it. */
export type Edit = readonly [path: string, value: string | null]

/** Deals a text out to so many writers: each gets batches of lines to write, with changes to and deletions of lines that come before them. */
export function dealOut(lines: ReadonlyMap<string, string>, writers: number, random: () => number): Edit[][][] {
  const scripts: Edit[][][] = Array.from({ length: writers }, () => [])
  const entries = [...lines]
  const below = (limit: number) => Math.floor(random() * limit)
  for (let at = 0; at < entries.length; ) {
    const end = at + 1 + below(40)
    const batch = new Map<string, string | null>(entries.slice(at, end))
    at = Math.min(end, entries.length)
    for (let count = below(12); count > 0; count--) {
      // Mostly near the end, where the others are writing too.
      const [path, line] = entries[Math.max(0, at - 1 - below(random() < 0.8 ? 200 : at))] as [string, string]
      batch.set(path, random() < 0.25 ? null : shout(line, below))
    }
    scripts[below(writers)]?.push([...batch])
  }
  return scripts
}

/** The line with one of its words in capitals. */
function shout(line: string, below: (limit: number) => number): string {
  const words = line.split(' ')
  const chosen = below(words.length)
  return words.map((word, index) => (index === chosen ? word.toUpperCase() : word)).join(' ')
}
