import { Client } from 'pg'
import { afterAll, beforeAll } from 'vitest'

export interface Statement {
  /** With one, each connection keeps what the text was planned as. */
  readonly name: string | null
  readonly text: string
  readonly values: unknown[]
  /** How many statements had not been answered when it was sent. */
  readonly behind: number
}

/** What goes from this process to a database. */
export interface Statements {
  /** What `work` sends to one of the tables, by whichever connection; leave out what runs by the clock. */
  during<T>(tables: RegExp, work: () => Promise<T>): Promise<{ readonly result: T; readonly statements: readonly Statement[] }>
}

/** What comes beside whatever is counted: who calls is looked up anew after a while. */
export const isBesides = ({ text }: Statement): boolean => /from "sessions" inner join "users"/.test(text)

/** Listens to the driver, below everything that the server is made of: for servers that run in the process of the test. */
export function listenToStatements(): Statements {
  const query = Client.prototype.query
  const sent: Statement[] = []
  let unanswered = 0
  beforeAll(() => {
    Client.prototype.query = function (this: Client, ...parameters: Parameters<typeof query>) {
      const [given, values] = parameters as unknown as [string | { name?: string; text?: string; values?: unknown[] }, unknown]
      const { name = null, text = '', values: own } = typeof given === 'string' ? { text: given } : given
      sent.push({ name, text, values: own ?? (Array.isArray(values) ? values : []), behind: unanswered })
      unanswered += 1
      const answer: unknown = query.apply(this, parameters)
      const settle = () => {
        unanswered -= 1
      }
      // Before whoever asked hears of it.
      void Promise.resolve(answer).then(settle, settle)
      return answer
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
