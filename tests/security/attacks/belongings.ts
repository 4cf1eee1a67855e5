import { type Person, signUp } from '../../harness/client.ts'
import { answerOf } from '../../transport/ask.ts'

/** Ids by what they are of; an id that is no UUID names a vault. */
export interface Belongings {
  readonly user: string
  readonly sess: string
  readonly dev: string
  readonly doc: string
  readonly snap: string
  readonly col: string
  readonly rec: string
  readonly note: string
  readonly fold: string
  readonly att: string
  readonly rev: string
  readonly chat: string
  readonly msg: string
  readonly vault: string
  readonly collection: string
  readonly email: string
  /** Somebody who is in the chat as well. */
  readonly companion: string
}

export type Kind = Exclude<keyof Belongings, 'collection' | 'email' | 'companion'>

/** Gives somebody one of everything, with `text` in it. */
export async function furnish(url: string, person: Person, text: string): Promise<Belongings> {
  async function call<Result>(name: string, selection: string, input: object): Promise<Result> {
    const query = `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} } }`
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${person.accessToken}` }
    const answer = await answerOf(await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables: { input } }) }))
    if (answer.errors || !answer.data) throw new Error(answer.text)
    return answer.data[name] as Result
  }
  type Made<Name extends string> = Readonly<Record<Name, { readonly id: string }>>
  const companion = await signUp(url, 'companion')
  const collection = `${text} ${person.id}`
  const { device } = await call<Made<'device'>>('registerDevice', 'device { id }', { name: text })
  const { document } = await call<Made<'document'>>('createDocument', 'document { id }', { name: text, fields: { text } })
  const { snapshot } = await call<Made<'snapshot'>>('createSnapshot', 'snapshot { id }', { documentId: document.id, label: text })
  const { record } = await call<{ record: { id: string; collectionId: string } }>('putRecord', 'record { id collectionId }', {
    collection,
    key: 'k',
    value: text,
  })
  const { folder } = await call<Made<'folder'>>('createFolder', 'folder { id }', { name: text })
  const { note } = await call<Made<'note'>>('createNote', 'note { id }', { title: text, content: text, folderId: folder.id, tags: ['tag'] })
  const updated = await call<{ note: { revisions: { nodes: { id: string }[] } } }>('updateNote', 'note { revisions { nodes { id } } }', {
    id: note.id,
    content: `${text} again`,
  })
  const bytes = { mimeType: 'image/png', encryptedData: Buffer.from(text).toString('base64'), iv: 'i', salt: 's' }
  const { attachment } = await call<Made<'attachment'>>('addAttachment', 'attachment { id }', { noteId: note.id, ...bytes })
  const { chat } = await call<Made<'chat'>>('createChat', 'chat { id }', { memberIds: [companion.id], title: text })
  const { message } = await call<Made<'message'>>('sendMessage', 'message { id }', { chatId: chat.id, content: text })
  const vault = `the vault of ${person.id}`
  await call('storeVaultKey', 'vaultKey { version }', { vaultId: vault, encryptedVaultKey: 'QQ==', salt: text, nonce: 'n' })
  await call('pushVaultLogs', 'headSequence', { vaultId: vault, logs: [{ encryptedData: 'QQ==', nonce: text, haexTimestamp: 't' }] })
  return {
    user: person.id,
    sess: person.sessionId,
    dev: device.id,
    doc: document.id,
    snap: snapshot.id,
    col: record.collectionId,
    rec: record.id,
    note: note.id,
    fold: folder.id,
    att: attachment.id,
    rev: updated.note.revisions.nodes[0]?.id ?? '',
    chat: chat.id,
    msg: message.id,
    vault,
    collection,
    email: person.email,
    companion: companion.id,
  }
}
