import { setTimeout as delay } from 'node:timers/promises'
import { type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { schema } from '../../src/schema.ts'
import { createExport } from '../admin/exports-operations.ts'
import { auditLog } from '../audit/operations.ts'
import { graphql } from '../generated/index.ts'
import { type Client, clientOf, makeAdmin, type Person, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, createSnapshot, setAccess } from '../harness/operations.ts'
import { type Device, deviceOf, untilOnline } from '../presence/world.ts'
import { matrix } from './matrix.ts'
import { type Caller, callers, type Outcome, type Row, type Scene } from './outcomes.ts'

const registerDevice = graphql(/* GraphQL */ `
  mutation MatrixDevice($input: RegisterDeviceInput!) {
    registerDevice(input: $input) {
      device {
        id
      }
    }
  }
`)
const addAttachment = graphql(/* GraphQL */ `
  mutation MatrixAttachment($input: AddAttachmentInput!) {
    addAttachment(input: $input) {
      attachment {
        id
      }
    }
  }
`)
const login = graphql(/* GraphQL */ `
  mutation MatrixLogin($input: LoginInput!) {
    login(input: $input) {
      accessToken
      session {
        id
      }
    }
  }
`)

const storeVaultKey = graphql(/* GraphQL */ `
  mutation MatrixVault($input: StoreVaultKeyInput!) {
    storeVaultKey(input: $input) {
      vaultKey {
        vaultId
      }
    }
  }
`)

const createChat = graphql(/* GraphQL */ `
  mutation MatrixChat($input: CreateChatInput!) {
    createChat(input: $input) {
      chat {
        id
      }
    }
  }
`)
const sendMessage = graphql(/* GraphQL */ `
  mutation MatrixMessage($input: SendMessageInput!) {
    sendMessage(input: $input) {
      message {
        id
      }
    }
  }
`)

const createFolder = graphql(/* GraphQL */ `
  mutation MatrixFolder($input: CreateFolderInput!) {
    createFolder(input: $input) {
      folder {
        id
      }
    }
  }
`)

const createNote = graphql(/* GraphQL */ `
  mutation MatrixNote($input: CreateNoteInput!) {
    createNote(input: $input) {
      note {
        id
      }
    }
  }
`)
const updateNote = graphql(/* GraphQL */ `
  mutation MatrixNoteUpdate($input: UpdateNoteInput!) {
    updateNote(input: $input) {
      note {
        revisions {
          nodes {
            id
          }
        }
      }
    }
  }
`)

const putRecord = graphql(/* GraphQL */ `
  mutation MatrixRecord($input: PutRecordInput!) {
    putRecord(input: $input) {
      record {
        id
        collectionId
      }
    }
  }
`)

const publishNote = graphql(/* GraphQL */ `
  mutation MatrixPublish($input: PublishNoteInput!) {
    publishNote(input: $input) {
      publicNote {
        slug
      }
    }
  }
`)

const beThere = graphql(/* GraphQL */ `
  mutation MatrixAwareness($input: SetAwarenessInput!) {
    setAwareness(input: $input) {
      awareness {
        clock
      }
    }
  }
`)

const rootFields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(type =>
  Object.keys(type?.getFields() ?? {}).map(field => `${type?.name}.${field}`),
)

test('every root field has its row, and every row its root field', () => {
  const named = new Set(Object.keys(matrix).map(name => name.split(' ')[0]))
  expect([...named].sort()).toEqual([...rootFields].sort())
})

/** Whether an id can be put in somewhere. */
const takesId = (type: GraphQLInputType): boolean => {
  const inner = getNamedType(type)
  return inner.name === 'ID' || (isInputObjectType(inner) && Object.values(inner.getFields()).some(field => takesId(field.type)))
}

test('every root field that takes an id has a row in which a stranger gets nothing by it', () => {
  const taking = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(type =>
    Object.values(type?.getFields() ?? {}).flatMap(field =>
      field.args.some(({ type: given }) => takesId(given)) ? [`${type?.name}.${field.name}`] : [],
    ),
  )
  expect(taking.length).toBeGreaterThan(15)
  const kept = Object.entries(matrix).flatMap(([name, { outcomes }]) => (outcomes.stranger === 'ok' ? [] : [name.split(' ')[0]]))
  expect(taking.filter(name => !kept.includes(name))).toEqual([])
})

/** Which parts of its scene a call reads. */
function partsOf(call: Row['call']): (...parts: (keyof Scene)[]) => boolean {
  const read = new Set<PropertyKey>()
  const nothing = new Proxy({}, { get: (_, key) => (key === Symbol.toPrimitive ? () => '' : '') })
  const scene = new Proxy({}, { get: (_, part) => read.add(part) && nothing })
  call(scene as Scene)
  return (...parts) => parts.some(part => read.has(part))
}

/** Rows whose call ends the session it is made with. */
const endsSession = new Set(['Mutation.logout'])

describe.each(modes)('on %s', mode => {
  const servers = useServers(mode, { env: { WS_MAX_CONNECTIONS_PER_USER: '1000' } })
  const vaultId = 'a vault'
  const people = new Map<Caller, Person & { readonly deviceId: string }>()
  let owner: Person
  /** A chat has two people in it. */
  let companion: Person
  let foreign: Scene['foreign']
  let exportId: string
  let auditId: string
  let auditCursor: string
  /** Of the owner, who is there all the while. */
  let device: Device
  let words = 0

  beforeAll(async () => {
    const { url } = servers.one
    const withDevice = async (name: string) => {
      const person = await signUp(url, name)
      return { ...person, deviceId: (await person.run(registerDevice, { input: { name: `of ${name}` } })).registerDevice.device.id }
    }
    owner = await signUp(url, 'owner')
    companion = await signUp(url, 'companion')
    await owner.run(storeVaultKey, { input: { vaultId, encryptedVaultKey: 'QQ==', salt: 's', nonce: 'n' } })
    const other = await withDevice('foreign')
    foreign = { userId: other.id, sessionId: other.sessionId, deviceId: other.deviceId }
    for (const caller of callers) people.set(caller, await withDevice(caller.replace(' ', '.')))
    const admin = people.get('server admin')
    if (!admin) throw new Error('There is no administrator.')
    await makeAdmin(servers.one, admin)
    exportId = (await admin.run(createExport, { input: { kind: 'VAULTS', format: 'CSV' } })).createExport.export.id
    const [last, beforeIt] = (await admin.run(auditLog, { first: 2 })).auditLog.nodes
    auditId = last?.id ?? ''
    auditCursor = beforeIt?.cursor ?? ''
    device = await deviceOf(servers.one, owner)
    await untilOnline(owner, owner)
  })
  afterAll(() => device?.[Symbol.asyncDispose]())

  const unchanged = new Map<Caller, Promise<Scene>>()
  /** Reading changes nothing, so that all who read share their scenes. */
  function sceneOf(root: string, caller: Caller, call: Row['call']): Promise<Scene> {
    if (root === 'mutation') return newScene(caller, partsOf(call))
    const scene = unchanged.get(caller) ?? newScene(caller, () => true).then(withOwner)
    unchanged.set(caller, scene)
    return scene
  }

  /** The owner is in the document, so that whoever may know has something to hear at once. */
  async function withOwner(scene: Scene): Promise<Scene> {
    await device.run(beThere, { input: { documentId: scene.documentId, clientId: 'c', state: 1, clock: 1 } })
    return scene
  }

  /**
   * A document with its members, a snapshot, a collection with a record, a chat with a message, and a folder and a public note with a
   * revision and an attachment, for one try. What `has` does not ask for is left out: an empty string stands for each of its ids.
   */
  async function newScene(caller: Caller, has: (...parts: (keyof Scene)[]) => boolean): Promise<Scene> {
    const person = people.get(caller)
    if (!person) throw new Error(`There is no ${caller}.`)
    const word = `word${words++}`
    const level = /^(READ|WRITE|ADMIN) member$/.exec(caller)?.[1] as 'READ' | 'WRITE' | 'ADMIN' | undefined
    const share = async (resourceId: string) => {
      if (level) await owner.run(setAccess, { input: { resourceId, userId: person.id, access: level } })
    }
    async function document() {
      if (!has('documentId', 'snapshotId')) return { documentId: '', snapshotId: '' }
      const documentId = (await owner.run(createDocument, { input: { fields: { a: 1 } } })).createDocument.document.id
      await share(documentId)
      return { documentId, snapshotId: (await owner.run(createSnapshot, { input: { documentId } })).createSnapshot.snapshot.id }
    }
    async function collection() {
      const name = `of ${word}`
      if (!has('collection')) return { id: '', ownerId: '', name, recordId: '' }
      const { record } = (await owner.run(putRecord, { input: { collection: name, key: 'k', value: 0 } })).putRecord
      await share(record.collectionId)
      return { id: record.collectionId, ownerId: owner.id, name, recordId: record.id }
    }
    const folder = async () => (has('folderId') ? (await owner.run(createFolder, { input: { name: 'folder' } })).createFolder.folder.id : '')
    async function note() {
      if (!has('noteId', 'revisionId', 'attachmentId', 'slug')) return { noteId: '', revisionId: '', attachmentId: '', slug: '' }
      const noteId = (await owner.run(createNote, { input: { title: 'before' } })).createNote.note.id
      await share(noteId)
      const revisionId = (await owner.run(updateNote, { input: { id: noteId, title: 'after' } })).updateNote.note.revisions.nodes[0]?.id ?? ''
      const bytes = { mimeType: 'image/png', encryptedData: 'QQ==', iv: 'i', salt: 's' }
      const attachmentId = (await owner.run(addAttachment, { input: { noteId, ...bytes } })).addAttachment.attachment.id
      const { slug } = (await owner.run(publishNote, { input: { id: noteId, title: 'public', content: '' } })).publishNote.publicNote
      return { noteId, revisionId, attachmentId, slug }
    }
    async function chat() {
      if (!has('chat')) return { id: '', messageId: '', memberId: '' }
      const id = (await owner.run(createChat, { input: { memberIds: [companion.id] } })).createChat.chat.id
      await share(id)
      return {
        id,
        messageId: (await owner.run(sendMessage, { input: { chatId: id, content: 'said' } })).sendMessage.message.id,
        memberId: companion.id,
      }
    }
    const { id: userId, email, sessionId, deviceId, accessToken } = person
    return {
      ...(await document()),
      collection: await collection(),
      folderId: await folder(),
      ...(await note()),
      vaultId,
      exportId,
      auditId,
      auditCursor,
      chat: await chat(),
      own: { userId, email, sessionId, deviceId, accessToken },
      foreign,
      word,
    }
  }

  async function tokenFor(name: string, caller: Caller): Promise<string | null> {
    const person = people.get(caller)
    if (!person || caller === 'anonymous') return null
    if (!endsSession.has(name)) return person.accessToken
    const made = await clientOf(servers.one.url).run(login, { input: { email: person.email, password: 'correct horse battery' } })
    return made.login.accessToken
  }

  async function overHttp(client: Client, operation: string): Promise<Outcome> {
    const { data, errors } = await client.post(JSON.stringify({ query: operation }))
    if (errors[0]) return errors[0].extensions.code as Outcome
    const [found] = Object.values(data ?? {})
    // Asked for nothing but an address: what counts is whether that is told.
    const value = typeof found === 'object' && found !== null && Object.keys(found).join() === 'email' ? (found as { email: unknown }).email : found
    // Of a list of users who were named, nothing is as good as null.
    const mayBeEmpty = !operation.includes('userIds: [')
    return value === null || (Array.isArray(value) && value.every(one => one === null) && !(mayBeEmpty && value.length === 0)) ? 'null' : 'ok'
  }

  /** Whoever is let in is told something at once; only of who is online, those who may not know of them hear nothing. */
  async function overSocket(token: string | null, operation: string): Promise<Outcome> {
    const client = createClient({
      url: servers.one.wsUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: token === null ? {} : { token },
    })
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const codeIn = (errors: unknown) => (errors as { extensions: { code: Outcome } }[])[0]?.extensions.code ?? 'INTERNAL_SERVER_ERROR'
    client.subscribe(
      { query: operation },
      {
        next: ({ errors }) => resolve(errors ? codeIn(errors) : 'ok'),
        error: error => resolve(codeIn(error)),
        complete: () => resolve('INTERNAL_SERVER_ERROR'),
      },
    )
    const mayBeSilent = operation.includes('presenceChanges')
    const outcome = await (mayBeSilent ? Promise.race([promise, delay(5_000, 'null' as const)]) : promise)
    await client.dispose()
    return outcome
  }

  test.each(Object.entries(matrix))('%s', async (name, { call, outcomes }) => {
    const [root = ''] = name.toLowerCase().split('.')
    const got = await Promise.all(
      callers.map(async caller => {
        const operation = `${root} { ${call(await sceneOf(root, caller, call))} }`
        const token = await tokenFor(name, caller)
        const outcome = root === 'subscription' ? await overSocket(token, operation) : await overHttp(clientOf(servers.one.url, token), operation)
        return [caller, outcome] as const
      }),
    )
    expect(Object.fromEntries(got)).toEqual(outcomes)
  })
})
