import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { nobody } from '../../src/access/viewer.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { createSignatures } from '../../src/signatures/signatures.ts'
import { codeOf } from '../accounts/world.ts'
import { signed } from './world.ts'

const now = Date.parse('2026-11-21T12:00:00Z')

const signaturesAt = (clock: Clock) =>
  createSignatures({ clock, redis: null, isRequired: true, keyOf: async () => null, audit: { refuse: () => {} } })

const one = { id: 'one', ip: '192.0.2.1', identity: nobody }

/** A connection, at a time that can be moved. */
function connect() {
  const clock = { at: now, now: () => new Date(clock.at) }
  const { ofConnections } = signaturesAt(clock)
  return {
    clock,
    signingKey: ofConnections.signingKeyOf(one.id),
    ask: (operation: object) => codeOf(Promise.resolve().then(() => ofConnections.check(operation, one))),
  }
}

test('a signature holds from 60 seconds before its time to 5 minutes after it, to the millisecond', async () => {
  const { clock, signingKey, ask } = connect()
  for (const [offMs, code] of [
    [-60_001, 'SIGNATURE_INVALID'],
    [-60_000, null],
    [0, null],
    [300_000, null],
    [300_001, 'SIGNATURE_INVALID'],
  ] as const) {
    clock.at = now + offMs
    expect([offMs, await ask(await signed({ query: '{ a }' }, signingKey, { timestamp: now }))]).toEqual([offMs, code])
  }
})

test('at no time between is it taken twice', async () => {
  const { clock, signingKey, ask } = connect()
  const operation = await signed({ query: '{ a }' }, signingKey, { timestamp: now })
  clock.at = now - 60_000
  expect(await ask(operation)).toBeNull()
  for (let later = -60_000; later <= 300_000; later += 30_000) {
    clock.at = now + later
    expect(await ask(operation)).toBe('REPLAYED')
  }
  clock.at = now + 300_001
  expect(await ask(operation)).toBe('SIGNATURE_INVALID')
})

test('who has no key learns nothing of times and nonces, and uses none up', async () => {
  const { clock, signingKey, ask } = connect()
  const stranger = randomBytes(32).toString('base64url')
  const operation = await signed({ query: '{ a }' }, signingKey, { timestamp: now, nonce: 'n'.repeat(22) })
  const messageOf = async (given: object) => {
    const { ofConnections } = signaturesAt(clock)
    return Promise.resolve()
      .then(() => ofConnections.check(given, { ...one, id: 'two' }))
      .catch((error: Error) => error.message)
  }
  const guesses = await Promise.all(
    [0, -3_600_000, 3_600_000].map(off => signed({ query: '{ a }' }, stranger, { timestamp: now + off, nonce: 'n'.repeat(22) })),
  )
  const messages = await Promise.all(guesses.map(messageOf))
  expect(new Set(messages).size).toBe(1)
  for (const guess of guesses) expect(await ask(guess)).toBe('SIGNATURE_INVALID')
  expect(await ask(operation)).toBeNull()
})
