import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

/** What is easily mixed up: escapes, and what starts like them. */
const key = fc.string({ unit: fc.constantFrom('"', '\\', '\n', '/', 'n', 'u', '0', '\u0001', ':', ' ', 'é'), maxLength: 4 })
const any = fc.letrec(tie => ({
  any: fc.oneof({ depthSize: 'small' }, fc.constantFrom(null, 0, '"a\\":1', '\\'), fc.array(tie('any')), fc.dictionary(key, tie('any'))),
})).any

describe('JSON.parse', () => {
  test('reads a key for what it is, whatever was at its place in an object before', () => {
    for (const [before, text, keys] of [
      ['{"h":[],"\\\\":0}', '{"h":1,"\\"":2}', ['h', '"']],
      ['{"i":[],"C:\\\\":0}', '{"i":1,"C:\\\\Windows":2}', ['i', 'C:\\Windows']],
    ] as const) {
      JSON.parse(before)
      expect(Object.keys(JSON.parse(text))).toEqual(keys)
    }
  })

  test('gives back what was written, with its keys in order', () => {
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), values => {
        for (const value of values)
          for (const indent of [0, 1]) {
            const text = JSON.stringify(value, null, indent)
            expect(JSON.stringify(JSON.parse(text), null, indent)).toBe(text)
          }
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([
    ['the last of equal keys counts, at the place of the first', '{"a\\"":1,"b":2,"a\\u0022":3}', '{"a\\"":3,"b":2}'],
    ['however they are written', '{"a/":1,"b":2,"a\\/":3}', '{"a/":3,"b":2}'],
    ['the one without escapes in the middle as well', '{"a\\/":1,"b":2,"a/":3,"\\u0061/":4,"\\"":0}', '{"a/":4,"b":2,"\\"":0}'],
    ['a key of every object is one like all others', '{"\\u005f_proto__":{"\\"":1}}', '{"__proto__":{"\\"":1}}'],
    ['what looks like a key in a text is none', '["{\\"a\\\\\\"\\":1}",{"\\n" : "\\"b\\":"}]', '["{\\"a\\\\\\"\\":1}",{"\\n":"\\"b\\":"}]'],
  ])('%s', (_, text, written) => {
    expect(JSON.stringify(JSON.parse(text))).toBe(written)
  })

  test('refuses what is no JSON in words about what was given', () => {
    for (const text of ['{"\\"":}', '{"\\x":1}', '{"\\', '{"\\"', '{"\\"":1', '"\\"":1', '{"\\u00":1}'])
      expect(() => JSON.parse(text), text).toThrow(/^(?!.*[\da-f]{8}-[\da-f]{4}).*JSON/)
  })

  test('is as deep and as long as need be', () => {
    const deep = `${'{"\\n":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    let depth = 0
    for (let value: unknown = JSON.parse(deep); typeof value === 'object' && value !== null; value = (value as Record<string, unknown>)['\n'])
      depth += 1
    expect(depth).toBe(100_000)
    const many = `{${Array.from({ length: 50_000 }, (_, index) => `"\\n${index}":0`).join(',')}}`
    expect(Object.keys(JSON.parse(many))).toHaveLength(50_000)
    const long = `"${'\\n'.repeat(4_000_000)}"`
    expect(JSON.parse(`{"\\"":${long}}`)['"']).toHaveLength(4_000_000)
  })
})
