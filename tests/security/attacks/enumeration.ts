import { expect } from 'vitest'
import { idPrefixes, newId } from '../../../src/platform/ids.ts'
import { signUp } from '../../harness/client.ts'
import type { Kind } from './belongings.ts'
import { operationOf } from './calls.ts'
import type { Answer, Attacks, Target } from './target.ts'

/** What an answer says, without what was asked for. */
const shapeOf = ({ status, text }: Answer, ...asked: readonly string[]) => [
  status,
  asked.reduce((said, one) => said.replaceAll(one, '?'), text).replace(/[\da-f]{8}-[\da-f-]{27}/g, '?'),
]

type Call = (target: Target, id: string) => Promise<Answer>

/** The same is said of what is there, and somebody’s, as of what is not. */
const alike = (kind: Kind, call: Call) => async (target: Target) => {
  const there = target.victim.has[kind]
  const missing = kind === 'vault' ? 'nobody’s' : newId(kind)
  const [one, other] = [await call(target, there), await call(target, missing)]
  expect(shapeOf(one, there)).toEqual(shapeOf(other, missing))
  expect(one.status).toBeLessThan(500)
}

const asks =
  (query: string): Call =>
  ({ ask, attacker }, id) =>
    ask(query, { id }, attacker)
const changes = (name: string, more: object = {}, as = 'id'): Call => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`
  return ({ ask, attacker }, id) =>
    ask(`mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`, { input: { [as]: id, ...more } }, attacker)
}

const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }'
const sameForStrangers =
  (query: string, inputOf: (email: string) => object) =>
  async ({ ask, server }: Target) => {
    const { email } = await signUp(server.url, 'known')
    const unknown = email.replace('known', 'unknown')
    const [one, other] = [await ask(query, inputOf(email)), await ask(query, inputOf(unknown))]
    expect(shapeOf(one, email)).toEqual(shapeOf(other, unknown))
  }

const byName = (owner: string, collection: string) => `record(owner: "${owner}", collection: "${collection}", key: "k") { id }`

export const enumeration: Attacks = {
  'which addresses have an account, by signing in': sameForStrangers(login, email => ({ input: { email, password: 'not the password' } })),
  'which addresses have an account, by signing in with an empty password': sameForStrangers(login, email => ({ input: { email, password: '' } })),
  'which addresses have an account, by signing in with a password that is too long': sameForStrangers(login, email => ({
    input: { email, password: 'x'.repeat(10_000) },
  })),
  'which addresses have an account, by forgetting the password': sameForStrangers(
    'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { accepted } }',
    email => ({ input: { email } }),
  ),
  'which addresses have an account, without signing in': sameForStrangers('query ($email: String!) { userByEmail(email: $email) { id } }', email => ({
    email,
  })),
  'which tokens for passwords there are': async ({ ask }) => {
    const query = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { accessToken } }'
    const answers = await Promise.all(
      ['', 'x', 'A'.repeat(43), 'A'.repeat(10_000)].map(token => ask(query, { input: { token, newPassword: 'another horse battery' } })),
    )
    expect(new Set(answers.map(answer => JSON.stringify(shapeOf(answer)))).size).toBe(1)
  },
  ...Object.fromEntries(
    Object.entries(idPrefixes)
      .filter(([prefix]) => prefix !== 'aud' && prefix !== 'exp' && prefix !== 'vlog')
      .map(([prefix, type]) => [
        `whether there is a ${type}, by node`,
        alike(prefix as Kind, asks(operationOf({ root: 'query', field: 'node' }, type))),
      ]),
  ),
  'whether there is a document': alike('doc', asks('query ($id: ID!) { document(id: $id) { id } }')),
  'whether there is a note': alike('note', asks('query ($id: ID!) { note(id: $id) { id } }')),
  'whether there is a folder': alike('fold', asks('query ($id: ID!) { folder(id: $id) { id } }')),
  'whether there is a chat': alike('chat', asks('query ($id: ID!) { chat(id: $id) { id } }')),
  'whether there is a vault': alike('vault', asks('query ($id: ID!) { vault(id: $id) { id } }')),
  'whether there is a user, by presence': alike('user', asks('query ($id: ID!) { presence(userIds: [$id]) { online } }')),
  'whether somebody has a collection': async target => {
    const { has } = target.victim
    const [one, other] = await Promise.all(
      [has.collection, 'none'].map(name => target.ask(`{ ${byName(has.user, name)} }`, undefined, target.attacker)),
    )
    expect(shapeOf(one as Answer)).toEqual(shapeOf(other as Answer))
  },
  'whether somebody has a collection, by writing to it': async target => {
    const { has } = target.victim
    const query = 'mutation ($input: PutRecordInput!) { putRecord(input: $input) { applied } }'
    const [one, other] = await Promise.all(
      [has.collection, 'none'].map(collection => target.ask(query, { input: { owner: has.user, collection, key: 'k', value: 1 } }, target.attacker)),
    )
    expect(shapeOf(one as Answer)).toEqual(shapeOf(other as Answer))
  },
  'whether there is a document, by deleting it': alike('doc', changes('deleteDocument')),
  'whether there is a document, by writing to it': alike(
    'doc',
    changes('pushDelta', { clientId: 'c', clock: { c: 1 }, writes: [{ path: 'a', value: 1 }] }, 'documentId'),
  ),
  'whether there is a document, by sharing it': alike('doc', (target, resourceId) =>
    changes('setAccess', { userId: target.attacker.id, access: 'ADMIN' }, 'resourceId')(target, resourceId),
  ),
  'whether there is a snapshot, by restoring it': alike('snap', changes('restoreSnapshot', { clientId: 'c' })),
  'whether there is a note, by deleting it': alike('note', changes('deleteNote')),
  'whether there is a note, by attaching to it': alike(
    'note',
    changes('addAttachment', { mimeType: 'image/png', encryptedData: 'QQ==', iv: 'i', salt: 's' }, 'noteId'),
  ),
  'whether there is a folder, by renaming it': alike('fold', changes('updateFolder', { name: 'x' })),
  'whether there is a folder, by putting a note into it': alike('fold', changes('createNote', {}, 'folderId')),
  'whether there is an attachment, by removing it': alike('att', changes('removeAttachment')),
  'whether there is a message, by editing it': alike('msg', changes('editMessage', { content: 'x' })),
  'whether there is a message, by deleting it': alike('msg', changes('deleteMessage')),
  'whether there is a message, by replying to it elsewhere': alike('msg', (target, replyToId) =>
    changes('sendMessage', { chatId: target.attacker.has.chat, content: 'x' }, 'replyToId')(target, replyToId),
  ),
  'whether there is a message, by reading it elsewhere': alike('msg', (target, messageId) =>
    changes('markRead', { chatId: target.attacker.has.chat }, 'messageId')(target, messageId),
  ),
  'whether there is a chat, by writing into it': alike('chat', changes('sendMessage', { content: 'x' }, 'chatId')),
  'whether there is a chat, by typing in it': alike('chat', changes('setTyping', { isTyping: true }, 'chatId')),
  'whether there is a session, by revoking it': alike('sess', changes('revokeSession')),
  'whether there is a device, by removing it': alike('dev', changes('removeDevice')),
  'whether there is a vault, by deleting it': alike('vault', changes('deleteVault', {}, 'vaultId')),
  'whether there is a user, by taking them out of what is one’s own': alike('user', (target, userId) =>
    changes('removeAccess', { resourceId: target.attacker.has.doc }, 'userId')(target, userId),
  ),
  'whether there is an attachment, by its address': async ({ at, victim }) => {
    const answers = await Promise.all(
      [victim.has.att, newId('att')].map(async id => {
        const response = await at(`/attachments/${id}?user=${victim.id}&expires=9999999999999&signature=AAAA`)
        return [response.status, await response.text()]
      }),
    )
    expect(answers[0]).toEqual(answers[1])
  },
  'how long a password is compared': async ({ ask, server }) => {
    // All wrong passwords are hashed, whether or not there is an account: what takes long takes long for both. Told apart by the medians.
    const { email } = await signUp(server.url, 'timed')
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
    for (let round = 0; round < 4; round++)
      for (const who of ['known', 'unknown'] as const) {
        const startedAt = performance.now()
        await ask(login, { input: { email: who === 'known' ? email : `none${round}.${email}`, password: `wrong ${round}` } })
        times[who].push(performance.now() - startedAt)
      }
    const median = (values: number[]) => values.sort((a, b) => a - b)[1] ?? 0
    expect(Math.max(median(times.known), median(times.unknown)) / Math.min(median(times.known), median(times.unknown))).toBeLessThan(5)
  },
}
