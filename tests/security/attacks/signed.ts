import { createHmac, randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { canonicalForm, type SentOperation } from '../../../src/signatures/canonical.ts'
import { openSocket, type RawSocket } from '../../transport/raw-socket.ts'
import type { Attacks, Target } from './target.ts'

interface Signature {
  readonly value: string
  readonly timestamp: unknown
  readonly nonce: unknown
}

const operation: SentOperation = { query: 'query A($id: ID!) { node(id: $id) { id } viewer { id } }', operationName: 'A', variables: { id: 'none' } }
const newNonce = () => randomBytes(18).toString('base64url')

function sign(key: string, signed: SentOperation, timestamp: number = Date.now(), nonce: string = newNonce()): Signature {
  const value = createHmac('sha256', Buffer.from(key, 'base64url'))
    .update(canonicalForm(signed, timestamp, nonce) ?? '')
    .digest('base64url')
  return { value, timestamp, nonce }
}

async function opened({ server, attacker }: Target): Promise<{ socket: RawSocket; key: string }> {
  const socket = await openSocket(server.wsUrl)
  const { payload } = await socket.init({ token: attacker.accessToken })
  return { socket, key: (payload as { signingKey: string }).signingKey }
}

async function send(socket: RawSocket, id: string, sent: SentOperation, signature: unknown): Promise<string> {
  socket.send({ id, type: 'subscribe', payload: { ...sent, extensions: { signature } } })
  for (;;) {
    const frame = await socket.next()
    if (frame.id !== id) continue
    return /"code":"(\w+)"/.exec(JSON.stringify(frame))?.[1] ?? frame.type
  }
}

/** The signature of something else, or by something else, is none. */
const refused =
  (
    forge: (key: string, target: Target) => { sent?: SentOperation; signature: unknown } | Promise<{ sent?: SentOperation; signature: unknown }>,
    code = 'SIGNATURE_INVALID',
  ) =>
  async (target: Target) => {
    const { socket, key } = await opened(target)
    using _ = socket
    const { sent = operation, signature } = await forge(key, target)
    expect(await send(socket, '1', sent, signature)).toBe(code)
    // The connection is as good as before.
    expect(await send(socket, '2', operation, sign(key, operation))).toBe('next')
  }

const other = (change: SentOperation) => refused(key => ({ sent: { ...operation, ...change }, signature: sign(key, operation) }))
const changed = (change: (signature: Signature) => unknown) => refused(key => ({ signature: change(sign(key, operation)) }))

export const signed: Attacks = {
  'a signature for another query': other({ query: 'query A($id: ID!) { node(id: $id) { id } viewer { email } }' }),
  'a signature for the same query with another space': other({ query: `${String(operation.query)} ` }),
  'a signature for another operation of the document': other({ operationName: 'B' }),
  'a signature for no operation name': other({ operationName: null }),
  'a signature for other variables': other({ variables: { id: 'other' } }),
  'a signature for more variables': other({ variables: { id: 'none', more: 1 } }),
  'a signature for no variables': other({ variables: {} }),
  'a signature by nobody’s key': refused(() => ({ signature: sign(randomBytes(32).toString('base64url'), operation) })),
  'a signature by an empty key': refused(() => ({ signature: sign('', operation) })),
  'a signature by the access token': refused((_, { attacker }) => ({
    signature: sign(Buffer.from(attacker.accessToken).toString('base64url'), operation),
  })),
  'a signature by the key of another connection of one’s own': refused(async (_, target) => {
    const { socket, key } = await opened(target)
    socket.socket.terminate()
    return { signature: sign(key, operation) }
  }),
  'a signature from six minutes ago': refused(key => ({ signature: sign(key, operation, Date.now() - 360_000) })),
  'a signature from two minutes ahead': refused(key => ({ signature: sign(key, operation, Date.now() + 120_000) })),
  'a signature of today with the time of tomorrow': changed(({ value, nonce }) => ({ value, nonce, timestamp: Date.now() + 86_400_000 })),
  'a signature whose time is a text': changed(signature => ({ ...signature, timestamp: String(signature.timestamp) })),
  'a signature whose time is not whole': changed(signature => ({ ...signature, timestamp: Number(signature.timestamp) + 0.5 })),
  'a signature with another nonce': changed(signature => ({ ...signature, nonce: newNonce() })),
  'a signature with a short nonce': changed(signature => ({ ...signature, nonce: 'short' })),
  'a signature with a nonce that is an object': changed(signature => ({ ...signature, nonce: { toString: 'x' } })),
  'a signature of an operation cut short': changed(signature => ({ ...signature, value: signature.value.slice(0, -1) })),
  'a signature in other digits': changed(signature => ({ ...signature, value: Buffer.from(signature.value, 'base64url').toString('hex') })),
  'a signature in another alphabet': changed(signature => ({ ...signature, value: `${signature.value}=` })),
  'an empty signature': changed(() => ({})),
  'a signature that is a text': changed(({ value }) => value),
  'a signature that is a list': changed(signature => [signature]),
  'a signature that is in the prototype': refused(key => ({
    signature: JSON.parse(JSON.stringify({ __proto__x: sign(key, operation) }).replace('__proto__x', '__proto__')),
  })),
  'a signature that was used': async target => {
    const { socket, key } = await opened(target)
    using _ = socket
    const signature = sign(key, operation)
    expect(await send(socket, '1', operation, signature)).toBe('next')
    expect(await send(socket, '2', operation, signature)).toBe('REPLAYED')
  },
  'a signature that is used twenty times at once': async target => {
    const { socket, key } = await opened(target)
    using _ = socket
    const signature = sign(key, operation)
    const ids = Array.from({ length: 20 }, (_, index) => String(index))
    for (const id of ids) socket.send({ id, type: 'subscribe', payload: { ...operation, extensions: { signature } } })
    let passed = 0
    for (const ended = new Set<string>(); ended.size < ids.length; ) {
      const frame = await socket.next()
      if (frame.type === 'next') passed++
      else if (frame.id !== undefined) ended.add(frame.id)
    }
    expect(passed).toBe(1)
  },
  'a signature of a socket over HTTP': async target => {
    const { socket, key } = await opened(target)
    using _ = socket
    const response = await target.at('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${target.attacker.accessToken}` },
      body: JSON.stringify({ ...operation, extensions: { signature: sign(key, operation) } }),
    })
    expect(await response.text()).toContain('SIGNATURE_INVALID')
  },
}
