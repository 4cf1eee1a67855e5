import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { beforeAll, describe, expect, test } from 'vitest'
import { logout } from '../accounts/operations.ts'
import { login } from '../audit/operations.ts'
import { type Client, clientOf, makeAdmin, type Person, password, refusalOf, signUp, useServers } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import { modes } from '../harness/modes.ts'
import { removeAccess, setAccess } from '../harness/operations.ts'
import { until } from '../harness/wait.ts'
import { answerOf, codesOf } from '../transport/ask.ts'
import { followNote, linkAttachment, removeAttachment } from './attachments-operations.ts'
import { newNote, sealed, uploaded } from './attachments-world.ts'
import { deleteNote } from './operations.ts'

const chunkBytes = 256 * 1024

describe.each(modes)('a download of an attachment on %s', mode => {
  const servers = useServers(mode, { nodes: 2, env: { DATABASE_POOL_SIZE: '3' } })
  let ann: Person
  let bob: Person
  let noteId: string
  let id: string
  const bytes = randomBytes(10 * 1024 * 1024)
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    bob = await signUp(servers.one.url, 'bob')
    noteId = await newNote(ann)
    id = (await uploaded(ann, { ...sealed, noteId }, bytes)).id
  })
  const linkOf = async (by: Client, attachmentId = id, more: { ttlSeconds?: number } = {}) => {
    const { node } = await by.run(linkAttachment, { id: attachmentId, ...more })
    if (!node || !('downloadUrl' in node)) throw new Error('There is no attachment.')
    return new URL(node.downloadUrl, servers.one.url)
  }
  const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer())
  const refused = async (url: URL, headers = {}) => {
    const answer = await answerOf(await fetch(url, { headers }))
    return [answer.status, ...codesOf(answer)]
  }
  const changed = (link: URL, change: Readonly<Record<string, string>>) => {
    const copy = new URL(link)
    for (const [name, value] of Object.entries(change)) copy.searchParams.set(name, value)
    return copy
  }

  test('gives its bytes without a token, by any node, and nothing that a browser would open', async () => {
    const link = await linkOf(ann)
    for (const node of [servers.one, servers.other]) {
      const response = await fetch(new URL(link.pathname + link.search, node.url))
      expect([response.status, (await bytesOf(response)).equals(bytes)]).toEqual([200, true])
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-length': String(bytes.length),
        'content-disposition': `attachment; filename="${id}"`,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'content-security-policy': expect.stringContaining('sandbox'),
        'referrer-policy': 'no-referrer',
      })
    }
    const head = await fetch(link, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), (await bytesOf(head)).length]).toEqual([200, String(bytes.length), 0])
    const post = await answerOf(await fetch(link, { method: 'POST' }))
    expect([post.status, codesOf(post)]).toEqual([404, ['NOT_FOUND']])
  })

  test('of nothing is empty', async () => {
    const empty = await uploaded(ann, { ...sealed, noteId }, '')
    const response = await fetch(await linkOf(ann, empty.id))
    expect([response.status, response.headers.get('content-length'), (await bytesOf(response)).length]).toEqual([200, '0', 0])
  })

  test.each<[string, number, number]>([
    ['bytes=0-0', 0, 1],
    ['bytes=0-', 0, bytes.length],
    ['bytes=5-9', 5, 10],
    [`bytes=${chunkBytes - 1}-${chunkBytes}`, chunkBytes - 1, chunkBytes + 1],
    [`bytes=${chunkBytes}-${3 * chunkBytes - 1}`, chunkBytes, 3 * chunkBytes],
    ['bytes=-7', bytes.length - 7, bytes.length],
    ['bytes=10485759-99999999999', bytes.length - 1, bytes.length],
    ['bytes=-99999999999', 0, bytes.length],
  ])('goes on with %s', async (range, start, end) => {
    const link = await linkOf(ann)
    const response = await fetch(link, { headers: { range, 'if-range': `"${id}"` } })
    expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end - 1}/${bytes.length}`])
    expect((await bytesOf(response)).equals(bytes.subarray(start, end))).toBe(true)
  })

  test('takes no other ranges: the whole is given, or it is said that there is no such part', async () => {
    const link = await linkOf(ann)
    for (const headers of [
      { range: 'bytes=1-2,4-5' },
      { range: 'bytes=9-5' },
      { range: 'lines=1-2' },
      { range: 'bytes=-' },
      { range: 'bytes=1-2', 'if-range': '"other"' },
    ]) {
      const response = await fetch(link, { method: 'HEAD', headers })
      expect([headers, response.status]).toEqual([headers, 200])
    }
    for (const range of ['bytes=10485760-', 'bytes=99999999999-', 'bytes=-0']) {
      const response = await fetch(link, { headers: { range } })
      expect([range, response.status, response.headers.get('content-range')]).toEqual([range, 416, 'bytes */10485760'])
    }
  })

  test('needs the link as it was given, and only as long as it holds', async () => {
    const link = await linkOf(ann)
    const other = await uploaded(ann, { ...sealed, noteId }, 'other')
    const changes: Record<string, string>[] = [
      { user: bob.id },
      { proof: bob.sessionId },
      { by: 'outside' },
      { user: '' },
      { expires: String(Date.now() + 10_000_000) },
      { expires: 'NaN' },
      { signature: '' },
      { signature: 'x'.repeat(43) },
      { signature: `${link.searchParams.get('signature')}AA` },
    ]
    for (const change of changes) expect([change, ...(await refused(changed(link, change)))]).toEqual([change, 403, 'FORBIDDEN'])
    for (const path of [`/attachments/${other.id}`, '/attachments/', '/attachments/%00', `/attachments/${id}/`, `/attachments/${'x'.repeat(9_000)}`])
      expect(await refused(new URL(path + link.search, link))).toEqual([403, 'FORBIDDEN'])
    expect(await refused(new URL(link.pathname, link))).toEqual([403, 'FORBIDDEN'])

    const short = await linkOf(ann, id, { ttlSeconds: 1 })
    expect((await fetch(short, { method: 'HEAD' })).status).toBe(200)
    await until('the link has ended', async () => (await refused(short))[0] === 403)
    for (const ttlSeconds of [0, -1, 3_601])
      expect(await refusalOf(ann.ask(linkAttachment, { id, ttlSeconds }))).toEqual({ code: 'BAD_USER_INPUT', field: 'ttlSeconds' })
  })

  test('is over at once for who lost access, also in the middle of it', async () => {
    await ann.run(setAccess, { input: { resourceId: noteId, userId: bob.id, access: 'READ' } })
    const link = await linkOf(bob)
    expect((await fetch(link, { method: 'HEAD' })).status).toBe(200)
    const [response] = (await once(get(link), 'response')) as [IncomingMessage]
    await once(response, 'readable')
    await ann.run(removeAccess, { input: { resourceId: noteId, userId: bob.id } })
    expect(await refused(link)).toEqual([404, 'NOT_FOUND'])
    let received = 0
    const cut = response.on('data', (chunk: Buffer) => {
      received += chunk.length
    })
    await expect(once(cut, 'end')).rejects.toThrow('aborted')
    expect(received).toBeLessThan(bytes.length)
  })

  test('ends, where the feed gave it, with the session that follows the feed, whoever of the same user follows it as well', async () => {
    const { login: second } = await clientOf(servers.one.url).run(login, { input: { email: ann.email, password } })
    const phone = clientOf(servers.one.url, second.accessToken)
    const watched = await newNote(ann)
    const follow = (by: Client) => followFeed(servers.one.wsUrl, by.accessToken, followNote, { id: watched }, data => data.noteChanges)
    await using onPhone = await follow(phone)
    await using onDesk = await follow(ann)
    await uploaded(ann, { ...sealed, noteId: watched }, 'some bytes')
    const statusOf = async (feed: typeof onDesk, count: number) => {
      const event = (await feed.got(count))[count - 1]
      const link = event && 'note' in event ? event.note?.attachments[0]?.downloadUrl : undefined
      return (await fetch(new URL(link ?? '', servers.one.url))).status
    }
    expect([await statusOf(onPhone, 2), await statusOf(onDesk, 2)]).toEqual([200, 200])
    await phone.run(logout, {})
    await onPhone.ended()
    expect([await statusOf(onPhone, 2), await statusOf(onDesk, 2)]).toEqual([403, 200])
    await uploaded(ann, { ...sealed, noteId: watched }, 'more bytes')
    expect(await statusOf(onDesk, 3)).toBe(200)
  })

  test('is over with the session that asked for it, also in the middle of it, and with no other', async () => {
    const { login: second } = await clientOf(servers.one.url).run(login, { input: { email: ann.email, password } })
    const phone = clientOf(servers.one.url, second.accessToken)
    const [link, kept] = [await linkOf(phone), await linkOf(ann)]
    expect(await refused(changed(link, { proof: ann.sessionId }))).toEqual([403, 'FORBIDDEN'])
    const [response] = (await once(get(link), 'response')) as [IncomingMessage]
    await once(response, 'readable')
    await phone.run(logout, {})
    await expect(response.toArray()).rejects.toThrow('aborted')
    for (const node of [servers.one, servers.other])
      await until('the end of the link', async () => (await refused(new URL(link.pathname + link.search, node.url)))[0] === 403)
    expect((await fetch(kept, { method: 'HEAD' })).status).toBe(200)
  })

  test('is over when the attachment or its note is gone', async () => {
    const note = await newNote(ann)
    const [first, second] = [await uploaded(ann, { ...sealed, noteId: note }, 'first'), await uploaded(ann, { ...sealed, noteId: note }, 'second')]
    const links = [await linkOf(ann, first.id), await linkOf(ann, second.id)]
    await ann.run(removeAttachment, { input: { id: first.id } })
    expect(await refused(links[0]!)).toEqual([404, 'NOT_FOUND'])
    await ann.run(deleteNote, { input: { id: note } })
    expect(await refused(links[1]!)).toEqual([404, 'NOT_FOUND'])
  })

  test('waits for its reader with nothing but memory, and there are ten for one user', async () => {
    const link = await linkOf(ann)
    const open = await Promise.all(Array.from({ length: 10 }, async () => (await once(get(link), 'response'))[0] as IncomingMessage))
    for (const response of open) expect(response.statusCode).toBe(200)
    // With 10 slow readers and 3 connections to the database, it still answers.
    expect((await linkOf(ann)).pathname).toBe(link.pathname)
    expect(await refused(link)).toEqual([503, 'TOO_MANY_CONNECTIONS'])
    const bobs = await newNote(bob)
    const of = await uploaded(bob, { ...sealed, noteId: bobs }, 'of bob')
    expect((await fetch(await linkOf(bob, of.id))).status).toBe(200)
    for (const response of open.slice(1)) response.destroy()
    const rest = Buffer.concat(await open[0]!.toArray())
    expect(rest.equals(bytes)).toBe(true)
    await until('there is room again', async () => {
      const response = await fetch(link)
      await response.body?.cancel()
      return response.status === 200
    })
  })
})

describe('links to attachments', () => {
  const env = { PUBLIC_URL: 'https://notes.example.org/api/', ADMIN_IP_ALLOWLIST: '127.0.0.0/8', TRUSTED_PROXIES: '127.0.0.1' }
  const servers = useServers('embedded', { env })

  test('begin with PUBLIC_URL where there is one, and work for administrators as long as they are', async () => {
    const [ann, admin] = [await signUp(servers.one.url, 'ann'), await signUp(servers.one.url, 'admin')]
    await makeAdmin(servers.one, admin)
    const { id } = await uploaded(ann, { ...sealed, noteId: await newNote(ann) }, 'some bytes')
    const { node } = await admin.run(linkAttachment, { id })
    const link = node && 'downloadUrl' in node ? node.downloadUrl : ''
    expect(link).toMatch(/^https:\/\/notes\.example\.org\/api\/attachments\/att_/)
    const url = new URL(link.replace('https://notes.example.org/api', ''), servers.one.url)
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([200, 'some bytes'])
    // From where nobody administers, they are a user like all others.
    expect((await fetch(url, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(404)
  })
})
