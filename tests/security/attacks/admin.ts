import { expect } from 'vitest'
import { newId } from '../../../src/platform/ids.ts'
import { signUp } from '../../harness/client.ts'
import { until } from '../../harness/wait.ts'
import { codesOf } from '../../transport/ask.ts'
import { argumentsOf, operationOf, rootFields } from './calls.ts'
import type { Attacks, Target } from './target.ts'

const isForAdmins = (directives: unknown): boolean =>
  [directives].flat().some(one => (one as { auth?: { role?: string } } | undefined)?.auth?.role === 'ADMIN')

const closed = rootFields.filter(({ field }) => isForAdmins(field.extensions['directives']))

const own = (name: string) => (name.endsWith('jti') ? '019a0000-0000-7000-8000-000000000000' : newId(name.endsWith('Export id') ? 'exp' : 'user'))

/** Neither users nor strangers do what only administrators may, whatever they send along. */
const forAdminsOnly = (place: (typeof closed)[number]) => async (target: Target) => {
  const { root, field } = place
  const query = operationOf({ root, field: field.name })
  const variables = argumentsOf({ name: field.name, root, field: field.name, path: [], type: '' }, null, own)
  const asked = root === 'subscription' ? { accept: 'text/event-stream' } : {}
  const codeIn = async (by: { accessToken: string } | null, more: Record<string, string> = {}) => {
    const { text } = await target.ask(query, variables, by, { ...asked, ...more })
    return /"code":"(\w+)"/.exec(text)?.[1] ?? text.slice(0, 200)
  }
  expect([await codeIn(null), await codeIn(target.attacker)]).toEqual(['UNAUTHENTICATED', 'FORBIDDEN'])
  expect(await codeIn(target.attacker, { 'x-role': 'ADMIN', 'x-admin': 'true', cookie: 'tidemark_admin=true; role=ADMIN' })).toBe('FORBIDDEN')
}

async function asAdmin({ ask, adminApiKey }: Target, query: string, variables: object): Promise<Record<string, unknown>> {
  const answer = await ask(query, variables, null, { 'x-admin-api-key': adminApiKey })
  if (!answer.data || answer.errors) throw new Error(answer.text)
  return answer.data
}

/** An export that is ready, by its link. */
async function exported(target: Target, kind: string, format: string): Promise<URL> {
  const made = await asAdmin(target, 'mutation ($input: CreateExportInput!) { createExport(input: $input) { export { id } } }', {
    input: { kind, format },
  })
  const { id } = (made['createExport'] as { export: { id: string } }).export
  const url = await until('the export', async () => {
    const { export: found } = await asAdmin(target, 'query ($id: ID!) { export(id: $id) { downloadUrl } }', { id })
    return (found as { downloadUrl: string | null }).downloadUrl
  })
  return new URL(url, target.server.url)
}

let link: Promise<URL> | null = null

const badLink = (change: (url: URL) => void) => async (target: Target) => {
  link ??= exported(target, 'USERS', 'JSON')
  const url = new URL(await link)
  expect((await target.at(url.pathname + url.search)).status).toBe(200)
  change(url)
  const response = await target.at(url.pathname + url.search)
  expect([403, 404]).toContain(response.status)
  expect(await response.text()).not.toContain(target.victim.email)
}
const withQuery = (name: string, value: string) => badLink(url => url.searchParams.set(name, value))

const unread =
  (path: string, headers: Record<string, string> = {}) =>
  async ({ at, attacker, victim }: Target) => {
    for (const authorization of [undefined, `Bearer ${attacker.accessToken}`, 'Basic YWRtaW46YWRtaW4=']) {
      const response = await at(path, { headers: { ...headers, ...(authorization && { authorization }) } })
      expect([401, 403, 404, 405, 429]).toContain(response.status)
      expect(await response.text()).not.toContain(victim.email)
    }
  }

