import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { addChatMembers, createChat, deleteMessage, editMessage, sendMessage } from '../chats/operations.ts'
import { deleteRecord, putRecords } from '../collections/operations.ts'
import type { ExportKind } from '../generated/graphql.ts'
import { codeOf, makeAdmin, type Person, refusalOf, signUp, useServers } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, pushDelta } from '../harness/operations.ts'
import { addAttachment } from '../notes/attachments-operations.ts'
import { createFolder } from '../notes/folders-operations.ts'
import { createNote } from '../notes/operations.ts'
import { pushVaultLogs, storeVaultKey } from '../vaults/operations.ts'
import { auditOf, createExport, exportNode, exportOf, exportProgress, exports } from './exports-operations.ts'
import { download, exported, type Row, readyExport, rowsOf } from './exports-world.ts'

const formats = ['JSON', 'NDJSON', 'CSV'] as const
const kinds = ['USERS', 'DOCUMENTS', 'RECORDS', 'NOTES', 'CHATS', 'VAULTS', 'AUDIT'] as const satisfies ExportKind[]

/** What files of tables trip over. */
const hostile = [
  '=HYPERLINK("http://evil.example","click")',
  '+1+1',
  "-2+3+cmd|' /C calc'!A0",
  '@SUM(A1:A9)',
  '\tTab',
  '\rReturn',
  '\n=1+1',
  '＝1+1',
  '＋1 ＠ －',
  ' =1',
  "'=already",
  "''quotes",
  '-12.5',
  '+49301234567',
  'a "quoted" word',
  'a,b;c\td',
  'line\r\nbreak\nand\rmore',
  '',
  'null',
  'true',
  '0012',
  '\u2028\u2029\uFEFF',
  '🌊 ü 海',
  '\u0001\u001f\u007f',
  '=,"\r\n',
]
const cipher = Buffer.from('sealed').toString('base64')

