import { statSync } from 'node:fs'
import { createApi } from './api.ts'
import { columnsOf, convert, type Item, RowError } from './convert.ts'
import { createFolderOrder } from './folder-order.ts'
import { type Accounts, createPeople } from './people.ts'
import { createRefusals, type Refusals } from './refusals.ts'
import { readRows } from './rows.ts'
import { type Entry, sendAll } from './send.ts'
import { type Counts, openState } from './state.ts'

export interface ImportOptions {
  /** `https://…/graphql` */
  readonly url: string
  readonly files: readonly string[]
  readonly accounts: Accounts
  /** Keeps apart what comes from different places under the same ids. */
  readonly source: string
  readonly stateFile: string
  /** What the server takes as one message (MAX_MESSAGE_BYTES). */
  readonly maxMessageBytes: number
  /** How long one call is tried while the server is away. */
  readonly patienceMs: number
  readonly onProgress: (report: Report) => void
  /** Stops it; it can be gone on with. */
  readonly signal: AbortSignal
}

export interface Report {
  /** From 0 to 1. */
  readonly done: number
  readonly counts: Counts
  readonly refused: number
}

export interface Summary extends Pick<Refusals, 'count' | 'reasons'> {
  readonly counts: Counts
  readonly refusedFile: string
}

/** What is read before it is sent. While it is sent, as much again is read. */
const windowRows = 2_000
const windowBytes = 2 * 1024 * 1024

/** The files are gone through for the folders first, until all have their place, and then for what is in them. */
type Pass = 'folders' | 'stray folders' | 'rest'

/** Puts exports in, or goes on where an earlier run stopped. @throws Error when the server is away for too long, and when it is stopped */
export async function runImport(options: ImportOptions): Promise<Summary> {
  const { url, files, accounts, source, maxMessageBytes, signal } = options
  const state = openState(files, { url, source }, options.stateFile)
  const begun = structuredClone(state.progress)
  const { counts } = begun
  const refusals = createRefusals(begun.refused)
  const people = createPeople(createApi(url, options.patienceMs, signal), accounts)
  const totalBytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
  const order = createFolderOrder()

  /** The item of a row that this pass is for. @throws RowError */
  function pick({ value, fault }: { value: unknown; fault?: string }, pass: Pass): Item | null {
    if (fault !== undefined) throw new RowError(fault)
    const item = convert(columnsOf(value), source)
    if (item.kind !== 'folder') return pass === 'rest' ? item : null
    return pass !== 'rest' && order.place(item, pass === 'stray folders') ? item : null
  }

  /** Goes through all files once. Rows that an earlier run dealt with are read for the place of their folders only. */
  async function goThrough(pass: Pass, number: number): Promise<void> {
    const firstRow = number < begun.pass ? Number.POSITIVE_INFINITY : number === begun.pass ? begun.rows : 0
    let rows = 0
    let bytesRead = 0
    let window: Entry[] = []
    let windowSize = 0
    let faults: [file: string, row: number, fault: string][] = []
    let underWay = Promise.resolve()

    async function flush(): Promise<void> {
      const entries = window
      const progress = { pass: number, rows }
      const done = ((pass === 'rest' ? totalBytes : 0) + bytesRead) / (2 * totalBytes)
      const badRows = faults
      window = []
      windowSize = 0
      faults = []
      await underWay
      signal.throwIfAborted()
      for (const [file, row, fault] of badRows) refusals.add({ file, row }, null, 'BAD_ROW', fault)
      underWay = sendAll(entries, { people, counts, refusals, maxMessageBytes }).then(() => {
        state.save({ ...progress, counts, refused: refusals.count }, refusals.take())
        options.onProgress({ done, counts, refused: refusals.count })
      })
      // Heard of when it is waited for.
      underWay.catch(() => {})
    }

    for (const file of files) {
      const count = (bytes: number) => {
        bytesRead += bytes
      }
      for await (const row of readRows(file, count)) {
        const isDone = ++rows <= firstRow
        try {
          const item = pick(row, pass)
          if (!item || isDone) continue
          const bytes = Buffer.byteLength(JSON.stringify(item.input))
          window.push({ item, file, row: row.number, bytes })
          windowSize += bytes
        } catch (error) {
          if (!(error instanceof RowError)) throw error
          // Said once, in the pass that comes to an end with every import.
          if (pass === 'rest' && !isDone) faults.push([file, row.number, error.message])
        }
        if (window.length + faults.length >= windowRows || windowSize >= windowBytes) await flush()
      }
    }
    if (rows > firstRow) await flush()
    await underWay
  }

  let number = 0
  do {
    order.begin()
    await goThrough('folders', number++)
  } while (order.isGrowing)
  if (order.waiting > 0) await goThrough('stray folders', number++)
  await goThrough('rest', number)
  await people.signOut()
  state.finish()
  return { counts, count: refusals.count, reasons: refusals.reasons, refusedFile: state.refusedFile }
}
