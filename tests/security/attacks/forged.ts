import { expect } from 'vitest'
import { newId } from '../../../src/platform/ids.ts'
import { codesOf } from '../../transport/ask.ts'
import { type Answer, type Attacks, secret, type Target } from './target.ts'

/** What the feed of something of the attacker’s own gives when it is opened with this cursor. */
async function follow({ server }: Target, field: string, by: { accessToken: string }, after: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${by.accessToken}` }
  const body = JSON.stringify({ query: `subscription ($after: Cursor) { ${field} { __typename } }`, variables: { after } })
  const response = await fetch(server.url, { method: 'POST', headers, body })
  const reader = response.body?.getReader()
  let text = ''
  while (!/^data: \{.*\}$/m.test(text)) {
    const part = await reader?.read()
    if (!part || part.done) break
    text += Buffer.from(part.value).toString()
  }
  void reader?.cancel()
  const found = /^data: (\{.*\})$/m.exec(text)?.[1] ?? '{}'
  return { status: response.status, headers: response.headers, text: found, ...JSON.parse(found) }
}

const refusedWith =
  (fieldOf: (target: Target) => string, cursorOf: (target: Target) => Promise<string> | string, codes = ['BAD_USER_INPUT']) =>
  async (target: Target) => {
    const answer = await follow(target, fieldOf(target), target.attacker, await cursorOf(target))
    expect(codes, answer.text).toContain(codesOf(answer)[0])
  }

const ownDocument = ({ attacker }: Target) => `documentChanges(documentId: "${attacker.has.doc}", after: $after)`
const ownChat = ({ attacker }: Target) => `chatEvents(chatId: "${attacker.has.chat}", after: $after)`
const ownInbox = () => 'inboxEvents(after: $after)'

async function read(target: Target, query: string, by: { accessToken: string }): Promise<string> {
  const answer = await target.ask(query, undefined, by)
  const found = /"cursor":"([^"]+)"/.exec(answer.text)?.[1]
  if (found === undefined) throw new Error(answer.text)
  return found
}
const cursorOfDocument = (target: Target, who: 'attacker' | 'victim' = 'attacker') =>
  read(target, `{ document(id: "${target[who].has.doc}") { cursor } }`, target[who])
const cursorOfChat = (target: Target, who: 'attacker' | 'victim' = 'attacker') =>
  read(target, `{ chat(id: "${target[who].has.chat}") { cursor } }`, target[who])
async function cursorOfInbox(target: Target, who: 'attacker' | 'victim' = 'attacker'): Promise<string> {
  const { server } = target
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${target[who].accessToken}` }
  const body = JSON.stringify({ query: 'subscription { inboxEvents { ... on FeedReady { cursor } } }' })
  const reader = (await fetch(server.url, { method: 'POST', headers, body })).body?.getReader()
  let text = ''
  while (!text.includes('"cursor"')) text += Buffer.from((await reader?.read())?.value ?? []).toString()
  void reader?.cancel()
  return /"cursor":"([^"]+)"/.exec(text)?.[1] ?? ''
}

/** With one bit turned, each time at another place: everywhere in the signature, and here and there behind it. */
function turned(cursor: string): string[] {
  const bytes = Buffer.from(cursor, 'base64url')
  const places = Array.from(bytes.keys()).filter(at => at < 16 || at % 3 === 0)
  return places.map(at => {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 1 << (at % 8)
    return changed.toString('base64url')
  })
}

const allTurned = (fieldOf: (target: Target) => string, cursorOf: (target: Target) => Promise<string>) => async (target: Target) => {
  const answers = await Promise.all(turned(await cursorOf(target)).map(cursor => follow(target, fieldOf(target), target.attacker, cursor)))
  expect(answers.length).toBeGreaterThan(20)
  expect(new Set(answers.map(answer => codesOf(answer)[0]))).toEqual(new Set(['BAD_USER_INPUT']))
}

