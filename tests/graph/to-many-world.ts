import { createExport } from '../admin/exports-operations.ts'
import { createChat, markRead, sendMessage } from '../chats/operations.ts'
import { putRecords } from '../collections/operations.ts'
import { clientOf, type Person, password, signUp } from '../harness/client.ts'
import { createDocument, createSnapshot, pushDelta, setAccess } from '../harness/operations.ts'
import { folderWith, noteWith, put } from '../notes/listing-world.ts'
import { publishNote, updateNote } from '../notes/operations.ts'
import { statementsAttach } from '../notes/plans-operations.ts'
import { setTyping } from '../presence/operations.ts'
import { newVault } from '../vaults/world.ts'
import { toManyAwareness, toManyLogin, toManyToken } from './operations.ts'

/** Somebody who has `count` of everything that there may be many of, with something in every field. */
export interface World {
  readonly me: Person
  readonly friends: readonly Person[]
  readonly count: number
  /** Does again what lasts but a moment: everybody is in their document, and types. */
  bePresent(): Promise<void>
}

export async function worldOf(url: string, admin: Person, count: number): Promise<World> {
  const me = await signUp(url, `with.${count}`)
  const indexes = Array.from({ length: count }, (_, index) => index)
  const friends = await Promise.all(indexes.map(index => signUp(url, `friend.${index}.of.${count}`)))
  const tops = indexes.map(index => folderWith({ name: `top ${index}` }))
  const folders = tops.map(({ id }, index) => folderWith({ name: `folder ${index}`, parentId: id }))
  const notes = folders.map(folder => noteWith({ title: 'before', folderId: folder.id, tags: ['tag'] }))
  await put(me, { folders: [...tops, ...folders], notes })
  const records = indexes.map(index => ({ collection: 'one', key: `k${index}`, value: index }))
  await me.run(putRecords, { input: { items: [...records, ...records.map(record => ({ ...record, collection: `of ${record.key}` }))] } })
  const present: (() => Promise<unknown>)[] = []
  await Promise.all(
    friends.map(async (friend, index) => {
      const noteId = notes[index]?.id ?? ''
      await me.run(updateNote, { input: { id: noteId, title: 'after' } })
      await me.run(publishNote, { input: { id: noteId, title: 'public', content: 'text' } })
      await me.run(statementsAttach, { input: { noteId, mimeType: 'image/png', encryptedData: 'AAAA', iv: 'iv', salt: 'salt' } })
      const { id: documentId } = (await me.run(createDocument, { input: { fields: { a: 1 } } })).createDocument.document
      await me.run(pushDelta, { input: { documentId, clientId: 'c', clock: { c: 1 }, writes: [{ path: 'b', value: 2 }] } })
      await me.run(createSnapshot, { input: { documentId } })
      for (const resourceId of [noteId, documentId]) await me.run(setAccess, { input: { resourceId, userId: friend.id, access: 'WRITE' } })
      const { id: chatId } = (await me.run(createChat, { input: { memberIds: [friend.id] } })).createChat.chat
      const { id: replyToId } = (await me.run(sendMessage, { input: { chatId, content: 'first' } })).sendMessage.message
      const { id: messageId } = (await me.run(sendMessage, { input: { chatId, content: 'second', replyToId } })).sendMessage.message
      await friend.run(markRead, { input: { chatId, messageId } })
      await (await newVault(me)).pushNew(1)
      await clientOf(url).run(toManyLogin, { input: { email: me.email, password, deviceName: `device ${index}` } })
      await admin.run(toManyToken, { input: { userId: me.id } })
      await admin.run(createExport, { input: { kind: 'VAULTS', format: 'CSV' } })
      let clock = 0
      present.push(
        () => friend.run(toManyAwareness, { input: { documentId, clientId: 'c', state: { at: 1 }, clock: clock++ } }),
        () => friend.run(setTyping, { input: { chatId, isTyping: true } }),
      )
    }),
  )
  return { me, friends, count, bePresent: async () => void (await Promise.all(present.map(does => does()))) }
}
