import { sqlStateOf } from './sql-state.ts'

const mostAtOnce = 500
/** More than one, so that a connection that died without a word does not hold up everybody. */
const mostUnderWay = 2
/** SQLSTATE class of values that the database refuses to look at. */
const refusedValue = '22'

interface Waiting<Question, Answer> extends Omit<PromiseWithResolvers<Answer>, 'promise'> {
  readonly question: Question
}

/**
 * What is asked for one by one is read together: all of one turn of the event loop and, while answers are awaited, all that comes
 * meanwhile, as when a thousand sockets come back at once. Nothing is kept, and nothing is read before it was asked for.
 * @param read gives the answers in the order of the questions
 */
export function readTogether<Question, Answer>(
  read: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  const waiting: Waiting<Question, Answer>[] = []
  let underWay = 0
  let isAboutToAsk = false

  function askSoon(): void {
    if (isAboutToAsk || underWay >= mostUnderWay || waiting.length === 0) return
    isAboutToAsk = true
    setImmediate(() => {
      isAboutToAsk = false
      underWay += 1
      void answer(waiting.splice(0, mostAtOnce)).finally(() => {
        underWay -= 1
        askSoon()
      })
      askSoon()
    })
  }

  async function answer(batch: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await read(batch.map(({ question }) => question))
      for (const [place, { resolve }] of batch.entries()) resolve(answers[place] as Answer)
    } catch (error) {
      // One of them is to blame, and the others must not suffer from it.
      if (batch.length > 1 && sqlStateOf(error)?.startsWith(refusedValue)) await Promise.all(batch.map(each => answer([each])))
      else for (const { reject } of batch) reject(error)
    }
  }

  return question =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      askSoon()
    })
}
