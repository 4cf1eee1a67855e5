import { expect } from 'vitest'
import { download, readyExport } from '../admin/exports-world.ts'
import { apiKey, keeperOf } from '../admin/world.ts'
import { clientOf, makeAdmin } from '../harness/client.ts'
import { adminPassword, basic, type Cases, call, from, newPerson, refused } from './scene.ts'

/** What administrators do, and who would be one. */
export const adminCases: Cases = {
  'a wrong set-up token': [
    'admin-refused',
    async ({ alice }) => {
      await refused(alice, 'mutation { claimAdmin(input: { token: "none" }) { user { id } } }')
      return { actorId: alice.id, target: 'Mutation.claimAdmin', details: { reason: 'set-up token' } }
    },
  ],
  'the first administrator': [
    'role-changed',
    async scene => {
      const person = await newPerson(scene, 'first')
      await makeAdmin(scene.one, person)
      return { actorId: person.id, target: person.id, details: { from: 'USER', to: 'ADMIN', by: 'set-up token' } }
    },
  ],
  'a role that is given': [
    'role-changed',
    async scene => {
      const { id } = await newPerson(scene, 'promoted')
      await call(scene.keeper, `mutation { setRole(input: { userId: "${id}", role: ADMIN }) { user { id } } }`)
      return { actorId: null, actorBy: 'api-key', target: id, details: { from: 'USER', to: 'ADMIN' } }
    },
  ],
  'a field of administrators': [
    'admin-refused',
    async ({ alice }) => {
      await refused(alice, '{ auditLog { nodes { id } } }')
      return { actorId: alice.id, target: 'Query.auditLog' }
    },
  ],
  'a feed of administrators, without any proof': [
    'admin-refused',
    async ({ one }) => {
      const body = JSON.stringify({ query: 'subscription { auditEvents { id } }' })
      const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
      await (await fetch(one.url, { method: 'POST', headers, body })).text()
      return { actorId: null, target: 'Subscription.auditEvents' }
    },
  ],
  'a wrong key of administrators': [
    'sign-in-refused',
    async ({ one, secrets }) => {
      const wrong = `${apiKey.slice(0, -4)}zzzz`
      secrets.add(wrong)
      await refused(clientOf(one.url, null, { 'x-admin-api-key': wrong }), '{ viewer { id } }')
      return { actorId: null, details: { proof: 'api-key', reason: 'UNAUTHENTICATED' } }
    },
  ],
  'a wrong password of administrators': [
    'sign-in-refused',
    async ({ one, secrets }) => {
      secrets.add('four blind mice')
      await refused(clientOf(one.url, null, basic('four blind mice')), '{ viewer { id } }')
      return { actorId: null, details: { proof: 'password', reason: 'UNAUTHENTICATED' } }
    },
  ],
  'the right key from another address': [
    'admin-refused',
    async ({ one }) => {
      await refused(keeperOf(one.url, from('198.51.100.7')), '{ viewer { id } }')
      return { ip: '198.51.100.7', details: { proof: 'api-key', reason: 'FORBIDDEN' } }
    },
  ],
  'the page of administrators from another address': [
    'admin-refused',
    async ({ one }) => {
      expect((await fetch(new URL('/admin', one.url), { headers: from('198.51.100.8') })).status).toBe(403)
      return { ip: '198.51.100.8', target: '/admin' }
    },
  ],
  'a sign-in to the page of administrators': [
    'sign-in',
    async ({ one }) => {
      const headers = { ...basic(adminPassword), origin: new URL(one.url).origin, 'content-type': 'application/json' }
      expect((await fetch(new URL('/admin/session', one.url), { method: 'POST', headers })).status).toBe(200)
      return { actorId: null, actorBy: 'password', details: { to: '/admin' } }
    },
  ],
  'a token that is given out': [
    'token-issued',
    async ({ keeper, bob, secrets }) => {
      const { issueToken } = await call(keeper, `mutation { issueToken(input: { userId: "${bob.id}" }) { token jti } }`)
      secrets.add(String(issueToken?.['token']))
      return { actorBy: 'api-key', target: String(issueToken?.['jti']) }
    },
  ],
  'a token that is taken back': [
    'token-revoked',
    async ({ keeper, bob, secrets }) => {
      const { issueToken } = await call(keeper, `mutation { issueToken(input: { userId: "${bob.id}" }) { token jti } }`)
      secrets.add(String(issueToken?.['token']))
      await call(keeper, `mutation { revokeToken(input: { jti: "${issueToken?.['jti']}" }) { __typename } }`)
      return { actorBy: 'api-key', target: String(issueToken?.['jti']) }
    },
  ],
  'all tokens of a user that are taken back for another': [
    'tokens-rotated',
    async scene => {
      const { id } = await newPerson(scene, 'rotated')
      const { rotateTokens } = await call(scene.keeper, `mutation { rotateTokens(input: { userId: "${id}" }) { token } }`)
      scene.secrets.add(String(rotateTokens?.['token']))
      return { actorBy: 'api-key', target: id }
    },
  ],
  'an export': [
    'export-created',
    async ({ keeper }) => {
      const { id } = await readyExport(keeper, { kind: 'USERS', format: 'CSV' })
      return { actorBy: 'api-key', target: id }
    },
  ],
  'an export that is downloaded': [
    'export-downloaded',
    async ({ one, keeper, secrets }) => {
      const { id, downloadUrl } = await readyExport(keeper, { kind: 'USERS', format: 'CSV' })
      secrets.add(String(downloadUrl).split('/').at(-1) ?? '')
      await download(one, downloadUrl)
      return { target: id }
    },
  ],
  'a link to an export that is made up': [
    'admin-refused',
    async ({ one }) => {
      expect((await fetch(new URL('/exports/exp_none?user=&by=api-key&proof=&expires=9999999999999&signature=AAAA', one.url))).status).toBe(403)
      return { actorId: null, target: '/exports/exp_none', details: { proof: 'link', reason: 'made up' } }
    },
  ],
  'a link to an export from another address': [
    'admin-refused',
    async ({ one, keeper, secrets }) => {
      const { id, downloadUrl } = await readyExport(keeper, { kind: 'USERS', format: 'CSV' })
      secrets.add(String(downloadUrl).split('/').at(-1) ?? '')
      expect((await fetch(new URL(String(downloadUrl), one.url), { headers: from('198.51.100.9') })).status).toBe(403)
      return { ip: '198.51.100.9', target: `/exports/${id}`, details: { proof: 'link', reason: 'address' } }
    },
  ],
  'a link to an export of somebody who administers no more': [
    'admin-refused',
    async scene => {
      const person = await newPerson(scene, 'dismissed')
      const setRole = (role: string) => call(scene.keeper, `mutation { setRole(input: { userId: "${person.id}", role: ${role} }) { user { id } } }`)
      await setRole('ADMIN')
      const { id, downloadUrl } = await readyExport(person, { kind: 'USERS', format: 'CSV' })
      await setRole('USER')
      expect((await fetch(new URL(String(downloadUrl), scene.one.url))).status).toBe(403)
      return { actorId: person.id, target: `/exports/${id}`, details: { proof: 'link', reason: 'role' } }
    },
  ],
  'a token that lacks a scope': [
    'scope-refused',
    async ({ one, keeper, bob, secrets }) => {
      const { issueToken } = await call(keeper, `mutation { issueToken(input: { userId: "${bob.id}", scopes: ["notes:read"] }) { token } }`)
      const token = String(issueToken?.['token'])
      secrets.add(token)
      await refused(clientOf(one.url, token), '{ documents { nodes { id } } }')
      return { actorId: bob.id, target: 'Query.documents', details: { scope: 'documents:read' } }
    },
  ],
  'an export that is streamed': [
    'export-streamed',
    async ({ one }) => {
      const answer = await fetch(new URL('/admin/export/audit.csv', one.url), { headers: { 'x-admin-api-key': apiKey } })
      expect(await answer.text()).toContain('export-streamed')
      return { actorBy: 'api-key', target: '/admin/export/audit.csv' }
    },
  ],
}
