import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { lastWordOf, withPrefix } from '../../src/notes/listing/search-query.ts'
import { type Person, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { setAccess } from '../harness/operations.ts'
import { listNotes } from './listing-operations.ts'
import { idsIn, noteWith, put } from './listing-world.ts'

const texts = {
  tea: { title: 'Green tea', content: 'Steep for three minutes, never longer.' },
  coffee: { title: 'Coffee', content: 'Grind it; brew for FOUR minutes.' },
  mail: { title: 'Addresses', content: 'write to ada.lovelace@example.org, about x-ray vision' },
  foreign: { title: 'Überraschung', content: 'Ein Krimskrams-Laden 日本語 Ёлка' },
  markup: { title: null, content: '<p>Bread &amp; <b>butter</b></p>' },
  odd: { title: "it's a 'quote'", content: 'back\\slash and per%cent' },
} as const
type Name = keyof typeof texts

describe.each(modes)('on %s', mode => {
  const servers = sharedServers(mode)
  const ids = new Map<Name, string>()
  let anna: Person
  let ben: Person

  beforeAll(async () => {
    anna = await signUp(servers.one.url, 'anna')
    ben = await signUp(servers.one.url, 'ben')
    for (const [name, text] of Object.entries(texts)) {
      const note = noteWith({ ...text, tags: ['drink'] })
      ids.set(name as Name, note.id)
      await put(anna, { notes: [note] })
    }
    await put(ben, { notes: [noteWith({ title: 'Green tea of ben' })] })
  })

  const find = async (search: string) => {
    const found = await idsIn(anna, { search })
    return [...ids].flatMap(([name, id]) => (found.includes(id) ? [name] : []))
  }

  test.each<[string, readonly Name[]]>([
    ['green', ['tea']],
    ['GREEN TEA', ['tea']],
    ['minutes', ['tea', 'coffee']],
    ['minutes green', ['tea']],
    ['min', ['tea', 'coffee']],
    ['green min', ['tea']],
    ['min green', []],
    ['inutes', []],
    ['"three minutes"', ['tea']],
    ['"minutes three"', []],
    ['"three min"', []],
    ['"three min', ['tea']],
    ['minutes -green', ['coffee']],
    ['minutes -gre', ['tea', 'coffee']],
    ['minutes -"three minutes"', ['coffee']],
    ['green or coffee', ['tea', 'coffee']],
    ['green or coff', ['tea', 'coffee']],
    ['ada.lovelace@example.org', ['mail']],
    ['ada.lovelace@example.or', ['mail']],
    ['x-ra', ['mail']],
    ['x-ray vis', ['mail']],
    ['überr', ['foreign']],
    ['krimskrams-la', ['foreign']],
    ['日本', ['foreign']],
    ['ёл', ['foreign']],
    ['butter', ['markup']],
    ["it's", ['odd']],
    ['back\\sl', ['odd']],
    ['drink', []],
    ['!!! ???', []],
    [' ', []],
  ])('%s finds %j', async (search, expected) => {
    expect(await find(search)).toEqual(expected)
  })

  test('a search goes with the other filters, and finds nothing of others unless they share it', async () => {
    const shared = ids.get('coffee') ?? ''
    expect(await idsIn(anna, { search: 'coffee', tag: 'drink', type: 'NOTE', starred: false })).toEqual([shared])
    expect(await idsIn(anna, { search: 'coffee', tag: 'food' })).toEqual([])
    expect(await idsIn(anna, { search: 'coffee', type: 'CODE' })).toEqual([])
    expect(await idsIn(ben, { search: 'coffee', shared: true })).toEqual([])
    await anna.run(setAccess, { input: { resourceId: shared, userId: ben.id, access: 'READ' } })
    expect(await idsIn(ben, { search: 'coff', shared: true })).toEqual([shared])
    expect(await idsIn(ben, { search: 'coff' })).toEqual([])
  })

  test('what is encrypted is never found', async () => {
    const word = Buffer.from('sesame sesame').toString('base64')
    const note = noteWith({ encryptedTitle: word, encryptedContent: word, iv: 'sesameiv', salt: 'sesamesalt', tags: ['sesametag'] })
    await put(anna, { notes: [note] })
    for (const search of ['sesame', 'sesameiv', 'sesamesalt', 'sesametag', word.slice(0, 8), anna.id])
      expect(await idsIn(anna, { search })).toEqual([])
    expect(await idsIn(anna, { tag: 'sesametag' })).toEqual([note.id])
  })

  test('no text, however odd, is an error', async () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '\\',
      '-',
      '!',
      '&',
      '|',
      '(',
      ')',
      ':*',
      '<->',
      ' ',
      ' or ',
      'min',
      '@',
      '.org',
      '/a/b',
      "''",
      '\\\\',
      ':',
      '*',
      '\n',
      '\u00a0',
    )
    const odd = fc.oneof(
      fc.array(piece, { minLength: 1, maxLength: 12 }).map(pieces => pieces.join('')),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
    )
    await fc.assert(
      fc.asyncProperty(
        odd.filter(search => search !== '' && search.length <= 256 && search.isWellFormed() && !search.includes('\0')),
        async search => {
          expect((await anna.ask(listNotes, { filter: { search } })).errors).toEqual([])
        },
      ),
      { numRuns: 150 },
    )
  })
})

test('only the last word is let stand for longer ones', () => {
  expect(withPrefix({ whole: "'a' & 'b'", lastWord: "'b'" })).toBe("'a' & 'b':*")
  expect(withPrefix({ whole: "'a' & 'x-b' <-> 'x' <-> 'b'", lastWord: "'x-b' <-> 'x' <-> 'b'" })).toBe("'a' & 'x-b':* <-> 'x':* <-> 'b':*")
  expect(withPrefix({ whole: "'it''s\\\\'", lastWord: "'it''s\\\\'" })).toBe("'it''s\\\\':*")
  expect(withPrefix({ whole: "'a'", lastWord: '' })).toBe("'a'")
  expect(withPrefix({ whole: "'a'", lastWord: "'or'" })).toBe("'a'")
  expect([lastWordOf('a b'), lastWordOf('a -b'), lastWordOf('"a b"'), lastWordOf('a ')]).toEqual(['b', '', '', ''])
})
