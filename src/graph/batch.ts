import DataLoader from 'dataloader'
import { maxReadBytes, tooManyBytes } from './byte-budget.ts'
import type { Page } from './connection.ts'

// Nothing is kept: a subscription lives for hours, and each of its events is to show what holds then.
const options = { cache: false }

export type ReadMany<Value> = (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>

/** What is asked for by one id after the other, and read together. An id that nothing is read for gets `missing`. */
export const byId = <Value, Missing extends Value | null>(read: ReadMany<Value | Error>, missing: Missing | Error) =>
  new DataLoader<string, Value | Missing>(async ids => {
    const found = await read([...new Set(ids)])
    return ids.map(id => found.get(id) ?? missing)
  }, options)

/** The same for what takes more than an id to name; the answers are in the order of the names. */
export const together = <Name, Value>(read: (names: readonly Name[]) => Promise<readonly (Value | Error)[]>) =>
  new DataLoader<Name, Value>(read, options)

/** So few are read whatever they weigh. */
const few = 4

/** Reads no more of what may be heavy than one operation returns: what is beyond that is refused before it is read. */
export const withinBudget =
  <Value>(weigh: ReadMany<number>, read: ReadMany<Value>): ReadMany<Value | Error> =>
  async ids => {
    if (ids.length <= few) return read(ids)
    const weights = await weigh(ids)
    let sum = 0
    const { light = [], heavy = [] } = Object.groupBy(ids, id => {
      sum += weights.get(id) ?? 0
      return sum <= maxReadBytes ? 'light' : 'heavy'
    })
    return new Map<string, Value | Error>([...(await read(light)), ...heavy.map((id): [string, Error] => [id, tooManyBytes()])])
  }

/** Part of a list that hangs on something. */
export interface PageOf {
  readonly id: string
  readonly first: number
  readonly after: string | null
}

/** Pages that are alike but for what they hang on are read together. */
export const paged = <Row>(read: (ids: readonly string[], first: number, after: string | null) => Promise<ReadonlyMap<string, Page<Row>>>) =>
  new DataLoader<PageOf, Page<Row>>(async wanted => {
    const kindOf = ({ first, after }: PageOf) => JSON.stringify([first, after])
    const pages = new Map<string, Promise<ReadonlyMap<string, Page<Row>>>>()
    for (const [kind, alike] of Map.groupBy(wanted, kindOf)) {
      const [{ first, after } = { first: 0, after: null }] = alike
      pages.set(kind, read([...new Set(alike.map(({ id }) => id))], first, after))
    }
    return Promise.all(
      wanted.map(async page => {
        const found = await pages.get(kindOf(page))?.catch((error: Error) => error)
        return found instanceof Error ? found : (found?.get(page.id) ?? new Error(`There is no page of ${page.id}.`))
      }),
    )
  }, options)
