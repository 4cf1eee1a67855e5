import { newId } from '../../src/platform/ids.ts'
import { accountRows } from './account-rows.ts'
import { auditRows } from './audit-rows.ts'
import { chatRows } from './chat-rows.ts'
import { exportRows } from './export-rows.ts'
import { all, everybody, members, owners, type Row, type Scene, signedIn } from './outcomes.ts'
import { presenceRows } from './presence-rows.ts'
import { statsRows } from './stats-rows.ts'

const vaultKey = 'encryptedVaultKey: "QQ==", salt: "s", nonce: "n"'
const text = (value: string) => JSON.stringify(value)
const inCollection = ({ name, ownerId }: Scene['collection']) => `collection: "${name}", owner: "${ownerId}"`

/** One row for each root field, by name; further rows for one field have a word behind its name. */
export const matrix: Readonly<Record<string, Row>> = {
  ...accountRows,
  ...auditRows,
  ...chatRows,
  ...presenceRows,
  ...statsRows,
  ...exportRows,
  'Query.node': { call: ({ documentId }) => `node(id: "${documentId}") { id }`, outcomes: members.lookers },
  'Query.node (snapshot)': { call: ({ snapshotId }) => `node(id: "${snapshotId}") { id }`, outcomes: members.lookers },
  'Query.node (foreign device)': { call: ({ foreign }) => `node(id: "${foreign.deviceId}") { id }`, outcomes: signedIn('null') },
  'Query.node (own session)': { call: ({ own }) => `node(id: "${own.sessionId}") { id }`, outcomes: signedIn('ok') },
  'Query.node (own device)': { call: ({ own }) => `node(id: "${own.deviceId}") { id }`, outcomes: signedIn('ok') },
  'Query.node (foreign user)': {
    call: ({ foreign }) => `node(id: "${foreign.userId}") { id }`,
    outcomes: all('UNAUTHENTICATED', 'null', 'null', 'null', 'null', 'ok'),
  },
  'Query.node (oneself)': { call: ({ own }) => `node(id: "${own.userId}") { id }`, outcomes: signedIn('ok') },
  'Query.node (address of a foreign user)': {
    call: ({ foreign }) => `node(id: "${foreign.userId}") { ... on User { email } }`,
    outcomes: all('UNAUTHENTICATED', 'null', 'null', 'null', 'null', 'ok'),
  },
  'Query.node (attachment)': {
    call: ({ attachmentId }) => `node(id: "${attachmentId}") { ... on Attachment { encryptedData downloadUrl } }`,
    outcomes: members.lookers,
  },
  'Query.node (note)': { call: ({ noteId }) => `node(id: "${noteId}") { id }`, outcomes: members.lookers },
  'Query.node (revision)': { call: ({ revisionId }) => `node(id: "${revisionId}") { id }`, outcomes: members.lookers },
  'Query.node (folder)': { call: ({ folderId }) => `node(id: "${folderId}") { id }`, outcomes: owners.lookers },
  'Query.nodes': { call: ({ documentId }) => `nodes(ids: ["${documentId}"]) { id }`, outcomes: members.lookers },
  'Query.nodes (foreign)': {
    call: ({ foreign }) => `nodes(ids: ["${foreign.sessionId}", "${foreign.deviceId}"]) { id }`,
    outcomes: signedIn('null'),
  },
  'Query.viewer': { call: () => 'viewer { id }', outcomes: all('null', 'ok', 'ok', 'ok', 'ok', 'ok') },
  'Query.userByEmail': { call: ({ own }) => `userByEmail(email: "${own.email}") { id email }`, outcomes: signedIn('ok') },
  'Query.devices': { call: () => 'devices { id }', outcomes: signedIn('ok') },
  'Query.sessions': { call: () => 'sessions { id }', outcomes: signedIn('ok') },
  'Query.document': { call: ({ documentId }) => `document(id: "${documentId}") { id fields }`, outcomes: members.lookers },
  'Query.documents': { call: () => 'documents { nodes { id } }', outcomes: signedIn('ok') },
  'Query.node (collection)': { call: ({ collection }) => `node(id: "${collection.id}") { id }`, outcomes: members.lookers },
  'Query.node (record)': { call: ({ collection }) => `node(id: "${collection.recordId}") { id }`, outcomes: members.lookers },
  'Query.collections': { call: () => 'collections { id recordCount }', outcomes: signedIn('ok') },
  'Query.record': { call: ({ collection }) => `record(${inCollection(collection)}, key: "k") { id value }`, outcomes: members.lookers },
  'Query.records': { call: ({ collection }) => `records(${inCollection(collection)}) { nodes { id } cursor }`, outcomes: members.readers },
  'Query.records (own)': { call: () => 'records(collection: "own") { nodes { id } }', outcomes: signedIn('ok') },
  'Query.note': {
    call: ({ noteId }) => `note(id: "${noteId}") { id title members { nodes { access } } revisions { nodes { id } } }`,
    outcomes: members.lookers,
  },
  'Query.folder': { call: ({ folderId }) => `folder(id: "${folderId}") { id name noteCount }`, outcomes: owners.lookers },
  'Query.folders': { call: () => 'folders { id }', outcomes: signedIn('ok') },
  'Query.notebook': { call: () => 'notebook { cursor usedBytes }', outcomes: signedIn('ok') },
  'Query.notes': { call: () => 'notes { nodes { id } }', outcomes: signedIn('ok') },
  'Query.notes (foreign folder)': {
    call: ({ folderId }) => `notes(filter: { folderId: "${folderId}", withSubfolders: true }) { nodes { id } }`,
    outcomes: signedIn('BAD_USER_INPUT'),
  },
  'Query.publicNote': { call: ({ slug }) => `publicNote(slug: "${slug}") { title content }`, outcomes: everybody('ok') },
  'Query.publicNote (by its id)': { call: ({ noteId }) => `publicNote(slug: "${noteId}") { title }`, outcomes: everybody('null') },
  'Query.noteCounts': { call: () => 'noteCounts { all }', outcomes: signedIn('ok') },
  'Query.noteCounts (foreign folder)': {
    call: ({ folderId }) => `noteCounts(folderId: "${folderId}") { all }`,
    outcomes: signedIn('BAD_USER_INPUT'),
  },
  'Query.vault': { call: ({ vaultId }) => `vault(id: "${vaultId}") { id key { version } logs { hasMore } }`, outcomes: signedIn('null') },
  'Query.vaults': { call: () => 'vaults { id }', outcomes: signedIn('ok') },

  'Mutation.claimAdmin': { call: () => 'claimAdmin(input: { token: "none" }) { user { id } }', outcomes: signedIn('FORBIDDEN') },
  'Mutation.deleteAccount': {
    call: () => 'deleteAccount(input: { password: "not the password" }) { deletedId }',
    outcomes: signedIn('INVALID_CREDENTIALS'),
  },
  'Mutation.registerDevice': { call: ({ word }) => `registerDevice(input: { name: "${word}" }) { device { id } }`, outcomes: signedIn('ok') },
  'Mutation.registerDevice (foreign)': {
    call: ({ word, foreign }) => `registerDevice(input: { id: "${foreign.deviceId}", name: "${word}" }) { device { id } }`,
    outcomes: signedIn('ALREADY_EXISTS'),
  },
  'Mutation.removeDevice': {
    call: ({ foreign }) => `removeDevice(input: { id: "${foreign.deviceId}" }) { removedId }`,
    outcomes: signedIn('NOT_FOUND'),
  },
  'Mutation.register': {
    call: ({ word }) => `register(input: { email: "${word}@example.org", password: "correct horse battery" }) { user { id } }`,
    outcomes: everybody('ok'),
  },
  'Mutation.login': {
    call: ({ own }) => `login(input: { email: "${own.email}", password: "correct horse battery" }) { user { id } }`,
    outcomes: everybody('ok'),
  },
  'Mutation.refreshSession': {
    call: () => 'refreshSession(input: { refreshToken: "none" }) { accessToken }',
    outcomes: everybody('UNAUTHENTICATED'),
  },
  'Mutation.verifyToken': { call: ({ own }) => `verifyToken(input: { token: ${text(own.accessToken)} }) { valid }`, outcomes: everybody('ok') },
  'Mutation.logout': { call: () => 'logout { endedSessions }', outcomes: signedIn('ok') },
  'Mutation.renewConnection': {
    call: ({ own }) => `renewConnection(input: { accessToken: ${text(own.accessToken)} }) { expiresAt }`,
    outcomes: signedIn('CONFLICT'),
  },
  'Mutation.changePassword': {
    call: () => 'changePassword(input: { currentPassword: "not the password", newPassword: "another horse battery" }) { accessToken }',
    outcomes: signedIn('INVALID_CREDENTIALS'),
  },
  'Mutation.requestPasswordReset': {
    call: ({ word }) => `requestPasswordReset(input: { email: "${word}@example.org" }) { accepted }`,
    outcomes: everybody('ok'),
  },
  'Mutation.resetPassword': {
    call: () => 'resetPassword(input: { token: "none", newPassword: "another horse battery" }) { accessToken }',
    outcomes: everybody('BAD_USER_INPUT'),
  },
  'Mutation.requestEmailVerification': { call: () => 'requestEmailVerification { __typename }', outcomes: signedIn('ok') },
  'Mutation.verifyEmail': { call: () => 'verifyEmail(input: { token: "none" }) { user { id } }', outcomes: everybody('BAD_USER_INPUT') },

  'Mutation.setAccess': {
    call: ({ documentId, foreign }) =>
      `setAccess(input: { resourceId: "${documentId}", userId: "${foreign.userId}", access: READ }) { member { access } }`,
    outcomes: members.admins,
  },
  'Mutation.setAccess (more for oneself)': {
    call: ({ documentId, own }) => `setAccess(input: { resourceId: "${documentId}", userId: "${own.userId}", access: ADMIN }) { member { access } }`,
    outcomes: members.admins,
  },
  'Mutation.removeAccess': {
    call: ({ documentId, foreign }) => `removeAccess(input: { resourceId: "${documentId}", userId: "${foreign.userId}" }) { removedUserId }`,
    // Of those who may, each is told that this user is no member.
    outcomes: all('UNAUTHENTICATED', 'NOT_FOUND', 'FORBIDDEN', 'FORBIDDEN', 'NOT_FOUND', 'NOT_FOUND'),
  },
  'Mutation.removeAccess (leaving)': {
    call: ({ documentId, own }) => `removeAccess(input: { resourceId: "${documentId}", userId: "${own.userId}" }) { removedUserId }`,
    outcomes: all('UNAUTHENTICATED', 'NOT_FOUND', 'ok', 'ok', 'ok', 'NOT_FOUND'),
  },
  'Mutation.createDocument': { call: ({ word }) => `createDocument(input: { name: "${word}" }) { document { id } }`, outcomes: signedIn('ok') },
  'Mutation.createDocument (foreign id)': {
    call: ({ documentId }) => `createDocument(input: { id: "${documentId}" }) { document { id } }`,
    outcomes: signedIn('ALREADY_EXISTS'),
  },
  'Mutation.pushDelta': {
    call: ({ documentId, word }) =>
      `pushDelta(input: { documentId: "${documentId}", clientId: "c", clock: { c: 1 }, writes: [{ path: "${word}", value: 1 }] }) { applied }`,
    outcomes: members.writers,
  },
  'Mutation.deleteDocument': { call: ({ documentId }) => `deleteDocument(input: { id: "${documentId}" }) { deletedId }`, outcomes: members.admins },
  'Mutation.restoreDocument': {
    call: ({ documentId }) => `restoreDocument(input: { id: "${documentId}" }) { document { id } }`,
    outcomes: members.admins,
  },
  'Mutation.putRecord': {
    call: ({ collection }) => `putRecord(input: { ${inCollection(collection)}, key: "k", value: 1 }) { applied }`,
    outcomes: members.writers,
  },
  'Mutation.putRecord (own)': { call: () => 'putRecord(input: { collection: "own", key: "k", value: 1 }) { applied }', outcomes: signedIn('ok') },
  'Mutation.putRecords': {
    call: ({ collection }) =>
      `putRecords(input: { items: [{ collection: "own", key: "k", value: 1 }, { ${inCollection(collection)}, key: "l", value: 1 }] }) { results { applied } }`,
    outcomes: members.writers,
  },
  'Mutation.deleteRecord': {
    call: ({ collection }) => `deleteRecord(input: { ${inCollection(collection)}, key: "k" }) { applied }`,
    outcomes: members.writers,
  },
  'Mutation.createSnapshot': {
    call: ({ documentId }) => `createSnapshot(input: { documentId: "${documentId}" }) { snapshot { id } }`,
    outcomes: members.writers,
  },
  'Mutation.restoreSnapshot': {
    call: ({ snapshotId }) => `restoreSnapshot(input: { id: "${snapshotId}", clientId: "c" }) { document { id } }`,
    outcomes: members.writers,
  },
  'Mutation.deleteSnapshot': { call: ({ snapshotId }) => `deleteSnapshot(input: { id: "${snapshotId}" }) { deletedId }`, outcomes: members.writers },
  'Mutation.setAwareness': {
    call: ({ documentId }) => `setAwareness(input: { documentId: "${documentId}", clientId: "c", state: 1, clock: 1 }) { awareness { clock } }`,
    outcomes: members.readers,
  },

  'Mutation.createNote': { call: ({ word }) => `createNote(input: { title: "${word}" }) { note { id } }`, outcomes: signedIn('ok') },
  'Mutation.createNote (foreign id)': {
    call: ({ noteId }) => `createNote(input: { id: "${noteId}" }) { note { id } }`,
    outcomes: signedIn('ALREADY_EXISTS'),
  },
  'Mutation.createNote (in a foreign folder)': {
    call: ({ folderId }) => `createNote(input: { folderId: "${folderId}" }) { note { id } }`,
    outcomes: signedIn('BAD_USER_INPUT'),
  },
  'Mutation.updateNote': {
    call: ({ noteId, word }) => `updateNote(input: { id: "${noteId}", title: "${word}", tags: ["${word}"] }) { note { id } }`,
    outcomes: members.writers,
  },
  'Mutation.updateNote (its place in the notebook)': {
    call: ({ noteId, folderId }) => `updateNote(input: { id: "${noteId}", folderId: "${folderId}" }) { note { id } }`,
    outcomes: owners.ofShared,
  },
  'Mutation.updateNote (how it is kept)': {
    call: ({ noteId }) => `updateNote(input: { id: "${noteId}", starred: true, archived: true, hidden: true }) { note { id } }`,
    outcomes: owners.ofShared,
  },
  'Mutation.publishNote': {
    call: ({ noteId, word }) => `publishNote(input: { id: "${noteId}", title: "${word}", content: "" }) { publicNote { slug } }`,
    outcomes: members.admins,
  },
  'Mutation.addAttachment': {
    call: ({ noteId }) =>
      `addAttachment(input: { noteId: "${noteId}", mimeType: "image/png", encryptedData: "QQ==", iv: "i", salt: "s" }) { attachment { id } }`,
    outcomes: members.writers,
  },
  'Mutation.addAttachment (foreign id)': {
    call: ({ noteId, attachmentId }) =>
      `addAttachment(input: { id: "${attachmentId}", noteId: "${noteId}", mimeType: "image/png", encryptedData: "QQ==", iv: "i", salt: "s" }) { attachment { id } }`,
    outcomes: all('UNAUTHENTICATED', 'NOT_FOUND', 'FORBIDDEN', 'ALREADY_EXISTS', 'ALREADY_EXISTS', 'ALREADY_EXISTS'),
  },
  // No literal is a file: who may upload is shown with real ones, in tests/notes/attachments.test.ts.
  'Mutation.uploadAttachment': {
    call: ({ noteId }) =>
      `uploadAttachment(input: { noteId: "${noteId}", mimeType: "image/png", file: "QQ==", iv: "i", salt: "s" }) { attachment { id } }`,
    outcomes: everybody('BAD_USER_INPUT'),
  },
  'Mutation.removeAttachment': {
    call: ({ attachmentId }) => `removeAttachment(input: { id: "${attachmentId}" }) { removedId }`,
    outcomes: members.writers,
  },
  'Mutation.unpublishNote': { call: ({ noteId }) => `unpublishNote(input: { id: "${noteId}" }) { note { id } }`, outcomes: members.admins },
  'Mutation.trashNote': { call: ({ noteId }) => `trashNote(input: { id: "${noteId}" }) { note { id } }`, outcomes: members.admins },
  'Mutation.restoreNote': { call: ({ noteId }) => `restoreNote(input: { id: "${noteId}" }) { note { id } }`, outcomes: members.admins },
  'Mutation.deleteNote': { call: ({ noteId }) => `deleteNote(input: { id: "${noteId}" }) { deletedId }`, outcomes: members.admins },
  'Mutation.emptyTrash': { call: () => 'emptyTrash { deletedIds }', outcomes: signedIn('ok') },
  'Mutation.createFolder': { call: ({ word }) => `createFolder(input: { name: "${word}" }) { folder { id } }`, outcomes: signedIn('ok') },
  'Mutation.createFolder (foreign id)': {
    call: ({ folderId }) => `createFolder(input: { id: "${folderId}", name: "x" }) { folder { id } }`,
    outcomes: signedIn('ALREADY_EXISTS'),
  },
  'Mutation.createFolder (in a foreign one)': {
    call: ({ folderId }) => `createFolder(input: { parentId: "${folderId}", name: "x" }) { folder { id } }`,
    outcomes: signedIn('BAD_USER_INPUT'),
  },
  'Mutation.updateFolder': {
    call: ({ folderId, word }) => `updateFolder(input: { id: "${folderId}", name: "${word}" }) { folder { id } }`,
    outcomes: owners.only,
  },
  'Mutation.reorderFolders': {
    call: ({ folderId }) => `reorderFolders(input: { parentId: "${folderId}", folderIds: [] }) { folders { id } }`,
    outcomes: all('UNAUTHENTICATED', 'BAD_USER_INPUT', 'BAD_USER_INPUT', 'BAD_USER_INPUT', 'BAD_USER_INPUT', 'ok'),
  },
  'Mutation.reorderFolders (foreign)': {
    call: ({ folderId }) => `reorderFolders(input: { folderIds: ["${folderId}"] }) { folders { id } }`,
    outcomes: signedIn('BAD_USER_INPUT'),
  },
  'Mutation.importNotebook': { call: () => 'importNotebook(input: { folders: [], notes: [] }) { skippedIds }', outcomes: signedIn('ok') },
  'Mutation.importNotebook (foreign id)': {
    call: ({ folderId }) => `importNotebook(input: { folders: [{ id: "${folderId}", name: "x" }] }) { skippedIds }`,
    outcomes: signedIn('ALREADY_EXISTS'),
  },
  'Mutation.importNotebook (into a foreign folder)': {
    call: ({ folderId }) => `importNotebook(input: { folders: [{ id: "${newId('fold')}", parentId: "${folderId}", name: "x" }] }) { skippedIds }`,
    outcomes: signedIn('BAD_USER_INPUT'),
  },
  'Mutation.deleteFolder': { call: ({ folderId }) => `deleteFolder(input: { id: "${folderId}" }) { deletedId }`, outcomes: owners.only },

  'Mutation.storeVaultKey': {
    call: ({ word }) => `storeVaultKey(input: { vaultId: "${word}", ${vaultKey} }) { vaultKey { version } }`,
    outcomes: signedIn('ok'),
  },
  // Ids name the caller's own vaults alone, so that there is none that would be a stranger's.
  'Mutation.storeVaultKey (no id)': {
    call: () => `storeVaultKey(input: { vaultId: "", ${vaultKey} }) { vaultKey { version } }`,
    outcomes: signedIn('BAD_USER_INPUT'),
  },
  'Mutation.rotateVaultKey': {
    call: ({ vaultId }) => `rotateVaultKey(input: { vaultId: "${vaultId}", expectedVersion: 1, ${vaultKey} }) { vaultKey { version } }`,
    outcomes: signedIn('NOT_FOUND'),
  },
  'Mutation.deleteVault': { call: ({ vaultId }) => `deleteVault(input: { vaultId: "${vaultId}" }) { deletedId }`, outcomes: signedIn('NOT_FOUND') },
  'Mutation.pushVaultLogs': {
    call: ({ vaultId }) =>
      `pushVaultLogs(input: { vaultId: "${vaultId}", logs: [{ encryptedData: "QQ==", nonce: "n", haexTimestamp: "t" }] }) { headSequence }`,
    outcomes: signedIn('NOT_FOUND'),
  },

  'Subscription.documentChanges': { call: ({ documentId }) => `documentChanges(documentId: "${documentId}") { cursor }`, outcomes: members.readers },
  'Subscription.noteChanges': { call: ({ noteId }) => `noteChanges(noteId: "${noteId}") { cursor }`, outcomes: members.readers },
  'Subscription.notebookChanges': { call: () => 'notebookChanges { cursor }', outcomes: signedIn('ok') },
  'Subscription.recordChanges': { call: ({ collection }) => `recordChanges(${inCollection(collection)}) { cursor }`, outcomes: members.readers },
  'Subscription.recordChanges (own)': { call: () => 'recordChanges(collection: "own") { cursor }', outcomes: signedIn('ok') },
  'Subscription.vaultLogs': { call: ({ vaultId }) => `vaultLogs(vaultId: "${vaultId}") { cursor }`, outcomes: signedIn('NOT_FOUND') },
  'Subscription.awareness': { call: ({ documentId }) => `awareness(documentId: "${documentId}") { clientId }`, outcomes: members.readers },
}
