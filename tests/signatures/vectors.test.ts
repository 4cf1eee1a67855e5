import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import * as helper from '../../clients/signature.ts'
import published from '../../schema/signatures.json' with { type: 'json' }
import * as server from '../../src/signatures/canonical.ts'
import { verify } from '../../src/signatures/verify.ts'

const { signingKey, vectors } = published
const key = Buffer.from(signingKey, 'base64url')

test.each(vectors)('$name: server, helper and the published form agree', async ({ operation, timestamp, nonce, canonicalForm, value }) => {
  expect(server.canonicalForm(operation, timestamp, nonce)).toBe(canonicalForm)
  expect(helper.canonicalForm(operation, timestamp, nonce)).toBe(canonicalForm)
  expect(createHmac('sha256', key).update(canonicalForm).digest('base64url')).toBe(value)
  expect(await helper.hmacOf(canonicalForm, await helper.importSigningKey(signingKey))).toBe(value)
  const signed = { ...operation, extensions: { ...operation.extensions, signature: { value, timestamp, nonce } } }
  expect(verify(signed, key, new Date(timestamp))).toEqual({ value, timestamp, nonce })
})

test.each(vectors)('$name: the form says all that is signed, and nothing else', ({ operation, timestamp, nonce, canonicalForm }) => {
  const { query, documentId, operationName, variables, extensions } = operation as helper.SentOperation
  const hash = (extensions as { persistedQuery?: { sha256Hash: string } } | undefined)?.persistedQuery?.sha256Hash
  const said = ['tidemark-1', query || null, documentId ?? hash ?? null, operationName ?? null, variables ?? {}, timestamp, nonce]
  // What is the same number is the same text, so -0 is 0.
  expect(JSON.parse(canonicalForm)).toEqual(JSON.parse(JSON.stringify(said)))
})

test('no two vectors have one signature', () => {
  expect(new Set(vectors.map(({ value }) => value)).size).toBe(vectors.length)
})
