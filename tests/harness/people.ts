import { setTimeout as delay } from 'node:timers/promises'
import { type Client, type ClientOptions, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

export interface Person {
  readonly token: string
  readonly id: string
}

export interface Answer<T> {
  readonly data?: T | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly [name: string]: unknown } }[]
}

async function post<T>(url: string, person: Person | null, query: string, variables: object): Promise<Answer<T>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(person && { authorization: `Bearer ${person.token}` }) },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as Answer<T>
}

/** @throws Error when the answer holds one */
export async function ask<T>(url: string, person: Person | null, query: string, variables: object): Promise<T> {
  const { data, errors } = await post<T>(url, person, query, variables)
  if (errors || !data) throw new Error(JSON.stringify(errors))
  return data
}

let people = 0

export async function signUp(url: string): Promise<Person> {
  const input = { email: `person${people++}.${process.pid}@example.org`, password: 'correct horse battery' }
  const query = 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken user { id } } }'
  const { register } = await ask<{ register: { accessToken: string; user: { id: string } } }>(url, null, query, { input })
  return { token: register.accessToken, id: register.user.id }
}

export async function createDocument(url: string, person: Person): Promise<string> {
  const query = 'mutation { createDocument(input: {}) { document { id } } }'
  return (await ask<{ createDocument: { document: { id: string } } }>(url, person, query, {})).createDocument.document.id
}

export interface Connection extends AsyncDisposable {
  readonly client: Client
  /** With what the sockets of this client were closed, by whichever side. */
  readonly closeCodes: readonly number[]
}

/** A client that goes while it connects leaves the socket without a listener, and the error of that would end the process. */
class Socket extends WebSocket {
  constructor(...parameters: ConstructorParameters<typeof WebSocket>) {
    super(...parameters)
    this.on('error', () => {})
  }
}

/** A real client that, unless told otherwise, comes back always and soon, to wherever `urlOf` says. */
export function connect(urlOf: () => string, person: Person, options: Partial<ClientOptions> = {}): Connection {
  const closeCodes: number[] = []
  const client = createClient({
    url: urlOf,
    webSocketImpl: Socket,
    connectionParams: { token: person.token },
    lazy: false,
    onNonLazyError: () => {},
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: () => delay(20 + Math.random() * 60),
    connectionAckWaitTimeout: 3_000,
    keepAlive: 1_000,
    ...options,
    on: { closed: event => closeCodes.push((event as { code: number }).code) },
  })
  return {
    client,
    closeCodes,
    async [Symbol.asyncDispose]() {
      client.terminate()
      // It rejects with what ended the last connection, which whoever disposes of it does not care for.
      await Promise.resolve(client.dispose()).catch(() => {})
    },
  }
}
