import { expect } from 'vitest'
import { idPrefixes, newId } from '../../../src/platform/ids.ts'
import type { Belongings, Kind } from './belongings.ts'
import { argumentsOf, operationOf, type Place, placesOf } from './calls.ts'
import { type Answer, type Attacks, secret, type Target } from './target.ts'

/** What each place that takes an id takes the id of; null: a name of the caller’s own choosing, which leads nowhere. */
const kinds: Readonly<Record<string, Kind | null>> = {
  'Query.node id': 'doc',
  'Query.nodes ids': 'note',
  'Query.document id': 'doc',
  'Query.record owner': 'user',
  'Query.records owner': 'user',
  'Query.chat id': 'chat',
  'Query.presence userIds': 'user',
  'Query.note id': 'note',
  'Query.notes filter.folderId': 'fold',
  'Query.noteCounts folderId': 'fold',
  'Query.folder id': 'fold',
  'Query.vault id': 'vault',
  'Mutation.registerDevice input.id': 'dev',
  'Mutation.removeDevice input.id': 'dev',
  'Mutation.revokeSession input.id': 'sess',
  'Mutation.setAccess input.resourceId': 'doc',
  'Mutation.setAccess input.userId': 'user',
  'Mutation.removeAccess input.resourceId': 'doc',
  'Mutation.removeAccess input.userId': 'user',
  'Mutation.createDocument input.id': 'doc',
  'Mutation.pushDelta input.documentId': 'doc',
  'Mutation.pushDelta input.clientId': null,
  'Mutation.deleteDocument input.id': 'doc',
  'Mutation.restoreDocument input.id': 'doc',
  'Mutation.createSnapshot input.documentId': 'doc',
  'Mutation.restoreSnapshot input.id': 'snap',
  'Mutation.restoreSnapshot input.clientId': null,
  'Mutation.deleteSnapshot input.id': 'snap',
  'Mutation.setAwareness input.documentId': 'doc',
  'Mutation.setAwareness input.clientId': null,
  'Mutation.putRecord input.owner': 'user',
  'Mutation.putRecords input.items.owner': 'user',
  'Mutation.deleteRecord input.owner': 'user',
  'Mutation.createChat input.id': 'chat',
  'Mutation.createChat input.memberIds': 'user',
  'Mutation.updateChat input.id': 'chat',
  'Mutation.sendMessage input.id': 'msg',
  'Mutation.sendMessage input.chatId': 'chat',
  'Mutation.sendMessage input.replyToId': 'msg',
  'Mutation.editMessage input.id': 'msg',
  'Mutation.deleteMessage input.id': 'msg',
  'Mutation.addChatMembers input.chatId': 'chat',
  'Mutation.addChatMembers input.userIds': 'user',
  'Mutation.removeChatMember input.chatId': 'chat',
  'Mutation.removeChatMember input.userId': 'user',
  'Mutation.markRead input.chatId': 'chat',
  'Mutation.markRead input.messageId': 'msg',
  'Mutation.setTyping input.chatId': 'chat',
  'Mutation.createNote input.id': 'note',
  'Mutation.createNote input.folderId': 'fold',
  'Mutation.updateNote input.id': 'note',
  'Mutation.updateNote input.folderId': 'fold',
  'Mutation.trashNote input.id': 'note',
  'Mutation.restoreNote input.id': 'note',
  'Mutation.deleteNote input.id': 'note',
  'Mutation.importNotebook input.folders.id': 'fold',
  'Mutation.importNotebook input.folders.parentId': 'fold',
  'Mutation.importNotebook input.notes.id': 'note',
  'Mutation.importNotebook input.notes.folderId': 'fold',
  'Mutation.createFolder input.id': 'fold',
  'Mutation.createFolder input.parentId': 'fold',
  'Mutation.updateFolder input.id': 'fold',
  'Mutation.updateFolder input.parentId': 'fold',
  'Mutation.reorderFolders input.parentId': 'fold',
  'Mutation.reorderFolders input.folderIds': 'fold',
  'Mutation.deleteFolder input.id': 'fold',
  'Mutation.publishNote input.id': 'note',
  'Mutation.unpublishNote input.id': 'note',
  'Mutation.addAttachment input.id': 'att',
  'Mutation.addAttachment input.noteId': 'note',
  'Mutation.uploadAttachment input.id': 'att',
  'Mutation.uploadAttachment input.noteId': 'note',
  'Mutation.removeAttachment input.id': 'att',
  'Mutation.storeVaultKey input.vaultId': 'vault',
  'Mutation.rotateVaultKey input.vaultId': 'vault',
  'Mutation.deleteVault input.vaultId': 'vault',
  'Mutation.pushVaultLogs input.vaultId': 'vault',
  'Mutation.pushVaultLogs input.deviceId': null,
  // For administrators alone, who may do it with everybody.
  'Query.auditLog actorId': 'user',
  'Query.export id': 'user',
  'Query.issuedTokens userId': 'user',
  'Query.sessions userId': 'user',
  'Mutation.createExport input.userId': 'user',
  'Mutation.issueToken input.userId': 'user',
  'Mutation.rotateTokens input.userId': 'user',
  'Mutation.revokeToken input.jti': 'user',
  'Mutation.setRole input.userId': 'user',
  'Subscription.exportProgress id': 'user',
  'Subscription.documentChanges documentId': 'doc',
  'Subscription.awareness documentId': 'doc',
  'Subscription.recordChanges owner': 'user',
  'Subscription.chatEvents chatId': 'chat',
  'Subscription.presenceChanges userIds': 'user',
  'Subscription.chatSignals chatId': 'chat',
  'Subscription.noteChanges noteId': 'note',
  'Subscription.vaultLogs vaultId': 'vault',
}

