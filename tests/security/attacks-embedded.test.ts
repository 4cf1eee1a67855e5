import { afterAll, beforeAll, describe, test } from 'vitest'
import { forged } from './attacks/forged.ts'
import { fuzz } from './attacks/fuzz.ts'
import { idor } from './attacks/idor.ts'
import { startTarget, type Target } from './attacks/target.ts'

let target: Target & AsyncDisposable
beforeAll(async () => {
  target = await startTarget('embedded')
})
afterAll(() => target?.[Symbol.asyncDispose]())

/** Those that reach the database: the embedded one is another, with one connection. */
describe.each(Object.entries({ 'the ids of others': idor, forged, 'what nobody means': fuzz }))('on the embedded database, %s', (_, attacks) => {
  test.each(Object.entries(attacks))('%s', async (_, attack) => attack(target))
})
