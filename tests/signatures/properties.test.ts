import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalForm, importSigningKey, type SentOperation, type Signature, signatureOf } from '../../clients/signature.ts'
import * as server from '../../src/signatures/canonical.ts'
import { createNonceMemory } from '../../src/signatures/nonce-memory.ts'
import { verify } from '../../src/signatures/verify.ts'
import { codeOf } from '../accounts/world.ts'

const key = randomBytes(32)
const signingKey = importSigningKey(key.toString('base64url'))
/** Text that any client can send: what is no Unicode has no canonical form. */
const text = fc.string({ unit: 'grapheme' })
const operation: fc.Arbitrary<SentOperation> = fc.record(
  {
    query: text,
    documentId: fc.option(text),
    operationName: fc.option(text),
    variables: fc.option(fc.dictionary(text, fc.jsonValue({ stringUnit: 'grapheme' }))),
    extensions: fc.constantFrom(undefined, {}, { persistedQuery: { version: 1, sha256Hash: 'ab' } }),
  },
  { requiredKeys: ['query'] },
)

const overTheWire = (sent: object) => JSON.parse(JSON.stringify(sent)) as Record<string, unknown>
const withSignature = (sent: SentOperation, signature: object) => overTheWire({ ...sent, extensions: { ...sent.extensions, signature } })
const outcomeOf = (sent: Record<string, unknown>, now = new Date(), by: Uint8Array = key) =>
  codeOf(Promise.resolve().then(() => verify(sent, by, now)))

test('whatever the helper signs, the server takes', async () => {
  await fc.assert(
    fc.asyncProperty(operation, async sent => {
      const signature = await signatureOf(sent, await signingKey)
      expect(await outcomeOf(withSignature(sent, signature))).toBeNull()
      const arrived = overTheWire(sent)
      expect(server.canonicalForm(arrived, signature.timestamp, signature.nonce)).toBe(canonicalForm(sent, signature.timestamp, signature.nonce))
    }),
  )
})

test('two operations have one form only if they are the same', async () => {
  const same = (one: SentOperation, other: SentOperation) => {
    const partsOf = ({ query, documentId, operationName, variables, extensions }: SentOperation) => {
      const hash = (extensions as { persistedQuery?: { sha256Hash: string } } | undefined)?.persistedQuery?.sha256Hash
      return overTheWire([query || null, documentId ?? hash ?? null, operationName ?? null, variables ?? {}])
    }
    return fc.stringify(partsOf(one)) === fc.stringify(partsOf(other))
  }
  fc.assert(
    fc.property(operation, operation, (one, other) => {
      fc.pre(!same(one, other))
      expect(server.canonicalForm(one, 1, 'n')).not.toBe(server.canonicalForm(other, 1, 'n'))
    }),
  )
})

/** Changes one thing that was signed. */
type Tamper = (sent: SentOperation, signature: Signature) => Record<string, unknown>

const change: fc.Arbitrary<Tamper> = fc.oneof(
  fc.tuple(text, fc.nat()).map(
    ([added, at]): Tamper =>
      (sent, signature) => {
        const query = sent.query ?? ''
        return withSignature(
          { ...sent, query: `${query.slice(0, at % (query.length + 1))}${added || ' '}${query.slice(at % (query.length + 1))}` },
          signature,
        )
      },
  ),
  text.map(
    (name): Tamper =>
      (sent, signature) =>
        withSignature({ ...sent, operationName: `${sent.operationName ?? ''}${name}_` }, signature),
  ),
  text.map(
    (name): Tamper =>
      (sent, signature) =>
        withSignature({ ...sent, documentId: `${sent.documentId ?? ''}${name}_` }, signature),
  ),
  fc.tuple(text, fc.jsonValue()).map(
    ([name, value]): Tamper =>
      (sent, signature) => {
        const variables = sent.variables as Record<string, unknown> | null | undefined
        return withSignature(
          { ...sent, variables: { ...variables, [`${name}_new`]: value, ...(variables && `${name}_new` in variables && { other: 1 }) } },
          signature,
        )
      },
  ),
  fc.integer({ min: 1, max: 60_000 }).map(
    (ms): Tamper =>
      (sent, signature) =>
        withSignature(sent, { ...signature, timestamp: signature.timestamp + ms }),
  ),
  fc.constant<Tamper>((sent, signature) => withSignature(sent, { ...signature, nonce: `${[...signature.nonce].reverse().join('')}x` })),
  fc.nat(42).map(
    (at): Tamper =>
      (sent, signature) => {
        const swapped = signature.value[at] === 'A' ? 'Q' : 'A'
        return withSignature(sent, { ...signature, value: `${signature.value.slice(0, at)}${swapped}${signature.value.slice(at + 1)}` })
      },
  ),
  fc.nat(42).map(
    (length): Tamper =>
      (sent, signature) =>
        withSignature(sent, { ...signature, value: signature.value.slice(0, length) }),
  ),
  text.map(
    (added): Tamper =>
      (sent, signature) =>
        withSignature(sent, { ...signature, value: `${signature.value}${added || '='}` }),
  ),
)

