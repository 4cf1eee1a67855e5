import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { PresenceChangesSubscription, PresenceChangesSubscriptionVariables, SignalsOfChatSubscription } from '../generated/graphql.ts'
import type { Person } from '../harness/client.ts'
import { type Refusal, RefusedError } from '../harness/refusal.ts'
import type { Server } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { chatSignals, presenceChanges, readPresence } from './operations.ts'

type Presence = PresenceChangesSubscription['presenceChanges']
type Signal = SignalsOfChatSubscription['chatSignals']

/** What one subscription has heard. */
export interface Heard<Item> {
  readonly items: readonly Item[]
  /** The code it ended with, `complete`, or null while it is open. */
  readonly end: string | null
}

/** One device of somebody: a socket that does not come back. */
export interface Device extends AsyncDisposable {
  run<Result, Variables extends Record<string, unknown>>(document: TypedDocumentNode<Result, Variables>, variables: Variables): Promise<Result>
  presences(userIds: readonly string[]): Heard<Presence>
  signals(chatId: string): Heard<Signal>
  /** Goes without a word, as by a cut line. */
  terminate(): void
}

/** Resolves once the server knows the device. */
export async function deviceOf(server: Pick<Server, 'wsUrl'>, person: Person | null): Promise<Device> {
  const acknowledged = Promise.withResolvers<void>()
  const client = createClient({
    url: server.wsUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
    connectionParams: person ? { token: person.accessToken } : {},
    on: { connected: () => acknowledged.resolve(), closed: () => acknowledged.reject(new Error('The socket was closed.')) },
  })
  await acknowledged.promise

  function subscribe<Result, Variables extends Record<string, unknown>, Item>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
    pick: (data: Result) => Item,
  ): Heard<Item> {
    const items: Item[] = []
    let end: string | null = null
    const refuse = (errors: readonly Refusal[]) => {
      end = errors[0]?.extensions.code ?? 'unknown'
    }
    client.subscribe<Result>(
      { query: print(document), variables },
      {
        next({ data, errors }) {
          if (data) items.push(pick(data))
          if (errors) refuse(errors as unknown as Refusal[])
        },
        error(error) {
          if (Array.isArray(error)) refuse(error)
          else end = `closed ${(error as { code?: number }).code}`
        },
        complete() {
          end ??= 'complete'
        },
      },
    )
    return {
      items,
      get end() {
        return end
      },
    }
  }

  return {
    run: (document, variables) =>
      new Promise((resolve, reject) => {
        client.subscribe(
          { query: print(document), variables },
          {
            next: ({ data, errors }) => (data && !errors ? resolve(data as never) : reject(new RefusedError((errors ?? []) as unknown as Refusal[]))),
            error: error => reject(Array.isArray(error) ? new RefusedError(error) : error),
            complete: () => {},
          },
        )
      }),
    presences: userIds =>
      subscribe(presenceChanges, { userIds: [...userIds] } satisfies PresenceChangesSubscriptionVariables, data => data.presenceChanges),
    signals: chatId => subscribe(chatSignals, { chatId }, data => data.chatSignals),
    terminate: client.terminate,
    [Symbol.asyncDispose]: async () => void (await client.dispose()),
  }
}

/** What was heard of somebody, in few words. */
export const heardOf = (heard: Heard<Presence | Signal>, { id }: Person): string[] => heard.items.filter(({ user }) => user.id === id).map(shortOf)

const shortOf = (item: Presence | Signal): string =>
  'isTyping' in item ? (item.isTyping ? 'types' : 'types no more') : item.online ? 'online' : 'offline'

export const presenceOf = async (viewer: Person, ...people: readonly Person[]): Promise<Presence[]> =>
  (await viewer.run(readPresence, { userIds: people.map(({ id }) => id) })).presence

export const untilHeard = (heard: Heard<Presence | Signal>, person: Person, last: string, timeoutMs = 20_000): Promise<unknown> =>
  until(`${last}, of ${person.email}`, () => heardOf(heard, person).at(-1) === last, timeoutMs)

export const untilOnline = (viewer: Person, person: Person, online = true, timeoutMs = 20_000): Promise<unknown> =>
  until(`${person.email} ${online ? 'online' : 'offline'}`, async () => (await presenceOf(viewer, person))[0]?.online === online, timeoutMs)
