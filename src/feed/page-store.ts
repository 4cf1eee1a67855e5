import { sql } from 'drizzle-orm'
import type { Db } from '../platform/database.ts'
import { arrayText } from '../platform/statement.ts'
import { textArray } from '../platform/text-array.ts'
import type { Change } from './change.ts'
import type { Extent } from './store.ts'

type Clock = Readonly<Record<string, number>>

/** The next changes in one log. */
export interface PageOfLog {
  readonly streamId: string
  /** Null: from where what is kept of the log begins. */
  readonly after: number | null
  readonly first: number
  /** Leaves out what a client that has seen this (client id → counter) has got already. */
  readonly seenBy: Clock | null
}

export interface LogPage {
  readonly changes: readonly Change[]
  readonly hasMore: boolean
}

export interface FoundPage {
  readonly extent: Extent
  /** Null: there was no room even for its first change. */
  readonly page: LogPage | null
}

interface Row extends Record<string, unknown> {
  readonly place: string
  readonly head: string
  readonly floor: string
  readonly has_room: boolean
  readonly found: string
  /** Null: there is none, and so is all that follows. */
  readonly seq: string | null
  readonly payload: unknown
  readonly actor_id: string | null
  readonly client_id: string | null
  readonly client_counter: string | null
  readonly at_ms: string
}

const maxPageBytes = 4 * 1024 * 1024

/**
 * Changes of one kind in several logs, in one statement, and how far the logs go at that very moment: in the order of the pages, null
 * where there is no log. A page holds less than was asked for when it is heavy, and nothing only when there is nothing. Their first
 * changes weigh together no more than `maxBytes`, nor does what comes behind those.
 */
export async function readPages(db: Db, pages: readonly PageOfLog[], kind: string, maxBytes: number): Promise<(FoundPage | null)[]> {
  const { texts, numbers } = distinct(pages.map(({ seenBy }) => seenBy))
  const pageBytes = Math.min(maxPageBytes, Math.floor(maxBytes / pages.length))
  // Weighed as text: what compresses well weighs little where it is stored.
  const { rows } = await db.execute<Row>(sql`
    select place, head, floor, found, seq, actor_id, client_id, client_counter, (extract(epoch from at) * 1000)::bigint as at_ms,
      firsts <= ${maxBytes} as has_room, case when firsts <= ${maxBytes} then payload end as payload
    from (
      select wanted.place, s.head, s.floor, page.*, coalesce(sum(weight) filter (where page.number = 1) over (order by wanted.place), 0) as firsts
      from unnest(
        ${textArray(pages.map(({ streamId }) => streamId))}, ${arrayText(pages.map(({ after }) => after))}::bigint[],
        ${arrayText(pages.map(({ first }) => first))}::int[], ${arrayText(numbers)}::int[]
      ) with ordinality as wanted (stream_id, after, first, clock, place)
      join streams s on s.id = wanted.stream_id
      left join unnest(${arrayText(texts)}::jsonb[]) with ordinality as clocks (seen, number) on clocks.number = wanted.clock
      left join lateral (
        select next.*, row_number() over in_order as number, count(*) over () as found, sum(octet_length(payload::text)) over in_order as weight
        from (
          select * from changes
          where stream_id = s.id and seq > coalesce(wanted.after, s.floor) and kind = ${kind}
            and (seen is null or client_counter is null or client_counter > coalesce((seen ->> client_id)::bigint, 0))
          order by seq limit wanted.first + 1
        ) next
        window in_order as (order by seq)
      ) page on page.number = 1 or (page.number <= wanted.first and weight <= ${pageBytes})
    ) pages
    order by place, seq`)
  const found = Map.groupBy(rows, row => Number(row.place) - 1)
  return pages.map(({ streamId }, index) => {
    const [top, ...others] = found.get(index) ?? []
    if (!top) return null
    const extent = { head: Number(top.head), floor: Number(top.floor) }
    if (!top.has_room) return { extent, page: null }
    const changes = [top, ...others].flatMap(row => changeOf(streamId, kind, row))
    return { extent, page: { changes, hasMore: Number(top.found) > changes.length } }
  })
}

const changeOf = (streamId: string, kind: string, row: Row): Change[] =>
  row.seq === null
    ? []
    : [
        {
          streamId,
          seq: Number(row.seq),
          kind,
          payload: row.payload,
          actorId: row.actor_id,
          clientId: row.client_id,
          clientCounter: row.client_counter === null ? null : Number(row.client_counter),
          at: new Date(Number(row.at_ms)),
        },
      ]

/** Each clock once, as text, and for each of them which of the texts it is, from 1 on. */
function distinct(clocks: readonly (Clock | null)[]) {
  const places = new Map<string, number>()
  const known = new Map<Clock | null, number | null>([[null, null]])
  const numbers = clocks.map(clock => {
    const found = known.get(clock)
    if (found !== undefined) return found
    const text = JSON.stringify(clock)
    const number = places.get(text) ?? places.size + 1
    places.set(text, number)
    known.set(clock, number)
    return number
  })
  return { texts: [...places.keys()], numbers }
}
