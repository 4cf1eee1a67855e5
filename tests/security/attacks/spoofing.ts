import { expect } from 'vitest'
import { answerOf, codesOf } from '../../transport/ask.ts'
import { openSocket } from '../../transport/raw-socket.ts'
import { type Attacks, adminAddress, statusesOf, type Target } from './target.ts'

/** With the right key, from the wrong place: no header may say that it is the right one. */
const fromElsewhere =
  (headers: Record<string, string>) =>
  async ({ strict, adminApiKey }: Target) => {
    const response = await fetch(strict.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-admin-api-key': adminApiKey, ...headers },
      body: JSON.stringify({ query: '{ viewer { id } }' }),
    })
    const answer = await answerOf(response)
    expect(codesOf(answer), answer.text).toEqual(['FORBIDDEN'])
  }

const evil = 'evil.example'

/** What is told about another host is not repeated, in no page and no link. */
const unheard =
  (headers: Record<string, string>) =>
  async ({ raw, attacker, server }: Target) => {
    const lines = Object.entries({ host: `127.0.0.1:${server.port}`, ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')
    const query = `{ node(id: "${attacker.has.att}") { ... on Attachment { downloadUrl } } }`
    const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\n${lines}${more}connection: close\r\n\r\n`
    const answers = await Promise.all([
      raw(get('/', 'accept: text/html\r\n')),
      raw(get('/graphql', 'accept: text/html\r\n')),
      raw(get('/setup')),
      raw(get('/nothing')),
      raw(get('/p/none')),
      raw(get('/admin')),
      raw(get(`/graphql?query=${encodeURIComponent(query)}`, `authorization: Bearer ${attacker.accessToken}\r\n`)),
    ])
    for (const answer of answers) expect(answer).not.toContain(evil)
    const asked = answers.at(-1) ?? ''
    if (statusesOf(asked)[0] === 200) expect(asked).toMatch(/"downloadUrl":"\/attachments\//)
  }

/** The way to an address is the one of the request line. */
const notRouted =
  (name: string) =>
  async ({ raw }: Target) => {
    for (const path of ['/metrics', '/health', '/graphql']) {
      const answer = await raw(`GET /nothing HTTP/1.1\r\nhost: a\r\n${name}: ${path}\r\nconnection: close\r\n\r\n`)
      expect(statusesOf(answer)).toEqual([404])
    }
  }

export const spoofing: Attacks = {
  'the administrators’ address in X-Forwarded-For': fromElsewhere({ 'x-forwarded-for': adminAddress }),
  'the administrators’ address first of several': fromElsewhere({ 'x-forwarded-for': `${adminAddress}, 127.0.0.1` }),
  'the administrators’ address last of several': fromElsewhere({ 'x-forwarded-for': `127.0.0.1, ${adminAddress}` }),
  'the administrators’ address in Forwarded': fromElsewhere({ forwarded: `for=${adminAddress};proto=https` }),
  'the administrators’ address in X-Real-IP': fromElsewhere({ 'x-real-ip': adminAddress }),
  'the administrators’ address in X-Client-IP': fromElsewhere({ 'x-client-ip': adminAddress, 'client-ip': adminAddress }),
  'the administrators’ address in True-Client-IP': fromElsewhere({ 'true-client-ip': adminAddress, 'cf-connecting-ip': adminAddress }),
  'the administrators’ address in X-Originating-IP': fromElsewhere({
    'x-originating-ip': adminAddress,
    'x-remote-ip': adminAddress,
    'x-remote-addr': adminAddress,
  }),
  'the administrators’ address in X-Cluster-Client-IP': fromElsewhere({ 'x-cluster-client-ip': adminAddress, 'fastly-client-ip': adminAddress }),
  'the administrators’ address in a PROXY line': async ({ strict, adminApiKey }) => {
    const { createConnection } = await import('node:net')
    const text = await new Promise<string>(resolve => {
      const socket = createConnection(strict.port, '127.0.0.1')
      let said = ''
      socket.on('data', part => {
        said += String(part)
      })
      socket.on('close', () => resolve(said)).on('error', () => resolve(said))
      socket.setTimeout(1_000, () => socket.destroy())
      socket.write(
        `PROXY TCP4 ${adminAddress} 127.0.0.1 1 2\r\nGET /graphql?query={viewer{id}} HTTP/1.1\r\nhost: a\r\nx-admin-api-key: ${adminApiKey}\r\n\r\n`,
      )
    })
    expect(statusesOf(text)).toEqual([400])
  },
  'the administrators’ address while a socket opens': async ({ strict, adminApiKey }) => {
    using socket = await openSocket(strict.wsUrl, { headers: { 'x-forwarded-for': adminAddress, 'x-admin-api-key': adminApiKey } })
    socket.send({ type: 'connection_init' })
    expect((await socket.closed).code).toBe(4403)
  },
  'the administrators’ address in what a socket begins with': async ({ strict, adminApiKey }) => {
    using socket = await openSocket(strict.wsUrl)
    socket.send({ type: 'connection_init', payload: { 'x-admin-api-key': adminApiKey, 'x-forwarded-for': adminAddress, ip: adminAddress } })
    expect((await socket.closed).code).toBe(4403)
  },
  'another Host': unheard({ host: evil }),
  'another Host with a port': unheard({ host: `${evil}:80` }),
  'another Host with a path and a script': unheard({ host: `${evil}/"><script>` }),
  'another host in X-Forwarded-Host': unheard({ 'x-forwarded-host': evil, 'x-host': evil, 'x-forwarded-server': evil }),
  'another host in Forwarded': unheard({ forwarded: `host=${evil};proto=https` }),
  'another prefix': unheard({ 'x-forwarded-prefix': `https://${evil}`, 'x-forwarded-path': `//${evil}`, 'x-script-name': `//${evil}` }),
  'another scheme': unheard({ 'x-forwarded-proto': `https://${evil}/`, 'x-forwarded-scheme': evil, 'x-url-scheme': evil }),
  'another host in the request line': async ({ raw }) => {
    const answer = await raw(`GET http://${evil}/ HTTP/1.1\r\nhost: ${evil}\r\naccept: text/html\r\nconnection: close\r\n\r\n`)
    expect(answer).not.toContain(evil)
  },
  'another path in X-Original-URL': notRouted('x-original-url'),
  'another path in X-Rewrite-URL': notRouted('x-rewrite-url'),
  'another path in X-Forwarded-URI': notRouted('x-forwarded-uri'),
  'another path in X-Override-URL': notRouted('x-override-url'),
  'another method in a header': async ({ at }) => {
    const headers = { 'x-http-method-override': 'GET', 'x-method-override': 'GET' }
    expect((await at('/health', { method: 'POST', headers })).status).toBe(405)
  },
  'who one is, in headers of proxies': async ({ ask, victim }) => {
    const answer = await ask('{ viewer { id } }', undefined, null, {
      'x-user-id': victim.id,
      'x-forwarded-user': victim.id,
      'x-remote-user': victim.id,
      'remote-user': victim.id,
      'x-authenticated-user': victim.id,
      'x-forwarded-email': victim.email,
      'x-webauth-user': victim.email,
    })
    expect(answer.data).toEqual({ viewer: null })
  },
  'a request id of one’s own, which would forge the log': async ({ at }) => {
    const response = await at('/health', { headers: { 'x-request-id': 'forged', 'x-correlation-id': 'forged' } })
    expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
  },
}
