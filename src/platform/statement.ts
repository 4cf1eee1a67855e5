import type { QueryConfig, QueryResult, QueryResultRow } from 'pg'
import type { Tx } from './database.ts'

export type Ask = <Row extends QueryResultRow>(query: QueryConfig) => Promise<QueryResult<Row>>

/** What is under a transaction. */
interface Session {
  readonly ask: Ask
  /** Whether all that it does goes by keys. */
  readonly isByKey: boolean
  /** Until then nothing that was answered counts. */
  readonly begun: Promise<unknown>
  /** Its end has been asked for. */
  isOver: boolean
}

const sessions = new WeakMap<Tx, Session>()

export function bindSession(tx: Tx, session: Session): Session {
  sessions.set(tx, session)
  return session
}

/**
 * A statement that is always the same text, for what is done thousands of times a second: nothing is put together anew. Its arrays are
 * given as arrays; instants and what is beyond 2^31 come back as text.
 *
 * Statements that are called without waiting for one another are one flight: they go to the database together and are done in the order
 * of the calls, each seeing what was committed before its turn. When one fails, so do those behind it.
 */
export type Statement<Row> = (tx: Tx, ...values: readonly unknown[]) => Promise<Row[]>

/**
 * In a transaction that goes by keys, PostgreSQL keeps its plan for as long as the connection lasts. Elsewhere it is planned anew each time: a plan
 * from when a table was small may read all of it.
 */
export function statement<Row extends QueryResultRow>(name: string, text: string): Statement<Row> {
  return async (tx, ...values) => {
    const session = sessions.get(tx)
    if (!session) throw new Error('This transaction was not begun by the database.')
    const { ask, isByKey, begun, isOver } = session
    if (isOver) throw new Error('This transaction has been asked to end.')
    const [{ rows }] = await Promise.all([ask<Row>(isByKey ? { name, text, values: [...values] } : { text, values: [...values] }), begun])
    return rows
  }
}

/**
 * An array as PostgreSQL reads it, of what is no text with control characters: numbers, truths, texts that are JSON themselves.
 * The driver would write it value by value.
 */
export const arrayText = (values: readonly (number | boolean | string | null)[]): string => `{${JSON.stringify(values).slice(1, -1)}}`
