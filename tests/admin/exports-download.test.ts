import { createHmac, hkdfSync } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { Client as Database } from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { putRecords } from '../collections/operations.ts'
import { startBrowser } from '../harness/browser.ts'
import { type Client, clientOf, makeAdmin, type Person, password, signUp, useServers } from '../harness/client.ts'
import { environmentOf, modes } from '../harness/modes.ts'
import { startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { storeVaultKey } from '../vaults/operations.ts'
import { issueToken, revokeSession, revokeToken, rotateTokens, setRole } from './accounts-operations.ts'
import { auditOf, exportOf } from './exports-operations.ts'
import { download, rawBytes, readyExport, rowsOf } from './exports-world.ts'

const adminKey = 'the key of administrators, for tests only'
const adminPassword = 'the password of administrators'
const secret = 'a secret of the tests, and of nothing else at all'
const env = { ADMIN_API_KEY: adminKey, ADMIN_USERNAME: 'root', ADMIN_PASSWORD: adminPassword, JWT_SECRET: secret }

describe.each(modes)('what is exported over HTTP, %s', mode => {
  const servers = useServers(mode, { nodes: 2, env })
  let admin: Person
  let ada: Person
  beforeAll(async () => {
    admin = await signUp(servers.one.url, 'admin')
    await makeAdmin(servers.one, admin)
    ada = await signUp(servers.one.url, 'ada')
    const items = Array.from({ length: 3_000 }, (_, index) => ({
      collection: `c${index % 7 === 0}`,
      key: `${index}`,
      value: { text: `${index} ${'y'.repeat(200)}` },
    }))
    await ada.run(putRecords, { input: { items } })
    await ada.run(storeVaultKey, { input: { vaultId: 'v', encryptedVaultKey: 'QQ==', salt: 's', nonce: 'n' } })
  })
  const at = (path: string) => new URL(path, servers.one.url).href
  const asAdmin = { 'x-admin-api-key': adminKey }

  test('links hold as long as they say, as they were made', async () => {
    const { id, downloadUrl, expiresAt } = await readyExport(admin, { kind: 'RECORDS', format: 'NDJSON' })
    expect(rowsOf('NDJSON', await download(servers.other, downloadUrl))).toHaveLength(3_000)
    const link = new URL(String(downloadUrl), servers.one.url)
    expect(Number(link.searchParams.get('expires'))).toBeLessThanOrEqual(Date.parse(String(expiresAt)))

    const signed = (of: string, user: string, proof: string, expires: string) => {
      const key = new Uint8Array(hkdfSync('sha256', secret, '', 'tidemark/export-download', 32))
      const path = `/exports/${of}?${new URLSearchParams({ user, by: 'session', proof, expires })}`
      return at(`${path}&signature=${createHmac('sha256', key).update(path).digest('base64url')}`)
    }
    const later = String(Date.now() + 60_000)
    expect((await rawBytes(signed(id, admin.id, admin.sessionId, later))).status).toBe(200)
    const refused = async (url: string, status = 403) => {
      const { status: got, bytes } = await rawBytes(url)
      expect(got).toBe(status)
      expect(JSON.parse(bytes.toString())).toMatchObject({ errors: [{ extensions: { code: status === 403 ? 'FORBIDDEN' : 'NOT_FOUND' } }] })
    }
    await refused(signed(id, admin.id, admin.sessionId, String(Date.now() - 1)))
    await refused(signed(id, ada.id, ada.sessionId, later))
    await refused(signed(id, admin.id, ada.sessionId, later))
    await refused(signed(id, 'user_nobody', admin.sessionId, later))
    await refused(signed('exp_0191f000-0000-7000-8000-000000000000', admin.id, admin.sessionId, later), 404)
    const forged = (name: string, value: string) => {
      const copy = new URL(link)
      copy.searchParams.set(name, value)
      return copy.href
    }
    await refused(forged('expires', later))
    await refused(forged('user', ''))
    await refused(forged('by', 'api-key'))
    await refused(forged('proof', ada.sessionId))
    await refused(forged('signature', ''))
    await refused(forged('signature', Buffer.alloc(32).toString('base64url')))
    await refused(at(`/exports/${id}`))
  })

  test('HEAD tells what GET would, and notes no download', async () => {
    const { id, downloadUrl, sizeBytes } = await readyExport(admin, { kind: 'USERS', format: 'CSV' })
    const response = await fetch(at(String(downloadUrl)), { method: 'HEAD', headers: { 'accept-encoding': 'identity' } })
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': String(sizeBytes),
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': expect.stringMatching(/^attachment; filename="users-\d{4}-\d{2}-\d{2}\.csv"$/),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    const noted = async () => (await admin.run(auditOf, { action: 'export-downloaded' })).auditLog.nodes.filter(({ target }) => target === id).length
    expect(await noted()).toBe(0)
    await download(servers.one, downloadUrl)
    expect(await noted()).toBe(2)
  })

  test('scripts get it at once, with each proof of an administrator', async () => {
    const proofs = [
      asAdmin,
      { authorization: `Basic ${Buffer.from(`root:${adminPassword}`).toString('base64')}` },
      { authorization: `Bearer ${admin.accessToken}` },
    ]
    for (const headers of proofs) {
      const users = await rawBytes(at('/admin/export/users.json'), headers)
      expect(users.headers['content-encoding']).toBeUndefined()
      expect(rowsOf('JSON', users.bytes.toString()).map(row => row['id'])).toEqual([admin.id, ada.id])
    }
    const plain = await rawBytes(at('/admin/export/data.json'), asAdmin)
    const packed = await rawBytes(at('/admin/export/data.json'), { ...asAdmin, 'accept-encoding': 'br;q=1, gzip;q=0.5' })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 4)
    const [data, same] = [plain.bytes, gunzipSync(packed.bytes)].map(bytes => JSON.parse(bytes.toString()) as Record<string, unknown[]>)
    expect(Object.keys(data ?? {})).toEqual(['users', 'documents', 'records', 'notes', 'chats', 'vaults', 'audit'])
    expect(data?.['records']).toHaveLength(3_000)
    for (const kind of ['users', 'records', 'vaults']) expect(same?.[kind]).toEqual(data?.[kind])
    const audit = rowsOf('CSV', (await rawBytes(at('/admin/export/audit.csv'), asAdmin)).bytes.toString())
    expect(audit.map(row => row['seq'])).toEqual(audit.map((_, index) => index + 1))
    expect(audit.filter(row => row['action'] === 'export-streamed').at(-1)).toMatchObject({ target: '/admin/export/audit.csv', actorBy: 'api-key' })
  })

  test('limits are the same in the address', async () => {
    const get = async (query: object) => rawBytes(at(`/admin/export/data.json?${new URLSearchParams({ ...query })}`), asAdmin)
    const mine = JSON.parse((await get({ userId: admin.id })).bytes.toString()) as Record<string, { id: string }[]>
    expect(mine['users']?.map(({ id }) => id)).toEqual([admin.id])
    expect(mine['records']).toEqual([])
    // Several pages of several collections.
    const adas = JSON.parse((await get({ userId: ada.id })).bytes.toString()) as Record<string, { key: string }[]>
    expect(new Set(adas['records']?.map(({ key }) => key)).size).toBe(3_000)
    expect(adas['records']).toHaveLength(3_000)
    const since = new Date().toISOString()
    await ada.run(putRecords, { input: { items: [{ collection: 'c', key: 'later', value: 1 }] } })
    expect((JSON.parse((await get({ since })).bytes.toString()) as Record<string, unknown[]>)['records']).toHaveLength(1)
    const wrong: [object, string][] = [
      [{ userId: 'user_nobody' }, 'userId'],
      [{ userId: '\0' }, 'userId'],
      [{ since: 'yesterday' }, 'since'],
      [{ since: '2026-02-31T99:00:00Z' }, 'since'],
      [{ since: new Date(Date.now() + 60_000).toISOString() }, 'since'],
    ]
    for (const [query, field] of wrong) {
      const { status, bytes } = await get(query)
      expect({ status, body: JSON.parse(bytes.toString()) }).toMatchObject({
        status: 400,
        body: { errors: [{ extensions: { code: 'BAD_USER_INPUT', field } }] },
      })
    }
  })

  test('strangers get nothing', async () => {
    for (const file of ['users.json', 'data.json', 'audit.csv']) {
      const refusal = async (headers: Record<string, string>) => {
        const { status, bytes } = await rawBytes(at(`/admin/export/${file}`), headers)
        return [status, (JSON.parse(bytes.toString()) as { errors: [{ extensions: { code: string } }] }).errors[0].extensions.code]
      }
      expect(await refusal({})).toEqual([401, 'UNAUTHENTICATED'])
      expect(await refusal({ authorization: `Bearer ${ada.accessToken}` })).toEqual([403, 'FORBIDDEN'])
      expect(await refusal({ authorization: 'Bearer nonsense' })).toEqual([401, 'UNAUTHENTICATED'])
      expect(await refusal({ 'x-admin-api-key': `${adminKey}.` })).toEqual([401, 'UNAUTHENTICATED'])
      expect(await refusal({ authorization: `Basic ${Buffer.from('root:wrong').toString('base64')}` })).toEqual([401, 'UNAUTHENTICATED'])
    }
    expect((await rawBytes(at('/admin/export/other.json'), asAdmin)).status).toBe(404)
    expect((await rawBytes(at('/admin/export/constructor'), asAdmin)).status).toBe(404)
  })

  test('no secret is in any of it', async () => {
    const { bytes } = await rawBytes(at('/admin/export/data.json'), asAdmin)
    const text = bytes.toString()
    for (const word of [password, '$argon2', admin.accessToken, admin.refreshToken, ada.refreshToken, adminKey, adminPassword, secret])
      expect(text.includes(word)).toBe(false)
    expect(text).not.toMatch(/passwordHash|password_hash|refreshHash|signingKey/)
  })

  test('links end with the session or the token that asked for them', async () => {
    const keeper = clientOf(servers.one.url, null, asAdmin)
    const other = await signUp(servers.one.url, 'other')
    await admin.run(setRole, { input: { userId: other.id, role: 'ADMIN' } })
    const issue = async () => (await admin.run(issueToken, { input: { userId: other.id } })).issueToken
    const [kept, revoked, rotated] = [await issue(), await issue(), await issue()]
    const { id } = await readyExport(admin, { kind: 'USERS', format: 'JSON' })
    const linkOf = async (client: Client) => String((await client.run(exportOf, { id })).export?.downloadUrl)
    const statusOf = async (link: string, url = servers.other.url) => (await rawBytes(new URL(link, url).href)).status
    const over = (link: string) =>
      until('the end of the link on both nodes', async () => (await statusOf(link)) === 403 && (await statusOf(link, servers.one.url)) === 403)
    const links = {
      session: await until('the role', () => linkOf(other).catch(() => null)),
      kept: await linkOf(clientOf(servers.one.url, kept.token)),
      revoked: await linkOf(clientOf(servers.one.url, revoked.token)),
      rotated: await linkOf(clientOf(servers.one.url, rotated.token)),
      key: await linkOf(keeper),
    }
    for (const link of Object.values(links)) expect(await statusOf(link)).toBe(200)
    await keeper.run(revokeToken, { input: { jti: revoked.jti } })
    await over(links.revoked)
    await keeper.run(revokeSession, { input: { id: other.sessionId } })
    await over(links.session)
    for (const link of [links.kept, links.rotated]) expect(await statusOf(link)).toBe(200)
    await keeper.run(rotateTokens, { input: { userId: other.id } })
    for (const link of [links.kept, links.rotated]) await over(link)
    expect(await statusOf(links.key)).toBe(200)
  })
})