/** Names that a spreadsheet would run, each that of a user. */
const formulas = [
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(1)',
  '\t=1+1',
  '\r=1',
  ' =1+1',
  '＝1+1',
  '\u200b=1',
  "'=1+1",
  '=cmd|" /C calc"!A0',
  '-2+3+cmd|x',
  '"=1',
  '",=1',
  ';=1+1\n=2',
]

let sheet: Promise<string> | null = null

async function sheetOf(target: Target): Promise<string> {
  const person = await signUp(target.server.url, 'formulas')
  const names = formulas.map((name, index) => ({ collection: 'formulas', key: `${name} ${index}`, value: name }))
  const put = 'mutation ($input: PutRecordsInput!) { putRecords(input: $input) { results { applied } } }'
  expect(codesOf(await target.ask(put, { input: { items: names } }, person))).toEqual([])
  const url = await exported(target, 'RECORDS', 'CSV')
  return (await target.at(url.pathname + url.search)).text()
}

const defused = (formula: string, index: number) => async (target: Target) => {
  sheet ??= sheetOf(target)
  const key = `${formula} ${index}`
  const text = await sheet
  const quoted = key.replaceAll('"', '""')
  const isFormula = /^'*[\s\p{Cc}\p{Cf}]*[=+\-@＝]/u.test(key)
  expect(text.includes(`"${isFormula ? "'" : ''}${quoted}"`)).toBe(true)
}

export const admin: Attacks = {
  'fields for administrators, of which there are none': async () => expect(closed.length).toBeGreaterThan(10),
  ...Object.fromEntries(closed.map(place => [`the ${place.root} ${place.field.name}, without being an administrator`, forAdminsOnly(place)])),
  'all users in a file, without being an administrator': unread('/admin/export/users.json'),
  'all data in a file, without being an administrator': unread('/admin/export/data.json'),
  'the audit log in a file, without being an administrator': unread('/admin/export/audit.csv'),
  'all users in a file, from a page of another origin': unread('/admin/export/users.json', {
    origin: 'https://evil.example',
    cookie: 'tidemark_admin=x',
  }),
  'an account with the address of somebody else, made before an administrator lets them in by it': async target => {
    const { ask, server, adminApiKey } = target
    const squatter = await signUp(server.url, 'squatted')
    const issue = 'mutation ($input: IssueTokenInput!) { issueToken(input: $input) { user { id } } }'
    const headers = { 'x-admin-api-key': adminApiKey }
    // Its data would be shared with whoever knows the password.
    expect(codesOf(await ask(issue, { input: { email: squatter.email } }, null, headers))).toEqual(['CONFLICT'])
    const named = await ask(issue, { input: { email: squatter.email, userId: squatter.id } }, null, headers)
    expect(named.data).toEqual({ issueToken: { user: { id: squatter.id } } })
  },
  'a link to an export, to another export': badLink(url => {
    url.pathname = `/exports/${newId('exp')}`
  }),
  'a link to an export, for another user': withQuery('user', 'user_019a0000-0000-7000-8000-000000000000'),
  'a link to an export, proved in another way': withQuery('by', 'session'),
  'a link to an export, that lives longer': withQuery('expires', '9999999999999'),
  'a link to an export, that lives for ever': withQuery('expires', 'Infinity'),
  'a link to an export, with another signature': withQuery('signature', 'A'.repeat(43)),
  'a link to an export, with an empty signature': withQuery('signature', ''),
  'a link to an export, without its signature': badLink(url => url.searchParams.delete('signature')),
  'a link to an export, with a line break that moves its parts': badLink(url => {
    url.searchParams.set('by', `${url.searchParams.get('by')}\n${url.searchParams.get('expires')}`)
    url.searchParams.set('expires', '')
  }),
  'a link to an export, for an attachment': badLink(url => {
    url.pathname = url.pathname.replace('/exports/', '/attachments/')
  }),
  ...Object.fromEntries(formulas.map((formula, index) => [`${JSON.stringify(formula)} in a sheet`, defused(formula, index)])),
}
