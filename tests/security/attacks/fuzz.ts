import { expect } from 'vitest'
import { type Person, signUp } from '../../harness/client.ts'
import { furnish } from './belongings.ts'
import { argumentsOf, operationOf, type Place, placesOf } from './calls.ts'
import type { Attacks, Target } from './target.ts'

const texts = [
  '\0',
  'a\0b',
  '\ud800',
  '__proto__',
  "' or 1=1; --",
  '%_\\',
  '\u202e\r\nBcc: x\u001b[2J',
  '{{7*7}}',
  '<script>alert(1)</script>',
  'x'.repeat(70_000),
]
const numbers = [-(2 ** 31), -1, 0, 2 ** 31 - 1]

/** What nobody means, for each scalar. */
const hostile: Readonly<Record<string, readonly unknown[]>> = {
  String: texts,
  ID: texts,
  Cursor: texts,
  Ciphertext: ['\0', 'A===', '====', '%%%%', 'A'.repeat(70_001)],
  JSON: [
    ...texts,
    null,
    -0,
    1e308,
    JSON.parse('{"__proto__":{"polluted":1}}'),
    { constructor: { prototype: { polluted: 1 } } },
    { '\0': 1 },
    ['\ud800'],
    [],
  ],
  VectorClock: [{}, { '': 1 }, { '\0': 1 }, { a: -1 }, { a: 1.5 }, { a: 2 ** 53 }, JSON.parse('{"__proto__":1}'), [], 'x', null],
  Int: numbers,
  Float: [...numbers, 1e308],
  BigInt: [...numbers, '9007199254740993', '-1', 2 ** 53, 1.5],
  DateTime: [
    '0000-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
    '+275760-09-13T00:00:00.000Z',
    '-000001-01-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:00+99:99',
    'now',
    0,
  ],
}

/** They wait for whoever guesses passwords, which says nothing of what they are given. */
const slow = new Set(['changePassword', 'deleteAccount', 'login', 'register', 'logout', 'resetPassword'])

let fuzzer: Promise<Person & { ids: Readonly<Record<string, string>> }> | null = null

/** Somebody who has one of everything, so that calls get as far as they can. */
async function start({ server }: Target) {
  const person = await signUp(server.url, 'fuzzer')
  const ids = await furnish(server.url, person, 'one’s own')
  return { ...person, ids: { ...ids } as Readonly<Record<string, string>> }
}

const ofThings: readonly (readonly [RegExp, string])[] = [
  [/ownerId|[uU]serIds?|memberIds|owner$/, 'user'],
  [/vaultId|\.vault id/i, 'vault'],
  [/[cC]hatId|chat id|updateChat/, 'chat'],
  [/messageId|replyToId|(edit|delete)Message/, 'msg'],
  [/noteId|note id|Note input\.id/, 'note'],
  [/folderIds?|parentId|folder id|Folder input\.id/i, 'fold'],
  [/Snapshot input\.id/, 'snap'],
  [/Attachment input\.id/, 'att'],
  [/documentId|resourceId|document id|Document input\.id/, 'doc'],
]

const attackOn = (places: readonly Place[]) => async (target: Target) => {
  fuzzer ??= start(target)
  const { ids, ...person } = await fuzzer
  const own = (name: string) =>
    name.endsWith('memberIds') ? ids['companion'] : (ids[ofThings.find(([pattern]) => pattern.test(name))?.[1] ?? ''] ?? 'c')
  for (const place of places) {
    const values = (hostile[place.type] ?? []).filter(value => !slow.has(place.field) || texts.indexOf(value as string) < 3)
    const answers = await Promise.all(
      values.map(async value => {
        const query = operationOf(place)
        const variables = argumentsOf(place, value, own)
        if (place.root !== 'subscription') return { value, answer: await target.ask(query, variables, person) }
        const headers = { accept: 'text/event-stream' }
        const abort = new AbortController()
        const body = JSON.stringify({ query, variables })
        const authorization = `Bearer ${person.accessToken}`
        const response = await target.at('/graphql', {
          method: 'POST',
          headers: { ...headers, authorization, 'content-type': 'application/json' },
          body,
          signal: abort.signal,
        })
        const reader = response.body?.getReader()
        const first = await Promise.race([reader?.read(), new Promise<null>(resolve => setTimeout(resolve, 100, null))])
        const text = Buffer.from(first?.value ?? []).toString()
        abort.abort()
        return { value, answer: { status: response.status, text } }
      }),
    )
    for (const { value, answer } of answers) {
      const said = `${place.name} of ${JSON.stringify(value)?.slice(0, 80)}: ${answer.text.slice(0, 300)}`
      expect(answer.status, said).toBeLessThan(500)
      expect(answer.text, said).not.toContain('INTERNAL_SERVER_ERROR')
    }
  }
}

const places = placesOf(...Object.keys(hostile))

/** Every root field, with what nobody means in each of its arguments: it may be refused or taken, and never break anything. */
export const fuzz: Attacks = {
  ...Object.fromEntries(
    [...Map.groupBy(places, ({ root, field }) => `${root} ${field}`)].map(([name, all]) => [
      `what nobody means, in every argument of the ${name}`,
      attackOn(all),
    ]),
  ),
  'what nobody means, to be found in the prototype of all objects': async ({ ask, at, attacker }) => {
    const answer = await ask('{ viewer { id email } }', undefined, attacker)
    expect(answer.data).toEqual({ viewer: { id: attacker.id, email: attacker.email } })
    expect(await (await at('/health')).text()).toBe('{"status":"ok"}')
  },
}
