import { Client } from 'pg'
import { afterAll, beforeAll } from 'vitest'

export interface Statement {
  readonly text: string
  readonly values: unknown[]
}

/** What goes from this process to a database. */
export interface Statements {
  /** What `work` sends to one of the tables, by whichever connection; leave out what runs by the clock. */
  during<T>(tables: RegExp, work: () => Promise<T>): Promise<{ readonly result: T; readonly statements: readonly Statement[] }>
}

/** Listens to the driver, below everything that the server is made of: for servers that run in the process of the test. */
export function listenToStatements(): Statements {
  const query = Client.prototype.query
  const sent: Statement[] = []
  beforeAll(() => {
    Client.prototype.query = function (this: Client, ...parameters: Parameters<typeof query>) {
      const [given, values] = parameters as unknown as [string | { text?: string; values?: unknown[] }, unknown]
      const { text = '', values: own } = typeof given === 'string' ? { text: given } : given
      sent.push({ text, values: own ?? (Array.isArray(values) ? values : []) })
      return query.apply(this, parameters)
    } as typeof query
  })
  afterAll(() => {
    Client.prototype.query = query
  })
  return {
    async during(tables, work) {
      sent.length = 0
      const result = await work()
      return { result, statements: sent.filter(({ text }) => tables.test(text)) }
    },
  }
}
