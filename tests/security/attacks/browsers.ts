import { expect } from 'vitest'
import { answerOf, codesOf } from '../../transport/ask.ts'
import { openSocket, refusedUpgrade } from '../../transport/raw-socket.ts'
import type { Attacks, Target } from './target.ts'

const evil = 'https://evil.example'
const mutation = 'mutation { createNote(input: { title: "forged" }) { note { id } } }'
const operation = JSON.stringify({ query: mutation })

/** What a page of anybody’s can make a browser send without asking first is not even looked at. */
const unread =
  (headers: Record<string, string>, body: string) =>
  async ({ at, attacker }: Target) => {
    const response = await at('/graphql', {
      method: 'POST',
      headers: { origin: evil, authorization: `Bearer ${attacker.accessToken}`, ...headers },
      body: new Blob([body]),
    })
    expect([response.status, codesOf(await answerOf(response))]).toEqual([415, ['BAD_USER_INPUT']])
  }

/** Changes nothing by GET, however it is put. */
const unchanged =
  (path: string, init: RequestInit = {}) =>
  async ({ at, attacker }: Target) => {
    const response = await at(path, { ...init, headers: { authorization: `Bearer ${attacker.accessToken}`, ...init.headers } })
    expect([400, 404, 405, 415]).toContain(response.status)
    expect(await response.text()).not.toContain('note_')
  }

const noEntry =
  (origin: string) =>
  async ({ at }: Target) => {
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type, authorization' }
    const preflight = await at('/graphql', { method: 'OPTIONS', headers: { origin, ...asked } })
    const simple = await at('/graphql?query={__typename}', { headers: { origin } })
    for (const { headers } of [preflight, simple]) {
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('access-control-allow-credentials')).toBeNull()
      expect(headers.get('vary')).toContain('Origin')
    }
  }

const noSocket =
  (headersOf: (port: number) => Record<string, string>) =>
  async ({ server }: Target) =>
    expect(await refusedUpgrade(server.wsUrl, { headers: headersOf(server.port) })).toBe(403)

const part = `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${operation}\r\n--x--\r\n`

export const browsers: Attacks = {
  'a mutation by GET': unchanged(`/graphql?query=${encodeURIComponent(mutation)}`),
  'a mutation by GET that hides behind a query': unchanged(
    `/graphql?operationName=B&query=${encodeURIComponent(`query A { viewer { id } } ${mutation.replace('mutation', 'mutation B')}`)}`,
  ),
  'a mutation by GET with a method override': unchanged(`/graphql?query=${encodeURIComponent(mutation)}`, {
    headers: { 'x-http-method-override': 'POST', 'x-method-override': 'POST', 'x-http-method': 'POST' },
  }),
  'a mutation by GET with _method': unchanged(`/graphql?_method=POST&query=${encodeURIComponent(mutation)}`),
  'a mutation by HEAD': unchanged(`/graphql?query=${encodeURIComponent(mutation)}`, { method: 'HEAD' }),
  'a mutation by PUT': unchanged('/graphql', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: operation }),
  'a mutation by DELETE': unchanged('/graphql', { method: 'DELETE', headers: { 'content-type': 'application/json' }, body: operation }),
  'a mutation in the address of a POST': async ({ at, attacker }) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${attacker.accessToken}` }
    const answer = await answerOf(await at(`/graphql?query=${encodeURIComponent(mutation)}`, { method: 'POST', headers, body: '{}' }))
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT'])
  },
  'a form': unread({ 'content-type': 'application/x-www-form-urlencoded' }, `query=${encodeURIComponent(mutation)}`),
  'a form whose field looks like JSON': unread({ 'content-type': 'text/plain' }, operation),
  'a form with a file': unread({ 'content-type': 'multipart/form-data; boundary=x' }, part),
  'a body of no type': unread({ 'content-type': '' }, operation),
  'a body that is text and says it is JSON': unread({ 'content-type': 'text/plain; application/json' }, operation),
  'a body that is JSON and says it is text': unread({ 'content-type': 'application/json; text/plain' }, operation),
  'a body of two types': unread({ 'content-type': 'text/plain, application/json' }, operation),
  'a body that is almost JSON': unread({ 'content-type': 'application/jsonp' }, operation),
  'JSON in another alphabet': unread({ 'content-type': 'application/json; charset=utf-7' }, operation),
  'GraphQL without JSON': unread({ 'content-type': 'application/graphql' }, mutation),
  'a report of a violated policy': unread({ 'content-type': 'application/csp-report' }, operation),
  'a beacon': unread({ 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }, operation),
  'a page of another origin': noEntry(evil),
  'a page of no origin': noEntry('null'),
  'a page whose origin begins as ours': noEntry('http://127.0.0.1.evil.example'),
  'a page of the same host at another port': noEntry('http://127.0.0.1:1'),
  'a page of an origin that is no address': noEntry('\tevil'),
  'a cookie of the dashboard that another page sends': async ({ at }) => {
    for (const headers of [{ origin: evil }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }] as Record<string, string>[]) {
      const body = JSON.stringify({ query: '{ viewer { id } }' })
      const cookie = 'tidemark_admin=any'
      const answer = await answerOf(
        await at('/graphql', { method: 'POST', headers: { 'content-type': 'application/json', cookie, ...headers }, body }),
      )
      expect(answer.data ?? null).toEqual({ viewer: null })
    }
  },
  'a socket from a page of another origin': noSocket(() => ({ origin: evil })),
  'a socket from a page of no origin': noSocket(() => ({ origin: 'null' })),
  'a socket from a page at another port': noSocket(port => ({ origin: `http://127.0.0.1:${port + 1}` })),
  'a socket from a page whose host begins as ours': noSocket(port => ({ origin: `http://127.0.0.1:${port}.evil.example` })),
  'a socket from a page whose user is named as our host': noSocket(port => ({ origin: `http://127.0.0.1:${port}@evil.example` })),
  'a socket from a page that forwards a host': noSocket(() => ({ origin: evil, 'x-forwarded-host': 'evil.example' })),
  'a socket with two origins': noSocket(port => ({ origin: `http://127.0.0.1:${port}, ${evil}` })),
  'a socket from a page of our own host that is a file': noSocket(() => ({ origin: 'file://' })),
  'events from a page of another origin': async ({ at }) => {
    const query = encodeURIComponent('subscription { inboxEvents { __typename } }')
    const { headers } = await at(`/graphql?query=${query}`, { headers: { origin: evil, accept: 'text/event-stream' } })
    expect(headers.get('access-control-allow-origin')).toBeNull()
  },
  'any page of ours in a frame': async ({ at }) => {
    for (const path of ['/graphql', '/health', '/setup', '/nothing', '/p/none']) {
      const { headers } = await at(path, { headers: { accept: 'text/html' } })
      expect([path, headers.get('x-frame-options')]).toEqual([path, 'DENY'])
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }
  },
  'a socket that is let in without an Origin, which no browser leaves out': async ({ server }) => {
    using socket = await openSocket(server.wsUrl)
    expect(await socket.init()).toMatchObject({ type: 'connection_ack' })
  },
}
