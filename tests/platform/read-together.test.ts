import { describe, expect, test } from 'vitest'
import { readTogether } from '../../src/platform/read-together.ts'
import { until } from '../harness/wait.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

/** Reads that are answered when the test says so. */
function openReader() {
  const batches: { readonly questions: readonly number[]; answer(): void; fail(error: unknown): void }[] = []
  const ask = readTogether(
    (questions: readonly number[]) =>
      new Promise<readonly string[]>((resolve, fail) => {
        batches.push({ questions, answer: () => resolve(questions.map(String)), fail })
      }),
  )
  return { batches, ask }
}

describe('what is read together', () => {
  test('is all of one turn, and then all that came while answers were awaited; each gets its own', async () => {
    const { batches, ask } = openReader()
    const first = numbers(10).map(ask)
    await until('the first', () => batches.length === 1)
    const second = [ask(10)]
    await until('the second', () => batches.length === 2)
    const rest = numbers(600).map(ask)
    await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
    expect(batches.map(({ questions }) => questions.length)).toEqual([10, 1])
    batches[0]?.answer()
    batches[1]?.answer()
    expect(await Promise.all([...first, ...second])).toEqual(numbers(11).map(String))
    await until('the rest', () => batches.length === 4)
    expect(batches.slice(2).map(({ questions }) => questions.length)).toEqual([500, 100])
    for (const { answer } of batches.slice(2)) answer()
    expect(await Promise.all(rest)).toEqual(numbers(600).map(String))
  })

  test('fails for all when the database is away, and is asked anew by who comes later', async () => {
    const { batches, ask } = openReader()
    const outcomes = Promise.allSettled(numbers(3).map(ask))
    await until('the question', () => batches.length === 1)
    batches[0]?.fail(new Error('away'))
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    const later = ask(7)
    await until('the next', () => batches.length === 2)
    batches[1]?.answer()
    expect(await later).toBe('7')
  })

  test('fails for nobody but whose value the database refuses', async () => {
    const refused = Object.assign(new Error('invalid byte sequence'), { code: '22021' })
    const ask = readTogether(async (questions: readonly number[]) => {
      if (questions.includes(3)) throw refused
      return questions.map(String)
    })
    const outcomes = await Promise.all(numbers(5).map(number => ask(number).catch(error => error)))
    expect(outcomes).toEqual(['0', '1', '2', refused, '4'])
  })
})