/** Who knows somebody’s id may invite them, and the name of a vault is its owner’s own. */
const meantToWork = new Set([
  'Mutation.setAccess input.userId',
  'Mutation.createChat input.memberIds',
  'Mutation.addChatMembers input.userIds',
  'Mutation.storeVaultKey input.vaultId',
])

/** What names an owner goes with the name of a collection. */
const ofCollections = /records?Changes owner|records? owner|Records? input\.(items\.)?owner/

const places = placesOf('ID')

async function send(target: Target, place: Place, id: string, own: Belongings): Promise<Answer> {
  const ownIds = (name: string) => {
    if (name.endsWith('memberIds')) return own.companion
    const kind = kinds[name]
    // What is imported is new.
    if (name.startsWith('Mutation.importNotebook')) return newId(kind === 'note' ? 'note' : 'fold')
    return kind ? own[kind] : 'c'
  }
  const variables = argumentsOf(place, id, ownIds)
  if (ofCollections.test(place.name)) nameCollection(variables, target.victim.has.collection, place.field.startsWith('put'))
  const query = operationOf(place, 'Document')
  if (place.root !== 'subscription') return target.ask(query, variables, target.attacker)
  return firstOf(target, query, variables)
}

function nameCollection(variables: Record<string, unknown>, collection: string, isWrite: boolean): void {
  const input = (variables['input'] ?? variables) as Record<string, unknown>
  for (const one of (input['items'] as Record<string, unknown>[] | undefined) ?? [input])
    Object.assign(one, { collection, key: 'k', ...(isWrite && { value: 1 }) })
}