const b64 = (text: string) => Buffer.from(text).toString('base64url')
const hostile = (ids: readonly string[]) => [
  '',
  'none',
  '=',
  '!!!',
  b64('null'),
  b64("' or 1=1 --"),
  b64('1 2 3'),
  b64(`1e400 ${newId('doc')}`),
  b64('99999999999999 chat_'),
  b64('-1 x'),
  b64('\0\0\0\0'),
  b64('{"__proto__":1}'),
  b64('[]'),
  b64('2026-01-01T00:00:00.000Z'),
  'A'.repeat(20_000),
  ...ids.flatMap(id => [id, b64(`9999999999999 ${id}`)]),
]

/** A cursor of a list is not signed: whatever is in it, nothing of somebody else is listed, and nothing breaks. */
const harmless = (queryOf: (after: string, target: Target) => string) => async (target: Target) => {
  const { ask, attacker, victim } = target
  const cursors = hostile(Object.values(victim.has))
  const answers = await Promise.all(cursors.map(after => ask(queryOf(JSON.stringify(after), target), undefined, attacker)))
  for (const answer of answers) {
    expect(answer.text).not.toContain('INTERNAL_SERVER_ERROR')
    expect(answer.text).not.toContain(secret)
  }
}

interface Link {
  readonly id: string
  readonly query: Record<string, string>
}

async function linkOf({ ask }: Target, who: Target['attacker']): Promise<Link> {
  const answer = await ask(`{ node(id: "${who.has.att}") { ... on Attachment { downloadUrl } } }`, undefined, who)
  const { downloadUrl = '' } = (answer.data?.['node'] ?? {}) as { downloadUrl?: string }
  const url = new URL(downloadUrl, 'http://server')
  return { id: who.has.att, query: Object.fromEntries(url.searchParams) }
}

const badLink = (change: (link: Link, target: Target) => Link | string) => async (target: Target) => {
  const changed = change(await linkOf(target, target.attacker), target)
  const path = typeof changed === 'string' ? changed : `/attachments/${changed.id}?${new URLSearchParams(changed.query)}`
  const response = await target.at(path)
  expect([403, 404]).toContain(response.status)
  expect(await response.text()).not.toContain(secret)
}
const withQuery = (change: Record<string, string>) => badLink(({ id, query }) => ({ id, query: { ...query, ...change } }))

