import { beforeAll, describe, expect, test } from 'vitest'
import type { FieldWriteInput } from '../generated/graphql.ts'
import { codeOf, type Person, refusalOf, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, pushDelta, readDocument, readField } from '../harness/operations.ts'

describe.each(modes)('what a push may hold on %s', mode => {
  const servers = useServers(mode, { env: { MAX_MESSAGE_BYTES: String(8 * 1024 * 1024) } })
  let ann: Person
  let id: string
  let counter = 0
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    id = (await ann.run(createDocument, { input: {} })).createDocument.document.id
  })
  const push = (writes: FieldWriteInput[], more = {}) =>
    ann.ask(pushDelta, { input: { documentId: id, clientId: 'c', clock: { c: ++counter }, writes, ...more } })
  const bad = (field: string) => ({ code: 'BAD_USER_INPUT', field })
  const field = async (path: string) => (await ann.run(readField, { id, path })).document?.field

  test('paths of 1 to 512 characters, each once', async () => {
    const longest = '😀'.repeat(256)
    expect(
      await refusalOf(
        push([
          { path: longest, value: 1 },
          { path: 'x', value: 1 },
        ]),
      ),
    ).toBeNull()
    expect((await field(longest))?.value).toBe(1)
    expect(await refusalOf(push([{ path: 'x'.repeat(513), value: 1 }]))).toEqual(bad('input.writes.0.path'))
    expect(await refusalOf(push([{ path: '', value: 1 }]))).toEqual(bad('input.writes.0.path'))
    expect(
      await refusalOf(
        push([
          { path: 'a', value: 1 },
          { path: 'b', value: 1 },
          { path: 'a', delete: true },
        ]),
      ),
    ).toEqual(bad('input.writes.2.path'))
  })

  test('paths of any characters that PostgreSQL can keep, and none that harm an object', async () => {
    const paths = [
      'constructor',
      'toString',
      'hasOwnProperty',
      'prototype',
      ' ',
      '\n',
      '"',
      '\\',
      '0',
      '-1',
      'a.b[0]',
      'é',
      'e\u0301',
      '\u2028',
      '￿',
      '💡',
    ]
    expect(await refusalOf(push(paths.map((path, value) => ({ path, value }))))).toBeNull()
    const { document } = await ann.run(readDocument, { id })
    for (const [value, path] of paths.entries()) expect(new Map(Object.entries(document?.fields ?? {})).get(path), path).toBe(value)
    for (const path of ['__proto__', 'a\0', '\ud800', 'a\udc00b'])
      expect(await refusalOf(push([{ path, value: 1 }])), path).toEqual(bad('input.writes.0.path'))
  })

  test('values up to 256 KiB as JSON, in UTF-8', async () => {
    const max = 256 * 1024
    for (const value of ['x'.repeat(max - 2), 'é'.repeat((max - 2) / 2), { k: 'x'.repeat(max - 8) }]) {
      expect(await refusalOf(push([{ path: 'big', value }]))).toBeNull()
      expect((await field('big'))?.value).toEqual(value)
    }
    const tooLarge = { code: 'PAYLOAD_TOO_LARGE', field: 'input.writes.1.value' }
    for (const value of ['x'.repeat(max - 1), 'é'.repeat(max / 2), '"'.repeat(max / 2), { k: 'x'.repeat(max - 7) }])
      expect(
        await refusalOf(
          push([
            { path: 'small', value: 1 },
            { path: 'big', value },
          ]),
        ),
      ).toEqual(tooLarge)
    expect(await codeOf(ann.ask(createDocument, { input: { fields: { big: 'x'.repeat(max) } } }))).toBe('PAYLOAD_TOO_LARGE')
  })

  test('1 to 1,000 writes, all or none of them', async () => {
    const writes = Array.from({ length: 1_001 }, (_, index) => ({ path: `many ${index}`, value: index }))
    expect(await refusalOf(push(writes))).toEqual(bad('input.writes'))
    expect(await refusalOf(push([]))).toEqual(bad('input.writes'))
    expect(await refusalOf(push([...writes.slice(0, 999), { path: 'many 999' }]))).toEqual(bad('input.writes.999.value'))
    expect(await field('many 0')).toBeNull()
    expect(await refusalOf(push(writes.slice(0, 1_000)))).toBeNull()
    expect(await field('many 999')).toMatchObject({ value: 999 })
  })

  test('a value or a deletion, and not both', async () => {
    expect(await refusalOf(push([{ path: 'x' }]))).toEqual(bad('input.writes.0.value'))
    expect(await refusalOf(push([{ path: 'x', value: 1, delete: true }]))).toEqual(bad('input.writes.0.value'))
    expect(await refusalOf(push([{ path: 'x', value: null }]))).toBeNull()
    expect(await field('x')).toMatchObject({ value: null, deleted: false })
    expect(await refusalOf(push([{ path: 'x', value: null, delete: true }]))).toBeNull()
    expect(await field('x')).toMatchObject({ value: null, deleted: true })
  })

  test('a client id of 1 to 128 characters, with its counter in the clock', async () => {
    const by = (clientId: string, clock: Record<string, number>) => refusalOf(push([{ path: 'x', value: 1 }], { clientId, clock }))
    const longest = 'x'.repeat(128)
    expect(await by(longest, { [longest]: 1 })).toBeNull()
    expect(await by('constructor', { constructor: 1 })).toBeNull()
    expect(await by('', { a: 1 })).toEqual(bad('input.clientId'))
    expect(await by(`${longest}x`, { a: 1 })).toEqual(bad('input.clientId'))
    for (const clock of [{}, { b: 1 }, { a: 0 }]) expect(await by('a', clock)).toEqual(bad('input.clock'))
    for (const counter of [-1, 1.5, 2 ** 53]) expect((await by('a', { a: counter }))?.code, String(counter)).toBe('BAD_USER_INPUT')
    expect(await by('a', { a: Number.MAX_SAFE_INTEGER })).toBeNull()
    expect((await ann.run(readDocument, { id })).document?.clock).toMatchObject({ a: Number.MAX_SAFE_INTEGER, constructor: 1 })
  })
})
