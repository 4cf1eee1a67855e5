import { expect } from 'vitest'
import { deleteDocument, removeAccess, restoreDocument, setAccess } from '../harness/operations.ts'
import { type Cases, call, newChat, newDocument, newNote, newPerson, refused } from './scene.ts'

/** What is shared, published and deleted. */
export const thingCases: Cases = {
  'access that is granted': [
    'access-granted',
    async ({ alice, bob }) => {
      const id = await newDocument(alice)
      await alice.run(setAccess, { input: { resourceId: id, userId: bob.id, access: 'WRITE' } })
      return { actorId: alice.id, target: id, details: { userIds: [bob.id], access: 'WRITE' } }
    },
  ],
  'access that is taken': [
    'access-revoked',
    async ({ alice, bob }) => {
      const id = await newDocument(alice)
      await alice.run(setAccess, { input: { resourceId: id, userId: bob.id, access: 'READ' } })
      await alice.run(removeAccess, { input: { resourceId: id, userId: bob.id } })
      return { actorId: alice.id, target: id, details: { userIds: [bob.id] } }
    },
  ],
  'a grant that is not theirs to give': [
    'access-refused',
    async ({ alice, bob }) => {
      const id = await newDocument(alice)
      await alice.run(setAccess, { input: { resourceId: id, userId: bob.id, access: 'READ' } })
      await refused(bob, `mutation { setAccess(input: { resourceId: "${id}", userId: "${bob.id}", access: ADMIN }) { __typename } }`)
      return { actorId: bob.id, target: id, details: { needed: 'ADMIN' } }
    },
  ],
  'a chat that somebody is put into': [
    'access-granted',
    async ({ alice, bob }) => {
      const id = await newChat(alice, bob)
      return { actorId: alice.id, target: id, details: { userIds: [bob.id], access: 'WRITE' } }
    },
  ],
  'members that are let into a chat': [
    'access-granted',
    async scene => {
      const { alice, bob } = scene
      const id = await newChat(alice, bob)
      const third = await newPerson(scene, 'third')
      await call(alice, `mutation { addChatMembers(input: { chatId: "${id}", userIds: ["${bob.id}", "${third.id}"] }) { __typename } }`)
      return { actorId: alice.id, target: id, details: { userIds: [third.id], access: 'WRITE' } }
    },
  ],
  'a member that is taken out of a chat': [
    'access-revoked',
    async ({ alice, bob }) => {
      const id = await newChat(alice, bob)
      await call(alice, `mutation { removeChatMember(input: { chatId: "${id}", userId: "${bob.id}" }) { __typename } }`)
      return { actorId: alice.id, target: id, details: { userIds: [bob.id] } }
    },
  ],
  'a chat that its last member leaves': [
    'deleted',
    async ({ alice, bob }) => {
      const id = await newChat(alice, bob)
      for (const member of [alice, bob])
        await call(member, `mutation { removeChatMember(input: { chatId: "${id}", userId: "${member.id}" }) { __typename } }`)
      return { actorId: bob.id, target: id }
    },
  ],
  'a note that everybody may read': [
    'access-granted',
    async ({ alice }) => {
      const id = await newNote(alice)
      await call(alice, `mutation { publishNote(input: { id: "${id}", title: "t", content: "c" }) { __typename } }`)
      return { actorId: alice.id, target: id, details: { everybody: true } }
    },
  ],
  'a note that everybody could read': [
    'access-revoked',
    async ({ alice }) => {
      const id = await newNote(alice)
      await call(alice, `mutation { publishNote(input: { id: "${id}", title: "t", content: "c" }) { __typename } }`)
      await call(alice, `mutation { trashNote(input: { id: "${id}" }) { __typename } }`)
      return { actorId: alice.id, target: id, details: { everybody: true } }
    },
  ],
  'a document that is deleted': [
    'deleted',
    async ({ alice }) => {
      const id = await newDocument(alice)
      await alice.run(deleteDocument, { input: { id } })
      return { actorId: alice.id, target: id }
    },
  ],
  'a document that is restored': [
    'restored',
    async ({ alice }) => {
      const id = await newDocument(alice)
      await alice.run(deleteDocument, { input: { id } })
      await alice.run(restoreDocument, { input: { id } })
      return { actorId: alice.id, target: id }
    },
  ],
  'a note that is deleted': [
    'deleted',
    async ({ alice }) => {
      const id = await newNote(alice)
      await call(alice, `mutation { deleteNote(input: { id: "${id}" }) { __typename } }`)
      return { actorId: alice.id, target: id }
    },
  ],
  'a trash that is emptied': [
    'deleted',
    async scene => {
      const person = await newPerson(scene, 'tidy')
      const ids = [await newNote(person), await newNote(person)]
      for (const id of ids) await call(person, `mutation { trashNote(input: { id: "${id}" }) { __typename } }`)
      await call(person, 'mutation { emptyTrash { __typename } }')
      return { actorId: person.id, target: person.id, details: { noteIds: expect.arrayContaining(ids) } }
    },
  ],
  'a vault that is deleted': [
    'deleted',
    async ({ alice, secrets }) => {
      secrets.add('c2VjcmV0IGtleQ==')
      await call(
        alice,
        'mutation { storeVaultKey(input: { vaultId: "v", encryptedVaultKey: "c2VjcmV0IGtleQ==", salt: "s", nonce: "n" }) { __typename } }',
      )
      await call(alice, 'mutation { deleteVault(input: { vaultId: "v" }) { __typename } }')
      return { actorId: alice.id, target: expect.stringMatching(/^vault_/) as unknown as string }
    },
  ],
}