export const forged: Attacks = {
  'a cursor of a document with a byte changed': allTurned(ownDocument, cursorOfDocument),
  'a cursor of a chat with a byte changed': allTurned(ownChat, cursorOfChat),
  'a cursor of an inbox with a byte changed': allTurned(ownInbox, cursorOfInbox),
  'a cursor of another document': refusedWith(ownDocument, target => cursorOfDocument(target, 'victim')),
  'a cursor of another chat': refusedWith(ownChat, target => cursorOfChat(target, 'victim')),
  'a cursor of another inbox': refusedWith(ownInbox, target => cursorOfInbox(target, 'victim')),
  'a cursor of a chat for a document': refusedWith(ownDocument, cursorOfChat),
  'a cursor of a chat for an inbox': refusedWith(ownInbox, cursorOfChat),
  'a cursor of an inbox for a chat': refusedWith(ownChat, cursorOfInbox),
  'a cursor made up from what it holds': refusedWith(ownDocument, ({ attacker }) =>
    Buffer.from(`${'\0'.repeat(12)}c1 ${attacker.has.doc} 0`).toString('base64url'),
  ),
  'a cursor without its signature': refusedWith(ownDocument, async target =>
    Buffer.from(await cursorOfDocument(target), 'base64url')
      .subarray(12)
      .toString('base64url'),
  ),
  'a cursor twice': refusedWith(ownDocument, async target => (await cursorOfDocument(target)).repeat(2)),
  'a cursor in another alphabet': refusedWith(ownDocument, async target => `${await cursorOfDocument(target)}=`),
  'a cursor of a hundred thousand letters': refusedWith(ownDocument, () => 'A'.repeat(100_000)),
  'a cursor that is no text': async ({ ask, attacker }) =>
    expect(
      codesOf(await ask(`subscription { documentChanges(documentId: "${attacker.has.doc}", after: 7) { __typename } }`, undefined, attacker)),
    ).toEqual(['BAD_USER_INPUT']),
  'cursors of the list of documents': harmless(after => `{ documents(after: ${after}) { nodes { id name } } }`),
  'cursors of the list of notes': harmless(after => `{ notes(after: ${after}) { nodes { id title } } }`),
  'cursors of the list of chats': harmless(after => `{ chats(after: ${after}) { nodes { id title } } }`),
  'cursors of the list of messages': harmless(
    (after, { attacker }) =>
      `{ chat(id: "${attacker.has.chat}") { a: messages(after: ${after}) { nodes { content } } b: messages(last: 5, before: ${after}) { nodes { content } } } }`,
  ),
  'cursors of the list of records': harmless(
    (after, { attacker }) => `{ records(collection: ${JSON.stringify(attacker.has.collection)}, after: ${after}) { nodes { key value } } }`,
  ),
  'cursors of the list of members': harmless(
    (after, { attacker }) => `{ document(id: "${attacker.has.doc}") { members(after: ${after}) { nodes { access } } } }`,
  ),
  'cursors of the list of snapshots': harmless(
    (after, { attacker }) => `{ document(id: "${attacker.has.doc}") { snapshots(after: ${after}) { nodes { label } } } }`,
  ),
  'cursors of the list of revisions': harmless(
    (after, { attacker }) => `{ note(id: "${attacker.has.note}") { revisions(after: ${after}) { nodes { content } } } }`,
  ),
  'cursors of the changes of a document': harmless(
    (after, { attacker }) => `{ document(id: "${attacker.has.doc}") { changes(after: ${after}) { nodes { at } } } }`,
  ),
  'a link for another user': badLink(({ id, query }, { victim }) => ({ id, query: { ...query, user: victim.id } })),
  'a link to another attachment': badLink(({ query }, { victim }) => ({ id: victim.has.att, query })),
  'a link for the attachment’s owner, signed for oneself': badLink(({ query }, { victim }) => ({
    id: victim.has.att,
    query: { ...query, user: victim.id },
  })),
  'a link that lives longer': withQuery({ expires: '9999999999999' }),
  'a link that lives as long as there are numbers': withQuery({ expires: 'Infinity' }),
  'a link that ends at no number': withQuery({ expires: 'NaN' }),
  'a link that ends at another spelling of its end': badLink(({ id, query }) => ({ id, query: { ...query, expires: `${query['expires']}.0` } })),
  'a link with another signature': withQuery({ signature: 'A'.repeat(43) }),
  'a link with an empty signature': withQuery({ signature: '' }),
  'a link with a signature cut short': badLink(({ id, query }) => ({ id, query: { ...query, signature: String(query['signature']).slice(0, 20) } })),
  'a link without a signature': badLink(({ id, query }) => `/attachments/${id}?user=${query['user']}&expires=${query['expires']}`),
  'a link with two users, one of them right': badLink(
    ({ id, query }, { victim }) => `/attachments/${id}?user=${victim.id}&${new URLSearchParams(query)}`,
  ),
  'a link whose user holds a line break': badLink(({ id, query }) => ({
    id,
    query: { ...query, user: `${query['user']}\n${query['expires']}`, expires: '' },
  })),
  'a link whose path is longer': badLink(({ id, query }) => `/attachments/${id}/x?${new URLSearchParams(query)}`),
  'a link whose path climbs': badLink(({ id, query }, { victim }) => `/attachments/${id}%2f..%2f${victim.has.att}?${new URLSearchParams(query)}`),
  'a token to set a password that was made up': async ({ ask }) => {
    const query = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { accessToken } }'
    expect(codesOf(await ask(query, { input: { token: 'A'.repeat(43), newPassword: 'another horse battery' } }))).toEqual(['BAD_USER_INPUT'])
  },
  'a token to verify an address that was made up': async ({ ask }) =>
    expect(codesOf(await ask('mutation { verifyEmail(input: { token: "AAAA" }) { user { id } } }'))).toEqual(['BAD_USER_INPUT']),
  'a token to become administrator that was made up': async ({ ask, attacker }) =>
    expect(codesOf(await ask(`mutation { claimAdmin(input: { token: "${'A'.repeat(43)}" }) { user { id } } }`, undefined, attacker))).toEqual([
      'FORBIDDEN',
    ]),
}
