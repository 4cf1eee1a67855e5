import DataLoader from 'dataloader'
import { sqlStateOf } from './sql-state.ts'

const mostAtOnce = 500
/** SQLSTATE class of values that the database refuses to look at. */
const refusedValue = '22'

/**
 * What is asked for one by one is read together: all of one turn of the event loop, as when a thousand sockets come back at once. Nothing is
 * kept, and nothing is read before it was asked for.
 * @param read gives the answers in the order of the questions
 */
export function readTogether<Question, Answer>(
  read: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  async function readAll(questions: readonly Question[]): Promise<readonly (Answer | Error)[]> {
    try {
      return await read(questions)
    } catch (error) {
      // One of them is to blame, and the others must not suffer from it.
      if (questions.length === 1 || !sqlStateOf(error)?.startsWith(refusedValue)) throw error
      return (await Promise.all(questions.map(question => readAll([question]).catch((reason: Error) => [reason])))).flat()
    }
  }
  const loader = new DataLoader<Question, Answer>(readAll, { cache: false, maxBatchSize: mostAtOnce, batchScheduleFn: ask => setImmediate(ask) })
  return question => loader.load(question)
}
