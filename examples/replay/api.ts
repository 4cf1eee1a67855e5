import { randomUUID } from 'node:crypto'

export interface Person {
  readonly userId: string
  readonly token: string
}

/** One operation over HTTP. @throws Error that holds what the server said */
async function ask<T>(url: string, token: string | null, query: string, variables: Record<string, unknown>): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data: T; errors?: unknown }
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

export async function register(url: string, name: string): Promise<Person> {
  const { register } = await ask<{ register: { accessToken: string; user: { id: string } } }>(
    url,
    null,
    'mutation ($input: RegisterInput!) { register(input: $input) { accessToken user { id } } }',
    { input: { email: `${name}.${randomUUID()}@example.org`, password: randomUUID(), displayName: name } },
  )
  return { userId: register.user.id, token: register.accessToken }
}

/** Makes a document that all of them may write to. */
export async function createDocument(url: string, [owner, ...others]: readonly [Person, ...Person[]], name: string) {
  const { createDocument } = await ask<{ createDocument: { document: { id: string; cursor: string } } }>(
    url,
    owner.token,
    'mutation ($input: CreateDocumentInput!) { createDocument(input: $input) { document { id cursor } } }',
    { input: { name } },
  )
  const { document } = createDocument
  for (const { userId } of others) {
    await ask(url, owner.token, 'mutation ($input: SetAccessInput!) { setAccess(input: $input) { member { access } } }', {
      input: { resourceId: document.id, userId, access: 'WRITE' },
    })
  }
  return document
}

export async function readFields(url: string, { token }: Person, id: string): Promise<Record<string, unknown>> {
  const { document } = await ask<{ document: { fields: Record<string, unknown> } }>(url, token, 'query ($id: ID!) { document(id: $id) { fields } }', {
    id,
  })
  return document.fields
}
