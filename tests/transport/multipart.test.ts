import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../harness/wait.ts'
import { type Answer, answerOf, ask, codesOf } from './ask.ts'
import { type SmallServer, startSmallServer } from './small-server.ts'

const maxFieldBytes = 64 * 1024
const maxFileBytes = 10 * 1024 * 1024

let server: SmallServer
beforeAll(async () => {
  server = await startSmallServer({ MAX_MESSAGE_BYTES: String(maxFieldBytes), CORS_ORIGINS: 'https://app.example.com' })
})
afterAll(() => server[Symbol.asyncDispose]())

const query = 'mutation ($file: Upload!) { take(file: $file) }'
const operations = JSON.stringify({ query, variables: { file: null } })
const map = '{"0":["variables.file"]}'
const authorized = { authorization: 'Bearer ann', 'graphql-require-preflight': '1' }
type Part = readonly [name: string, value: string | Blob]

function formOf(parts: readonly Part[]): FormData {
  const form = new FormData()
  for (const [name, value] of parts) form.append(name, value as string)
  return form
}

const post = async (parts: readonly Part[], headers: Record<string, string> = authorized): Promise<Answer> =>
  answerOf(await fetch(server.url, { method: 'POST', headers, body: formOf(parts) }))
const fileOf = (bytes: Uint8Array | string = 'some bytes') => new Blob([bytes as BlobPart])
const complete = (bytes?: Uint8Array | string): Part[] => [
  ['operations', operations],
  ['map', map],
  ['0', fileOf(bytes)],
]
const hashOf = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('base64')

/** Temporary files of uploads that this process, the server's, holds open or has left. */
function spooled(): string[] {
  const open = readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return []
    }
  })
  return [...open, ...readdirSync(tmpdir())].filter(name => name.includes('tidemark-upload-'))
}
const nothingSpooled = () => until('no temporary file is left', () => spooled().length === 0)