describe('an export that breaks off', () => {
  test('ends the connection, so that nobody takes it for whole; and a reader who goes away ends the reading', { timeout: 240_000 }, async () => {
    await using environment = await environmentOf('postgres')
    await using server = await startServer({ ...environment.env, ADMIN_API_KEY: adminKey, CLEANUP_INTERVAL_MS: '50' })
    const admin = await signUp(server.url, 'admin')
    await makeAdmin(server, admin)
    await using stack = new AsyncDisposableStack()
    const database = new Database({ connectionString: environment.env['DATABASE_URL'] })
    await database.connect()
    stack.defer(() => database.end())
    await database.query(`
      insert into collections values ('col_big', '${admin.id}', 'big', now());
      insert into records (id, collection_id, key, value, version, updated_at)
      select 'rec_' || n, 'col_big', n::text, to_jsonb(noise), 1, now()
      from (select n, string_agg(md5(random()::text), '') noise from generate_series(1, 10000) n, generate_series(1, 100) group by n) rows`)

    /** The first bytes, and no more until `read` is called. */
    const open = async (path: string, headers: Record<string, string> = {}) => {
      const sent = request(new URL(path, server.url), { headers: { 'x-admin-api-key': adminKey, ...headers } })
      sent.end()
      const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage]
      await once(response, 'readable')
      const read = async () => {
        let size = 0
        for await (const chunk of response) size += (chunk as Buffer).length
        return size
      }
      return { sent, read }
    }

    for (const headers of [{}, { 'accept-encoding': 'gzip' }] as const) {
      const { read } = await open('/admin/export/data.json', headers)
      await database.query('alter table vault_logs rename to hidden_logs')
      await expect(read()).rejects.toThrow('aborted')
      await database.query('alter table hidden_logs rename to vault_logs')
    }

    // There are places for 20 at once: whoever leaves gives theirs back.
    const readers = await Promise.all(Array.from({ length: 20 }, () => open('/admin/export/data.json')))
    const full = await rawBytes(new URL('/admin/export/users.json', server.url).href, { 'x-admin-api-key': adminKey })
    expect(JSON.parse(full.bytes.toString())).toMatchObject({ errors: [{ extensions: { code: 'TOO_MANY_CONNECTIONS' } }] })
    for (const { sent } of readers) sent.destroy()
    await until('a free place', async () => {
      const { status } = await rawBytes(new URL('/admin/export/users.json', server.url).href, { 'x-admin-api-key': adminKey })
      return status === 200
    })

    // A browser unpacks all parts, and not the first alone.
    const whole = await readyExport(admin, { kind: 'RECORDS', format: 'NDJSON' })
    const browser = await startBrowser()
    stack.defer(() => browser.close())
    const page = await browser.newPage()
    await page.goto(server.url)
    const lines = await page.evaluate(async url => (await (await fetch(url)).text()).split('\n').length - 1, String(whole.downloadUrl))
    expect(lines).toBe(10_000)

    // A session that is ended takes along what is under way by its links.
    const thief = await signUp(server.url, 'thief')
    await admin.run(setRole, { input: { userId: thief.id, role: 'ADMIN' } })
    const stolen = String((await thief.run(exportOf, { id: whole.id })).export?.downloadUrl)
    const running = await open(stolen)
    await admin.run(revokeSession, { input: { id: thief.sessionId } })
    await expect(running.read()).rejects.toThrow('aborted')

    // One that is deleted ends at once for who reads it, and leaves nothing behind.
    const { read } = await open(String(whole.downloadUrl))
    await database.query(`update exports set expires_at = now() - interval '1 second' where id = '${whole.id}'`)
    await until('nothing of it', async () => (await database.query(`select from export_parts where export_id = '${whole.id}'`)).rowCount === 0)
    await expect(read()).rejects.toThrow('aborted')
    expect((await rawBytes(new URL(String(whole.downloadUrl), server.url).href)).status).toBe(404)
  })

  test('administrators may come from where they may only', async () => {
    await using environment = await environmentOf('embedded')
    const all = { ...environment.env, ADMIN_API_KEY: adminKey, TRUSTED_PROXIES: '127.0.0.1' }
    await using server = await startServer({ ...all, ADMIN_IP_ALLOWLIST: '127.0.0.1,10.0.0.0/8' })
    const made = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-admin-api-key': adminKey },
      body: JSON.stringify({ query: 'mutation { createExport(input: { kind: USERS, format: JSON }) { export { id } } }' }),
    })
    const { id } = ((await made.json()) as { data: { createExport: { export: { id: string } } } }).data.createExport.export
    const link = await until('the link', async () => {
      const asked = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-admin-api-key': adminKey },
        body: JSON.stringify({ query: `{ export(id: "${id}") { downloadUrl } }` }),
      })
      return ((await asked.json()) as { data: { export: { downloadUrl: string | null } } }).data.export.downloadUrl
    })
    const from = (path: string, ip: string) => rawBytes(new URL(path, server.url).href, { 'x-forwarded-for': ip, 'x-admin-api-key': adminKey })
    for (const path of [link, '/admin/export/users.json']) {
      expect((await from(path, '10.1.2.3')).status).toBe(200)
      expect((await from(path, '192.0.2.1')).status).toBe(403)
    }
  })
})
