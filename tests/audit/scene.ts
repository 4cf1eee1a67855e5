import { expect } from 'vitest'
import type { auditActions } from '../../src/audit/action.ts'
import { apiKey } from '../admin/world.ts'
import { createChat } from '../chats/operations.ts'
import type { AuditAllFragment } from '../generated/graphql.ts'
import { type Client, clientOf, type Person, password, type Servers, signUp } from '../harness/client.ts'
import { createDocument } from '../harness/operations.ts'
import { RefusedError } from '../harness/refusal.ts'
import { createNote } from '../notes/operations.ts'
import { login } from './operations.ts'

export const adminPassword = 'three blind mice and a farmer'
export const env = {
  ADMIN_API_KEY: apiKey,
  ADMIN_USERNAME: 'keeper',
  ADMIN_PASSWORD: adminPassword,
  ADMIN_IP_ALLOWLIST: '127.0.0.0/8,::1',
  // So that tests come from wherever they say.
  TRUSTED_PROXIES: '127.0.0.0/8,::1',
}
export const basic = (secret: string) => ({ authorization: `Basic ${Buffer.from(`keeper:${secret}`).toString('base64')}` })
export const from = (ip: string) => ({ 'x-forwarded-for': ip })

/** What is to be found in the log: how one entry looks. */
export type Expected = Partial<Omit<AuditAllFragment, 'details' | 'actor'>> & { readonly details?: unknown }

export interface Scene extends Servers {
  readonly alice: Person
  readonly bob: Person
  readonly keeper: Client
  /** What nobody may find in the log. */
  readonly secrets: Set<string>
}

export async function call(client: Client, operation: string): Promise<Record<string, { [field: string]: unknown }>> {
  const { data, errors } = await client.post(JSON.stringify({ query: operation }))
  if (errors.length > 0 || !data) throw new RefusedError(errors)
  return data as Record<string, { [field: string]: unknown }>
}

export const refused = (client: Client, operation: string) => call(client, operation).catch(error => void expect(error).toBeInstanceOf(RefusedError))

export async function signIn({ one, secrets }: Scene, { email }: Person, deviceName?: string) {
  const { login: made } = await clientOf(one.url).run(login, { input: { email, password, deviceName: deviceName ?? null } })
  secrets.add(made.accessToken).add(made.refreshToken)
  return {
    ...clientOf(one.url, made.accessToken),
    sessionId: made.session.id,
    deviceId: made.session.device?.id ?? '',
    refreshToken: made.refreshToken,
  }
}

export async function newPerson({ one, secrets }: Scene, name: string): Promise<Person> {
  const person = await signUp(one.url, name)
  secrets.add(person.accessToken).add(person.refreshToken).add(person.email)
  return person
}

export const newDocument = async (owner: Client) => (await owner.run(createDocument, { input: {} })).createDocument.document.id
export const newNote = async (owner: Client) => (await owner.run(createNote, { input: { title: 'secret of a note' } })).createNote.note.id
export const newChat = async (owner: Client, ...others: Person[]) =>
  (await owner.run(createChat, { input: { memberIds: others.map(({ id }) => id) } })).createChat.chat.id

/** What is done, one thing after the other, on one server. Each gives what the log is to say of it. */
export type Cases = Readonly<Record<string, readonly [action: keyof typeof auditActions, act: (scene: Scene) => Promise<Expected>]>>
