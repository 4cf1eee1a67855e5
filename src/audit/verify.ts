import type { Database } from '../platform/database.ts'
import { type AuditEntry, firstHash, hashOf } from './entry.ts'
import { type Anchor, findAnchor, findHead, freeze, readEntries } from './store.ts'

/** The place of an entry, and its hash. */
export type Link = Anchor

export interface Verdict {
  /** How many entries follow on one another. */
  readonly held: number
  /** The last of these, or what they stand on when there are none. */
  readonly last: Link
  /** The first thing that is not as it was written. */
  readonly fault: string | null
  /** The chain begins behind what was noted, so nothing can be said of the note. */
  readonly outlivesNote: boolean
}

const pageSize = 1_000

/**
 * Reads the whole chain as it is at one moment, in constant memory. `known` is a link that was noted down earlier, elsewhere: with it
 * a chain is found out too that somebody wrote anew from some entry on, hashes and all.
 */
export async function verifyChain(database: Pick<Database, 'transact'>, known: Link | null = null): Promise<Verdict> {
  return database.transact(async tx => {
    await freeze(tx)
    const anchor = (await findAnchor(tx)) ?? { seq: 0, hash: firstHash }
    const head = await findHead(tx)
    let last: Link = anchor
    let held = 0
    const outlivesNote = known !== null && known.seq < anchor.seq
    const verdict = (fault: string | null): Verdict => ({ held, last, fault, outlivesNote })

    if (known?.seq === anchor.seq && known.hash !== anchor.hash) return verdict(`what ends with ${known.seq} has another hash than was noted`)
    for (let page = await readEntries(tx, last.seq, pageSize); page.length > 0; page = await readEntries(tx, last.seq, pageSize)) {
      for (const entry of page) {
        const fault = faultOf(entry, last, known)
        if (fault !== null) return verdict(fault)
        last = { seq: entry.seq, hash: entry.hash }
        held++
      }
    }
    const [below] = await readEntries(tx, 0, 1)
    if (below && below.seq <= anchor.seq) return verdict(`entry ${below.seq} (${below.id}) stands before what the log begins with`)
    if (last.seq < head) return verdict(`${entries(last.seq + 1, head)} missing at the end`)
    if (last.seq > head) return verdict(`entry ${head + 1} was not written by the server, which counts ${head}`)
    if (known && known.seq > last.seq) return verdict(`${entries(last.seq + 1, known.seq)} missing at the end`)
    return verdict(null)
  })
}

function faultOf(entry: AuditEntry, last: Link, known: Link | null): string | null {
  const { seq, id, hash, previousHash } = entry
  if (seq !== last.seq + 1) return `${entries(last.seq + 1, seq - 1)} missing before entry ${seq} (${id})`
  if (hashOf(entry) !== hash) return `entry ${seq} (${id}) was changed`
  if (previousHash !== last.hash) return `entry ${seq} (${id}) does not follow on the one before it: one of the two was replaced`
  if (known?.seq === seq && known.hash !== hash)
    return `entry ${seq} (${id}) has another hash than was noted, and so was replaced, or one before it was`
  return null
}

const entries = (from: number, to: number) => (from === to ? `entry ${from} is` : `entries ${from} to ${to} are`)