describe.each(modes)('exports, %s', mode => {
  const key = 'the key of administrators, for tests only'
  const servers = useServers(mode, { nodes: 2, env: { ADMIN_API_KEY: key } })
  let admin: Person
  let ada: Person
  let bob: Person
  const ids: Record<string, string> = {}

  beforeAll(async () => {
    const { url } = servers.one
    admin = await signUp(url, 'admin')
    await makeAdmin(servers.one, admin)
    ada = await signUp(url, 'ada')
    bob = await signUp(url, 'bob')

    ids['document'] = (await ada.run(createDocument, { input: { name: '=Tides' } })).createDocument.document.id
    const writes = hostile.map((text, index) => ({ path: `${text || 'empty'} ${index}`, value: [text, { text, number: -1 - index }] }))
    const more = [
      { path: 'null', value: null },
      { path: 'number', value: -1.5 },
      { path: 'gone', delete: true },
    ]
    await ada.run(pushDelta, { input: { documentId: ids['document'], clientId: 'client', clock: { client: 1 }, writes: [...writes, ...more] } })

    const items = hostile.map((text, index) => ({ collection: '=sums', key: `${text}#${index}`, value: text }))
    await ada.run(putRecords, { input: { items: [...items, { collection: 'plain', key: 'number', value: 12 }] } })
    await ada.run(deleteRecord, { input: { collection: 'plain', key: 'number' } })
    await bob.run(putRecords, { input: { items: [{ collection: 'plain', key: 'k', value: { of: 'bob' } }] } })

    ids['folder'] = (await ada.run(createFolder, { input: { name: '+Folder' } })).createFolder.folder.id
    const note = await ada.run(createNote, { input: { folderId: ids['folder'], title: '=1+1', content: hostile.join('|'), tags: ['a,b', '"c"'] } })
    ids['note'] = note.createNote.note.id
    const sealed = { encryptedTitle: cipher, encryptedContent: cipher, iv: 'iv', salt: 'salt' }
    ids['sealed'] = (await bob.run(createNote, { input: sealed })).createNote.note.id
    const attachment = {
      noteId: ids['note'],
      mimeType: 'text/plain',
      encryptedData: Buffer.from('the attached bytes').toString('base64'),
      iv: 'i',
      salt: 's',
    }
    ids['attachment'] = (await ada.run(addAttachment, { input: attachment })).addAttachment.attachment.id

    ids['chat'] = (await ada.run(createChat, { input: { title: '@chat', memberIds: [admin.id], historyVisible: false } })).createChat.chat.id
    const send = async (content: string) => (await ada.run(sendMessage, { input: { chatId: String(ids['chat']), content } })).sendMessage.message.id
    ids['first'] = await send('before bob came')
    await ada.run(addChatMembers, { input: { chatId: ids['chat'], userIds: [bob.id] } })
    for (const text of hostile) await send(`${text} words`)
    ids['edited'] = await send('first words')
    await ada.run(editMessage, { input: { id: ids['edited'], content: '=other words' } })
    ids['deleted'] = await send('what nobody may read any more')
    await ada.run(deleteMessage, { input: { id: ids['deleted'] } })

    const vaultKey = { vaultId: 'vault', encryptedVaultKey: cipher, salt: 's', nonce: 'n', encryptedName: cipher }
    await ada.run(storeVaultKey, { input: vaultKey })
    const logs = [1, 2, 3].map(n => ({ encryptedData: cipher, nonce: `nonce ${n}`, haexTimestamp: `2026-01-0${n}` }))
    await ada.run(pushVaultLogs, { input: { vaultId: 'vault', logs } })
  })

  const of = (rows: readonly Row[], type: string) => rows.filter(row => row['type'] === type)

  test.each(kinds)('%s are the same in each format, and both ways of downloading', async kind => {
    const texts: Row[][] = []
    for (const format of formats) texts.push(await exported(admin.at(servers.other.url), { kind, format }))
    const [json, ndjson, csv] = texts as [Row[], Row[], Row[]]
    expect(json.length).toBeGreaterThan(0)
    // Each export is in the log itself, so the log is longer each time.
    if (kind === 'AUDIT') for (const rows of [ndjson, csv]) expect(rows.slice(0, json.length)).toEqual(json)
    else for (const rows of [ndjson, csv]) expect(rows).toEqual(json)
    expect(new Set(json.map(row => row['id'] ?? `${row['documentId'] ?? row['chatId']} ${row['path'] ?? row['userId']}`)).size).toBe(json.length)
  })

  test('hold what is there', async () => {
    const users = await exported(admin, { kind: 'USERS', format: 'CSV' })
    expect(users.map(row => row['email']).sort()).toEqual([admin, ada, bob].map(({ email }) => email).sort())

    const documents = await exported(admin, { kind: 'DOCUMENTS', format: 'CSV' })
    expect(of(documents, 'Document')).toEqual([expect.objectContaining({ id: ids['document'], name: '=Tides' })])
    const fields = new Map(of(documents, 'DocumentField').map(row => [row['path'], row]))
    for (const [index, text] of hostile.entries())
      expect(fields.get(`${text || 'empty'} ${index}`)?.['value']).toEqual([text, { text, number: -1 - index }])
    expect(fields.get('number')).toMatchObject({ value: -1.5, deleted: false, clientId: 'client' })
    expect(fields.get('gone')).toMatchObject({ deleted: true })

    const records = await exported(admin, { kind: 'RECORDS', format: 'CSV' })
    const byKey = new Map(records.map(row => [row['key'], row]))
    for (const [index, text] of hostile.entries())
      expect(byKey.get(`${text}#${index}`)).toMatchObject({ value: text, collection: '=sums', ownerId: ada.id })
    expect(byKey.get('number')).toEqual(expect.objectContaining({ deletedAt: expect.any(String) }))
    expect(byKey.get('number')).not.toHaveProperty('value')
    expect(records).toHaveLength(hostile.length + 2)

    const notes = await exported(admin, { kind: 'NOTES', format: 'CSV' })
    expect(of(notes, 'Note')).toEqual([
      expect.objectContaining({
        id: ids['note'],
        title: '=1+1',
        content: hostile.join('|'),
        folder: '+Folder',
        folderId: ids['folder'],
        tags: ['a,b', '"c"'],
      }),
      expect.objectContaining({ id: ids['sealed'], encryptedTitle: cipher, encryptedContent: cipher, iv: 'iv', salt: 'salt', tags: [] }),
    ])
    expect(of(notes, 'Attachment')).toEqual([expect.objectContaining({ id: ids['attachment'], noteId: ids['note'], sizeBytes: 18 })])
    expect(of(notes, 'Folder').map(row => row['name'])).toContain('+Folder')

    const chats = await exported(admin, { kind: 'CHATS', format: 'CSV' })
    expect(of(chats, 'Chat')).toEqual([expect.objectContaining({ id: ids['chat'], title: '@chat' })])
    expect(new Map(of(chats, 'ChatMember').map(row => [row['userId'], row['access']]))).toEqual(
      new Map([
        [ada.id, 'ADMIN'],
        [admin.id, 'WRITE'],
        [bob.id, 'WRITE'],
      ]),
    )
    const messages = of(chats, 'Message')
    expect(messages.map(row => row['number'])).toEqual(messages.map((_, index) => index + 1))
    expect(messages.find(row => row['id'] === ids['edited'])).toMatchObject({ content: '=other words', editedAt: expect.any(String) })
    expect(messages.find(row => row['id'] === ids['deleted'])).not.toHaveProperty('content')
    expect(JSON.stringify(chats)).not.toContain('what nobody may read any more')

    const vaults = await exported(admin, { kind: 'VAULTS', format: 'CSV' })
    expect(of(vaults, 'Vault')).toEqual([expect.objectContaining({ vaultId: 'vault', ownerId: ada.id, encryptedVaultKey: cipher, headSequence: 3 })])
    expect(of(vaults, 'VaultLog').map(row => [row['sequence'], row['nonce']])).toEqual([1, 2, 3].map(n => [n, `nonce ${n}`]))
  })

  test('defuse formulas, and nothing else, in text', async () => {
    const { downloadUrl } = await readyExport(admin, { kind: 'RECORDS', format: 'CSV', userId: ada.id })
    const text = await download(admin, downloadUrl)
    expect(text.startsWith('type,id,collectionId,collection,ownerId,key,value,version,updatedAt,deletedAt,expiresAt\r\n"Record","rec_')).toBe(true)
    const cells = rowsOf('CSV', text).length
    expect(cells).toBe(hostile.length + 1)
    for (const [index, given] of hostile.entries()) {
      const isFormula = /^'*[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u.test(given) || /^[\t\r\n]/.test(given)
      const key = `${isFormula ? "'" : ''}${given}#${index}`.replaceAll('"', '""')
      expect(text).toContain(`"${key}",`)
    }
    // As a spreadsheet finds its cells: none begins like a formula, but those that are numbers.
    for (const cell of (parse(text) as string[][]).flat())
      expect(cell).not.toMatch(/^[\s\p{Cc}\p{Cf}]*[=@＝＋－＠]|^[+-](?!\d+(?:\.\d+)?$)|^[\t\r\n]/u)
  })

  test('are limited to one user, and to what changed', async () => {
    const limited = async (kind: ExportKind, userId: string, since?: string) =>
      exported(admin, { kind, format: 'NDJSON', userId, ...(since && { since }) })
    expect((await limited('USERS', bob.id)).map(row => row['id'])).toEqual([bob.id])
    expect(await limited('DOCUMENTS', bob.id)).toEqual([])
    expect(of(await limited('DOCUMENTS', ada.id), 'DocumentField')).toHaveLength(hostile.length + 3)
    expect((await limited('RECORDS', bob.id)).map(row => row['value'])).toEqual([{ of: 'bob' }])
    expect(of(await limited('NOTES', bob.id), 'Note').map(row => row['id'])).toEqual([ids['sealed']])
    expect(of(await limited('NOTES', ada.id), 'Attachment')).toHaveLength(1)
    expect(of(await limited('NOTES', bob.id), 'Attachment')).toEqual([])
    expect(of(await limited('VAULTS', ada.id), 'VaultLog')).toHaveLength(3)
    expect(await limited('VAULTS', bob.id)).toEqual([])
    const [adas, bobs] = [await limited('CHATS', ada.id), await limited('CHATS', bob.id)].map(rows => of(rows, 'Message').map(row => row['id']))
    expect(adas).toContain(ids['first'])
    expect(bobs).toEqual(adas?.filter(id => id !== ids['first']))
    for (const row of await limited('AUDIT', bob.id)) expect([row['actorId'], row['target']]).toContain(bob.id)

    const since = new Date().toISOString()
    await bob.run(putRecords, { input: { items: [{ collection: 'plain', key: 'later', value: 1 }] } })
    expect((await limited('RECORDS', bob.id, since)).map(row => row['key'])).toEqual(['later'])
    expect((await exported(admin, { kind: 'RECORDS', format: 'CSV', since })).map(row => row['key'])).toEqual(['later'])
    expect(await exported(admin, { kind: 'DOCUMENTS', format: 'JSON', since })).toEqual([])
  })

  test('tell how they are: the state first, then each change up to the end, on another node too', async () => {
    const { id, status, progress, createdBy } = (await admin.run(createExport, { input: { kind: 'USERS', format: 'JSON' } })).createExport.export
    expect({ status, progress, createdBy }).toEqual({ status: 'RUNNING', progress: 0, createdBy: { id: admin.id } })
    await using feed = await followFeed(servers.other.wsUrl, admin.accessToken, exportProgress, { id }, data => data.exportProgress)
    expect(await feed.ended()).toBe('complete')
    const last = feed.items.at(-1)
    expect(last).toMatchObject({ status: 'READY', progress: 1, rowCount: 3, error: null })
    expect(feed.items.slice(0, -1).every(item => item.status === 'RUNNING' && item.progress < 1)).toBe(true)
    expect(rowsOf('JSON', await download(servers.other, last?.downloadUrl))).toHaveLength(3)
    // Whoever comes later gets the end alone.
    await using late = await followFeed(servers.one.wsUrl, admin.accessToken, exportProgress, { id }, data => data.exportProgress)
    expect(await late.ended()).toBe('complete')
    expect(late.items.map(item => item.status)).toEqual(['READY'])
    expect((await admin.run(exportNode, { id })).node).toEqual({ id, kind: 'USERS', status: 'READY' })
    const page = (await admin.run(exports, { first: 1 })).exports
    expect(page.nodes.map(node => node.id)).toEqual([id])
    const next = (await admin.run(exports, { first: 500, after: page.pageInfo.endCursor })).exports
    expect(next.nodes.every(node => node.id < id)).toBe(true)
    const { nodes } = (await admin.run(auditOf, { action: 'export-created' })).auditLog
    expect(nodes.find(node => node.target === id)).toMatchObject({ details: { kind: 'USERS', format: 'JSON' } })
  })

  test('are started once for each key, and refused where they make no sense', async () => {
    const input = { kind: 'USERS', format: 'CSV', idempotencyKey: 'the same export' } as const
    const first = (await admin.run(createExport, { input })).createExport.export.id
    expect((await admin.at(servers.other.url).run(createExport, { input })).createExport.export.id).toBe(first)
    expect(await codeOf(admin.ask(createExport, { input: { ...input, format: 'JSON' } }))).toBe('IDEMPOTENCY_MISMATCH')
    const refused = (more: object) => refusalOf(admin.ask(createExport, { input: { kind: 'USERS', format: 'CSV', ...more } }))
    expect(await refused({ userId: 'user_nobody' })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.userId' })
    expect(await refused({ since: new Date(Date.now() + 60_000).toISOString() })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.since' })
    expect(await refusalOf(admin.ask(exports, { after: 'nonsense' }))).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
    expect((await admin.run(exportOf, { id: 'exp_none' })).export).toBeNull()
    const gone = followFeed(servers.one.wsUrl, admin.accessToken, exportProgress, { id: 'exp_none' }, data => data.exportProgress)
    expect(await codeOf(gone.then(feed => feed.ended().then(code => Promise.reject(new Error(code)))))).toBe('NOT_FOUND')
  })

  test('are nobody else’s business', async () => {
    const { id } = await readyExport(admin, { kind: 'USERS', format: 'CSV' })
    expect(await codeOf(ada.ask(createExport, { input: { kind: 'USERS', format: 'CSV', userId: ada.id } }))).toBe('FORBIDDEN')
    expect(await codeOf(ada.ask(exportOf, { id }))).toBe('FORBIDDEN')
    expect(await codeOf(ada.ask(exports, {}))).toBe('FORBIDDEN')
    expect((await ada.run(exportNode, { id })).node).toBeNull()
  })

  test('are for administrators by key as well, who have no account', async () => {
    const headers = { 'x-admin-api-key': key, 'content-type': 'application/json' }
    const ask = async (query: string) =>
      (await (await fetch(servers.one.url, { method: 'POST', headers, body: JSON.stringify({ query }) })).json()) as never
    const made: { data: { createExport: { export: { id: string; createdBy: null } } } } = await ask(
      'mutation { createExport(input: { kind: AUDIT, format: NDJSON, idempotencyKey: "the same export" }) { export { id createdBy { id } } } }',
    )
    const { id, createdBy } = made.data.createExport.export
    expect(createdBy).toBeNull()
    await readyExport(admin, { kind: 'USERS', format: 'CSV' })
    const { data }: { data: { node: { downloadUrl: string; status: string } } } = await ask(
      `{ node(id: "${id}") { ... on Export { status downloadUrl } } }`,
    )
    expect(data.node.status).toBe('READY')
    expect(rowsOf('NDJSON', await download(servers.one, data.node.downloadUrl)).length).toBeGreaterThan(3)
    expect((await admin.run(auditOf, { action: 'export-downloaded' })).auditLog.nodes[0]?.target).toBe(id)
  })
})
