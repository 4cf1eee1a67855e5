import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admin } from './attacks/admin.ts'
import { browsers } from './attacks/browsers.ts'
import { disclosure } from './attacks/disclosure.ts'
import { enumeration } from './attacks/enumeration.ts'
import { forged } from './attacks/forged.ts'
import { fuzz } from './attacks/fuzz.ts'
import { guessing } from './attacks/guessing.ts'
import { idor } from './attacks/idor.ts'
import { jwt } from './attacks/jwt.ts'
import { logs } from './attacks/logs.ts'
import { overload } from './attacks/overload.ts'
import { requests } from './attacks/requests.ts'
import { signed } from './attacks/signed.ts'
import { sockets } from './attacks/sockets.ts'
import { spoofing } from './attacks/spoofing.ts'
import { type Attacks, startTarget, type Target } from './attacks/target.ts'

type Suite = Readonly<Record<string, Attacks>>

/** Most of them wait for a server that says nothing: they run beside one another. */
const atOnce: Suite = {
  overload,
  'what is not to be told': disclosure,
  'other pages in the browser': browsers,
  'requests of strange shapes': requests,
  'who says where they come from': spoofing,
  'sockets of strange manners': sockets,
  forged,
  'signatures of operations': signed,
}

/** Each of these comes after the one before it. */
const inOrder: Suite = {
  'access tokens': jwt,
  'what there is': enumeration,
  'the ids of others': idor,
  'what administrators may': admin,
  'what is to be read in the log': logs,
  'what nobody means': fuzz,
  guessing,
}

let target: Target & AsyncDisposable
beforeAll(async () => {
  target = await startTarget()
})
afterAll(() => target?.[Symbol.asyncDispose]())

test('these are at least a hundred and fifty attacks, each with a name of its own', () => {
  const names = Object.values({ ...atOnce, ...inOrder }).flatMap(attacks => Object.keys(attacks))
  expect(names.length).toBeGreaterThan(150)
  expect(new Set(names).size).toBe(names.length)
})

describe.each(Object.entries(atOnce))('%s', (_, attacks) => {
  test.concurrent.each(Object.entries(attacks))('%s', async (_, attack) => attack(target))
})

describe.each(Object.entries(inOrder))('%s', (_, attacks) => {
  test.each(Object.entries(attacks))('%s', async (_, attack) => attack(target))
})