describe('a multipart request', () => {
  it.each([0, 1, 65_536, 1_000_001, maxFileBytes])('brings a file of %i bytes as it is', async size => {
    const bytes = randomBytes(size)
    expect((await post(complete(bytes))).data).toEqual({ take: `${size} ${hashOf(bytes)}` })
    await nothingSpooled()
  })

  it('brings what looks like a boundary, and one whose name and type mean nothing', async () => {
    const bytes = `\r\n--boundary--\r\n------\r\n${'\r\n--'.repeat(10_000)}`
    const form = formOf(complete().slice(0, 2))
    form.append('0', new File([bytes], '../../etc/passwd\0"\r\nx: y', { type: 'text/html' }))
    const answer = await answerOf(await fetch(server.url, { method: 'POST', headers: authorized, body: form }))
    expect(answer.data).toEqual({ take: `${Buffer.byteLength(bytes)} ${hashOf(bytes)}` })
  })

  it('finds its place deep in the variables', async () => {
    const deep = 'mutation ($holder: Holder, $file: Upload!) { take(file: $file, holder: $holder) }'
    const place: Part[] = [
      ['operations', JSON.stringify({ query: deep, variables: { holder: { title: 'x' }, file: null } })],
      ['map', map],
      ['0', fileOf()],
    ]
    expect((await post(place)).data).toEqual({ take: `10 ${hashOf('some bytes')}` })
  })

  it.each(['graphql-require-preflight', 'apollo-require-preflight'])('is taken with the header %s and no other', async name => {
    expect((await post(complete(), { authorization: 'Bearer ann', [name]: 'x' })).status).toBe(200)
    for (const other of ['x-requested-with', 'x-apollo-operation-name']) {
      const answer = await post(complete(), { authorization: 'Bearer ann', [other]: 'x' })
      expect([answer.status, codesOf(answer)]).toEqual([415, ['BAD_USER_INPUT']])
      expect(answer.text).toContain('graphql-require-preflight')
    }
  })

  it('may be sent by pages of listed origins only', async () => {
    const preflight = (origin: string) => fetch(server.url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })
    expect((await preflight('https://app.example.com')).headers.get('access-control-allow-headers')).toContain('graphql-require-preflight')
    expect((await preflight('https://evil.example.com')).headers.get('access-control-allow-headers')).toBeNull()
  })

  it('is no way to ask by GET', async () => {
    const answer = await answerOf(await fetch(server.url, { headers: { ...authorized, 'content-type': 'multipart/form-data; boundary=x' } }))
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT'])
  })

  const file: Part = ['0', fileOf()]
  const withMap = (text: string): Part[] => [['operations', operations], ['map', text], file]
  const withOperations = (text: string): Part[] => [['operations', text], ['map', map], file]
  const many = JSON.stringify(Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [index, ['variables.file']])))
  it.each<[string, Part[]]>([
    ['no file', complete().slice(0, 2)],
    ['no map', [['operations', operations], file]],
    ['no operations', [['map', map], file]],
    ['nothing', []],
    ['the map first', [['map', map], ['operations', operations], file]],
    ['the file first', [file, ['operations', operations], ['map', map]]],
    ['two files', [...complete(), ['1', fileOf()]]],
    ['two files of one name', [...complete(), file]],
    [
      'a file of another name',
      [
        ['operations', operations],
        ['map', map],
        ['1', fileOf()],
      ],
    ],
    [
      'text in place of the file',
      [
        ['operations', operations],
        ['map', map],
        ['0', 'text'],
      ],
    ],
    ['operations twice', [['operations', operations], ['operations', operations], ['map', map], file]],
    ['another field', [['operations', operations], ['map', map], ['more', 'x'], file]],
    ['a batch', withOperations(`[${operations}]`)],
    ['operations that are no JSON', withOperations('{')],
    ['operations that are text', withOperations('"x"')],
    ['operations that are null', withOperations('null')],
    ['operations without variables', withOperations(JSON.stringify({ query }))],
    ['operations with something in the place of the file', withOperations(JSON.stringify({ query, variables: { file: 1 } }))],
    ['a map that is no JSON', withMap('{"0":')],
    ['a map that is a list', withMap('[["variables.file"]]')],
    ['a map that is null', withMap('null')],
    ['an empty map', withMap('{}')],
    ['a map of 1,000 entries', withMap(many)],
    ['a map to two places', withMap('{"0":["variables.file","variables.file"]}')],
    ['a map to no place', withMap('{"0":[]}')],
    ['a map to a number', withMap('{"0":[1]}')],
    ['a map to text', withMap('{"0":"variables.file"}')],
    ['a map to the operation itself', withMap('{"0":["variables"]}')],
    ['a map out of the variables', withMap('{"0":["query"]}')],
    ['a map to what is not there', withMap('{"0":["variables.other"]}')],
    ['a map to a prototype', withMap('{"0":["variables.__proto__.polluted"]}')],
    ['a map to a prototype of the whole', withMap('{"0":["__proto__.polluted"]}')],
    ['a map to a constructor', withMap('{"0":["variables.constructor.prototype.polluted"]}')],
    ['a map whose key is __proto__', withMap('{"__proto__":["variables.file"]}')],
    [
      'a prototype of its own',
      [
        ['operations', `{"query":${JSON.stringify(query)},"variables":{"__proto__":{"polluted":null}}}`],
        ['map', '{"0":["variables.__proto__.polluted"]}'],
        file,
      ],
    ],
    ['a map of great depth', withMap(JSON.stringify({ 0: [`variables${'.x'.repeat(10_000)}`] }))],
  ])('with %s is refused with a code', async (_, parts) => {
    const answer = await post(parts)
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    await nothingSpooled()
  })

  it.each([
    ['no boundary', 'multipart/form-data; x=y', '--x\r\n'],
    ['no end', 'multipart/form-data; boundary=x', `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${operations}`],
    ['a file without an end', 'multipart/form-data; boundary=x', bodyOf('x', '\r\n--x--\r\n').slice(0, -20)],
    ['a header of a prototype', 'multipart/form-data; boundary=x', '--x\r\n__proto__: form-data; name="operations"\r\n\r\nx\r\n--x--\r\n'],
    [
      'headers without an end',
      'multipart/form-data; boundary=x',
      `--x\r\nContent-Disposition: form-data; name="operations"\r\n${'a: b\r\n'.repeat(5_000)}`,
    ],
    ['nothing of the kind', 'multipart/form-data; boundary=x', 'plain text'],
    ['no body', 'multipart/form-data; boundary=x', ''],
  ])('with %s is refused with a code', async (_, type, body) => {
    const answer = await answerOf(await fetch(server.url, { method: 'POST', headers: { ...authorized, 'content-type': type }, body }))
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']])
    await nothingSpooled()
  })

  it('starts no subscription, for which its file would have to stay', async () => {
    const subscription = JSON.stringify({ query: 'subscription { forever }', variables: { file: null } })
    const parts: Part[] = [['operations', subscription], ['map', map], file]
    expect((await post(parts, { ...authorized, accept: 'text/event-stream' })).text).toContain('BAD_USER_INPUT')
    expect(server.openSources.size).toBe(0)
    await nothingSpooled()
  })

  it('has to be in a request of its own kind: an Upload in JSON is refused', async () => {
    // The scalar of the whole API is shown with the attachments; here, that nothing is put in place.
    const answer = await ask(server.url, query, { file: null }, authorized)
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT'])
  })

  it.each([
    [
      'operations',
      [
        ['operations', operations + ' '.repeat(maxFieldBytes)],
        ['map', map],
        ['0', fileOf()],
      ],
    ],
    [
      'a map',
      [
        ['operations', operations],
        ['map', map + ' '.repeat(maxFieldBytes)],
        ['0', fileOf()],
      ],
    ],
    ['a file', complete(new Uint8Array(maxFileBytes + 1))],
    ['many parts', Array.from({ length: 5_000 }, (_, index): Part => [`p${index}`, ''])],
  ] as [string, Part[]][])('with %s above the limit is refused, and its client gets to read why', async (what, parts) => {
    const answer = await post(parts)
    expect([answer.status, codesOf(answer)]).toEqual(what === 'many parts' ? [400, ['BAD_USER_INPUT']] : [413, ['PAYLOAD_TOO_LARGE']])
    await nothingSpooled()
    expect((await ask(server.url, '{ hello }')).status).toBe(200)
  })

  it('is refused before its file is read when nobody is signed in', async () => {
    for (const [authorization, code] of [
      ['', 'UNAUTHENTICATED'],
      ['Bearer !TOKEN_EXPIRED', 'TOKEN_EXPIRED'],
    ] as const) {
      // The file never comes: the answer does not wait for it.
      const sent = request(server.url, {
        method: 'POST',
        headers: {
          'graphql-require-preflight': '1',
          accept: 'application/graphql-response+json',
          authorization,
          'content-type': 'multipart/form-data; boundary=x',
          'content-length': '5000000',
        },
      })
      sent.on('error', () => {})
      sent.write(bodyOf('x', ''))
      const [response] = await once(sent, 'response')
      expect(response.statusCode).toBe(401)
      const text = Buffer.concat(await response.toArray()).toString()
      expect(text).toContain(code)
      expect(spooled()).toEqual([])
      sent.destroy()
    }
  })

  it('that breaks off leaves nothing behind', async () => {
    for (let visit = 0; visit < 10; visit++) {
      const sent = request(server.url, {
        method: 'POST',
        headers: { ...authorized, 'content-type': 'multipart/form-data; boundary=x', 'content-length': '5000000' },
      })
      sent.on('error', () => {})
      sent.write(bodyOf('x', ''))
      sent.write(randomBytes(100_000))
      await until('the file is spooled', () => spooled().length > 0)
      await delay(visit)
      sent.destroy()
      await nothingSpooled()
    }
    expect((await post(complete())).status).toBe(200)
  })

  it('keeps its connection when it was refused', async () => {
    const answers: string[] = []
    const { Agent } = await import('node:http')
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const send = (body: Buffer) =>
      new Promise<number>((resolve, reject) => {
        const sent = request(
          server.url,
          { agent, method: 'POST', headers: { ...authorized, 'content-type': 'multipart/form-data; boundary=x' } },
          response => {
            answers.push(`${response.statusCode} ${sent.reusedSocket}`)
            response.resume().on('end', () => resolve(response.statusCode ?? 0))
          },
        )
        sent.on('error', reject)
        sent.end(body)
      })
    await send(Buffer.from(bodyOf('x', '\r\n--x--\r\n').replace('variables.file', 'variables.nothing')))
    await send(Buffer.from(bodyOf('x', '\r\n--x--\r\n')))
    expect(answers).toEqual(['400 false', '200 true'])
    agent.destroy()
  })

  it('finds so many at once of one user, and the next is told so', async () => {
    const headers = { ...authorized, 'content-type': 'multipart/form-data; boundary=x', 'content-length': '5000000' }
    const open = Array.from({ length: 10 }, () => {
      const sent = request(server.url, { method: 'POST', headers })
      sent.on('error', () => {})
      sent.write(bodyOf('x', ''))
      return sent
    })
    await until('all are spooled', () => spooled().filter(name => name.endsWith('(deleted)')).length === 10)
    const answer = await post(complete())
    expect([answer.status, codesOf(answer)]).toEqual([503, ['TOO_MANY_CONNECTIONS']])
    expect((await post(complete(), { ...authorized, authorization: 'Bearer bob' })).status).toBe(200)
    for (const sent of open) sent.destroy()
    await nothingSpooled()
    expect((await post(complete())).status).toBe(200)
  })
})

/** A request up to the end of its file, and what comes then. */
function bodyOf(boundary: string, end: string): string {
  const part = (name: string, value: string, more = '') => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}`
  return `${part('operations', operations)}\r\n${part('map', map)}\r\n${part('0', 'some bytes', '; filename="f"\r\nContent-Type: application/octet-stream')}${end}`
}