/** The first that a subscription says, as an answer; one that says nothing for a moment is as good as null. */
async function firstOf({ server, attacker }: Target, query: string, variables: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${attacker.accessToken}` }
  const response = await fetch(server.url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
  const reader = response.body?.getReader()
  let text = ''
  const silence = new Promise<null>(resolve => setTimeout(resolve, 500, null))
  while (!/^data: \{.*\}$/m.test(text)) {
    const part = await Promise.race([reader?.read(), silence])
    if (!part || part.done) break
    text += Buffer.from(part.value).toString()
  }
  void reader?.cancel()
  const found = /^data: (\{.*\})$/m.exec(text)?.[1] ?? '{"data":null}'
  return { status: response.status, headers: response.headers, text: found, ...JSON.parse(found) }
}

const refusals = new Set(['NOT_FOUND', 'FORBIDDEN', 'NOT_PARTICIPANT', 'ALREADY_EXISTS'])

/** Nothing of it is told: an error that means no, or nothing in the place of everything. */
function expectNothing(answer: Answer, place: Place): void {
  const [error] = answer.errors ?? []
  if (!error) {
    const [value] = Object.values(answer.data ?? { nothing: null })
    expect(Array.isArray(value) ? value.filter(one => one !== null) : value, answer.text).toEqual(Array.isArray(value) ? [] : null)
    return
  }
  const { code, field } = error.extensions as { code: string; field?: string }
  // A foreign id where only an own one makes sense is no more than a wrong argument, and that one.
  if (code === 'BAD_USER_INPUT') expect(field?.replace(/\.\d+/g, ''), answer.text).toBe(place.path.join('.'))
  else expect([...refusals], answer.text).toContain(code)
}

const attackOn =
  (place: Place): Attacks[string] =>
  async target => {
    const { victim, attacker } = target
    const kind = kinds[place.name]
    if (kind && !meantToWork.has(place.name)) {
      const answer = await send(target, place, victim.has[kind], attacker.has)
      expect(answer.text).not.toContain(secret)
      if (place.field !== 'uploadAttachment') expectNothing(answer, place)
    }
    // Ids of all other kinds as well: what is looked up by a prefix must not be found by another.
    const others = Object.entries(victim.has).filter(([name]) => !['collection', 'email', 'companion', kind].includes(name))
    const answers = await Promise.all(others.map(([, id]) => send(target, place, id, attacker.has)))
    for (const answer of answers) {
      expect(answer.text).not.toContain(secret)
      expect(answer.text).not.toContain('INTERNAL_SERVER_ERROR')
    }
  }

/** All that the victim has, as they see it. */
async function viewOf({ ask, victim }: Target): Promise<unknown> {
  const { has } = victim
  const query = `{
    viewer { id email displayName role }
    sessions { id } devices { id name }
    document(id: "${has.doc}") { name fields deletedAt members { nodes { user { id } access } } snapshots { nodes { id label fields } } }
    record(collection: "${has.collection}", key: "k") { id value version }
    note(id: "${has.note}") { title content version trashedAt folder { id } attachments { id encryptedData } members { nodes { user { id } } } publication { slug } }
    folder(id: "${has.fold}") { name noteCount parent { id } children { id } }
    chat(id: "${has.chat}") { title members { user { id } access lastRead { id } } messages { nodes { id content deletedAt readBy { messageId } } } typing { id } }
    vault(id: "${has.vault}") { headSequence key { version salt } }
  }`
  const answer = await ask(query, undefined, victim)
  expect(answer.errors, answer.text).toBeUndefined()
  return answer.data
}

let before: unknown

export const idor: Attacks = {
  'an argument that takes an id and is not attacked below': async target => {
    before = await viewOf(target)
    expect(JSON.stringify(before)).toContain(secret)
    expect(places.map(({ name }) => name).sort()).toEqual(Object.keys(kinds).sort())
  },
  'ids that lead to nothing even for whoever owns them, by which nothing below would be shown': async target => {
    const { victim } = target
    for (const [prefix, type] of Object.entries(idPrefixes)) {
      const id = victim.has[prefix as Kind]
      if (id === undefined) continue
      const query = operationOf({ root: 'query', field: 'node' }, type)
      expect((await target.ask(query, { id }, victim)).data?.['node'], type).toMatchObject({ id })
    }
  },
  ...Object.fromEntries(
    Object.entries(idPrefixes).map(([prefix, type]) => [
      `node and nodes with the id of somebody’s ${type}`,
      async (target: Target) => {
        const id = target.victim.has[prefix as Kind]
        if (id === undefined) return
        const one = await target.ask(operationOf({ root: 'query', field: 'node' }, type), { id }, target.attacker)
        expect([one.errors, one.data]).toEqual([undefined, { node: null }])
        const many = await target.ask(operationOf({ root: 'query', field: 'nodes' }, type), { ids: [id, id] }, target.attacker)
        expect([many.errors, many.data]).toEqual([undefined, { nodes: [null, null] }])
      },
    ]),
  ),
  ...Object.fromEntries(places.map(place => [`somebody’s ids in ${place.name}`, attackOn(place)])),
  'anything of all that, which is to be seen in what the victim has': async target => {
    const after = await viewOf(target)
    expect(after).toEqual(before)
  },
}
