import { randomUUID } from 'node:crypto'

/** Who asks for many things of a type, and how; `#` stands for what is asked of each of them. */
export interface Scene {
  readonly as?: 'admin'
  readonly query: (count: number) => string
  /** Whether something that lasts but a moment has to be done again before. */
  readonly needsPresent?: boolean
}

const list = (query: (count: number) => string, more: Omit<Scene, 'query'> = {}): Scene => ({ query, ...more })
const documents = (inner: string) => list(count => `{ documents(first: ${count}) { nodes { ${inner} } } }`)
const notes = (inner: string) => list(count => `{ notes(first: ${count}) { nodes { ${inner} } } }`)
const chats = (inner: string) => list(count => `{ chats(first: ${count}) { nodes { ${inner} } } }`)
const putting = (inner: string, item: (index: number) => string) =>
  list(
    count =>
      `mutation { putRecords(input: { items: [${Array.from({ length: count }, (_, index) => item(index)).join(' ')}] }) { results { ${inner} } } }`,
  )

const newRecord = () => `{ collection: "put", key: "${randomUUID()}", value: 1 }`
/** Loses to the one that is there. */
const lateRecord = (index: number) => `{ collection: "one", key: "k${index}", value: 1, updatedAt: "2020-01-01T00:00:00Z" }`

/** For every type of which there may be many: where there are so many of them as a person of the world has of each thing. */
export const scenes: Readonly<Record<string, Scene>> = {
  Attachment: notes('attachments { # }'),
  AuditEntry: list(count => `{ auditLog(first: ${count}, action: "export-created") { nodes { # } } }`, { as: 'admin' }),
  Awareness: { ...documents('awareness { # }'), needsPresent: true },
  Chat: { ...chats('#'), needsPresent: true },
  ChatMember: chats('members { # }'),
  Collection: list(() => '{ collections { # } }'),
  ConnectionsOfUser: list(count => `{ connectionsByUser(first: ${count}) { # } }`, { as: 'admin' }),
  Device: list(() => '{ devices { # } }'),
  Document: { ...documents('#'), needsPresent: true },
  DocumentDelta: documents('changes(first: 1) { nodes { # } }'),
  DocumentField: documents('field(path: "a") { # }'),
  Export: list(count => `{ exports(first: ${count}) { nodes { # } } }`, { as: 'admin' }),
  Folder: list(() => '{ folders { # } }'),
  Member: documents('members(first: 1) { nodes { # } }'),
  Message: chats('messages(last: 1) { nodes { # } }'),
  Note: notes('#'),
  NoteRevision: notes('revisions(first: 1) { nodes { # } }'),
  Presence: list(() => '{ presence(userIds: $friends) { # } }'),
  PublicNote: notes('publication { # }'),
  PutRecordPayload: putting('#', newRecord),
  ReadReceipt: chats('messages(last: 1) { nodes { readBy { # } } }'),
  Record: list(count => `{ records(collection: "one", first: ${count}) { nodes { # } } }`),
  RecordConflict: putting('conflict { # }', lateRecord),
  Session: list(() => '{ sessions { # } }'),
  Snapshot: documents('snapshots(first: 1) { nodes { # } }'),
  TokenGrant: list(() => '{ issuedTokens(userId: $me) { # } }', { as: 'admin' }),
  User: list(count => `{ users(first: ${count}) { nodes { # } } }`, { as: 'admin' }),
  Vault: list(() => '{ vaults { # } }'),
  VaultKey: list(() => '{ vaults { key { # } } }'),
  VaultLog: list(() => '{ vaults { logs(first: 1) { nodes { # } } } }'),
}

/** What fields can't be asked for without. */
export const args = {
  'Attachment.downloadUrl': 'ttlSeconds: 60',
  'Document.field': 'path: "a"',
} as const

/** Fields that have nothing below them here, and why not. */
export const empty: Readonly<Record<string, string>> = {
  'PutRecordPayload.conflict': 'there is none where a record is new; `RecordConflict` is looked at by itself',
}