test('no change of anything that was signed passes', async () => {
  await fc.assert(
    fc.asyncProperty(operation, change, async (sent, tamper) => {
      const signature = await signatureOf(sent, await signingKey)
      expect(await outcomeOf(tamper(sent, signature))).toBe('SIGNATURE_INVALID')
    }),
  )
})

test('a signature by another key never fits', async () => {
  await fc.assert(
    fc.asyncProperty(operation, fc.uint8Array({ minLength: 32, maxLength: 32 }), async (sent, other) => {
      const signature = await signatureOf(sent, await signingKey)
      expect(await outcomeOf(withSignature(sent, signature), new Date(), other)).toBe('SIGNATURE_INVALID')
    }),
  )
})

test('what is no signature is refused and breaks nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), async (value, timestamp, nonce, variables) => {
      expect(await outcomeOf({ query: '{ a }', variables, extensions: { signature: { value, timestamp, nonce } } })).toBe('SIGNATURE_INVALID')
    }),
  )
})

/** Steps of a clock, and operations of three keys, some of them again. */
const step = fc.record({ key: fc.nat(2), nonce: fc.nat(30), behindMs: fc.integer({ min: -60_000, max: 300_000 }), laterMs: fc.nat(100_000) })

test('nothing is ever taken twice, however little is remembered', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 12 }), (steps, perKey, total) => {
      let now = 1_000_000
      const memory = createNonceMemory({ clock: { now: () => new Date(now) }, perKey, total })
      const taken = new Map<string, number>()
      for (const { key: id, nonce, behindMs, laterMs } of steps) {
        now += laterMs
        const name = `${id} ${nonce}`
        // A nonce is of one timestamp, which is part of what was signed; what is out of the window does not get here.
        const timestamp = taken.get(name) ?? now - behindMs
        if (now - timestamp > 300_000) continue
        const outcome = memory.spend(`key ${id}`, `nonce ${nonce}`, timestamp)
        if (taken.has(name)) expect(outcome).not.toBe('first')
        if (outcome === 'first') taken.set(name, timestamp)
        expect(memory.size).toBeLessThanOrEqual(total)
      }
    }),
  )
})

test('whoever signs when they send is never refused, however much is sent', () => {
  let now = 1_000_000
  const memory = createNonceMemory({ clock: { now: () => new Date(now) }, perKey: 100, total: 500 })
  for (let count = 0; count < 20_000; count++) {
    now += count % 3 === 0 ? 1 : 0
    expect(memory.spend(`key ${count % 9}`, `nonce ${count}`, now + (count % 7))).toBe('first')
    expect(memory.size).toBeLessThanOrEqual(500)
  }
})

test('keys that are gone, or were not used for a while, leave nothing', () => {
  let now = 1_000_000
  const memory = createNonceMemory({ clock: { now: () => new Date(now) } })
  for (let count = 0; count < 1_000; count++) memory.spend(`key ${count}`, 'nonce', now)
  expect(memory.size).toBe(1_000)
  memory.drop('key 7')
  expect(memory.size).toBe(999)
  now += 360_001
  memory.spend('another', 'nonce', now)
  expect(memory.size).toBe(1)
})
