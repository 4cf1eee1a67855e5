import { setTimeout as delay } from 'node:timers/promises'
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client'
import { SetContextLink } from '@apollo/client/link/context'
import { RetryLink } from '@apollo/client/link/retry'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { fetchExchange, subscriptionExchange, Client as UrqlClient } from '@urql/core'
import { OperationTypeNode, print } from 'graphql'
import { createClient as createSseClient } from 'graphql-sse'
import { type ClientOptions, createClient as createWsClient } from 'graphql-ws'
import { tap } from 'rxjs'
import { WebSocket } from 'ws'
import type { SigningKey } from '../../clients/signature.ts'
import { signingExchange } from '../../clients/signing-exchange.ts'
import { signingLink } from '../../clients/signing-link.ts'
import { signingSocket } from '../../clients/signing-socket.ts'
import type { DocumentChangesSubscription } from '../generated/graphql.ts'
import type { FeedItem } from '../harness/client.ts'
import { documentChanges } from '../harness/operations.ts'

export interface Options {
  readonly url: string
  readonly wsUrl: string
  /** Asked before each request and each connection, so that it may be another one each time. */
  readonly token: () => Promise<string>
  /** Of the session of the token: then everything is signed. */
  readonly signingKey?: SigningKey
}

/** What a program does with a client library, however that wants to be spoken to. */
export interface RealClient extends AsyncDisposable {
  run<Result, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
  ): Promise<{ readonly data: Result | null; readonly code: string | null }>
  /** Follows a document from a cursor, through whatever happens to the connection. */
  follow(id: string, after: string | null, onItem: (item: FeedItem) => void, onEnd: (error: unknown) => void): () => void
  /** How often a connection for feeds was opened. */
  readonly connections: number
}

const retryDelayMs = 25
const codeIn = (errors: readonly { readonly extensions?: Record<string, unknown> | undefined }[] | undefined) =>
  (errors?.[0]?.extensions?.['code'] as string | undefined) ?? 'none'
const isExpired = (errors: Parameters<typeof codeIn>[0]) => ['TOKEN_EXPIRED', 'UNAUTHENTICATED'].includes(codeIn(errors))

function socketOptions({ wsUrl, token, signingKey }: Options, onConnected: () => void): ClientOptions {
  return {
    url: wsUrl,
    webSocketImpl: signingKey ? signingSocket(WebSocket) : WebSocket,
    connectionParams: async () => ({ authorization: `Bearer ${await token()}` }),
    on: { connected: onConnected },
  }
}

/** Links that each do one thing: a retry asks anew, from the cursor of the last item. */
export function apollo(options: Options): RealClient {
  let connections = 0
  const socket = createWsClient({ ...socketOptions(options, () => connections++), retryAttempts: 0 })
  const cursors = new Map<unknown, string>()
  const resume = new ApolloLink((operation, forward) => {
    const { id, after } = operation.variables
    operation.variables = { ...operation.variables, after: cursors.get(id) ?? after }
    return forward(operation).pipe(
      tap(result => {
        const item = (result.data as DocumentChangesSubscription | null | undefined)?.documentChanges
        if (item) cursors.set(id, item.cursor)
      }),
    )
  })
  const retry = new RetryLink({ delay: () => retryDelayMs, attempts: (count, _, error) => count < 400 && !CombinedGraphQLErrors.is(error) })
  const authorize = new SetContextLink(async () => ({ headers: { authorization: `Bearer ${await options.token()}` } }))
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    defaultOptions: { query: { fetchPolicy: 'no-cache' }, mutate: { fetchPolicy: 'no-cache' } },
    link: ApolloLink.split(
      operation => operation.operationType === OperationTypeNode.SUBSCRIPTION,
      ApolloLink.from([retry, resume, new GraphQLWsLink(socket)]),
      ApolloLink.from([authorize, signingLink(() => options.signingKey ?? null), new HttpLink({ uri: options.url })]),
    ),
  })
  return {
    async run(document, variables) {
      const isMutation = document.definitions.some(one => 'operation' in one && one.operation === 'mutation')
      try {
        const { data } = isMutation
          ? await client.mutate({ mutation: document, variables: variables as never })
          : await client.query({ query: document, variables: variables as never })
        return { data: data as never, code: null }
      } catch (error) {
        if (CombinedGraphQLErrors.is(error)) return { data: null, code: codeIn(error.errors) }
        throw error
      }
    },
    follow(id, after, onItem, onEnd) {
      const running = client.subscribe({ query: documentChanges, variables: { id, after }, fetchPolicy: 'no-cache' }).subscribe({
        next: ({ data, error }) => (data ? onItem(data.documentChanges) : onEnd(error)),
        error: onEnd,
      })
      return () => running.unsubscribe()
    },
    get connections() {
      return connections
    },
    async [Symbol.asyncDispose]() {
      client.stop()
      await socket.dispose()
    },
  }
}

/** graphql-ws comes back by itself and reads the variables anew each time. */
export function urql(options: Options): RealClient {
  let connections = 0
  const socket = createWsClient({
    ...socketOptions(options, () => connections++),
    retryAttempts: 400,
    retryWait: () => delay(retryDelayMs),
    // By default it gives up when a connection can't be made at all, as while a server starts again.
    shouldRetry: () => true,
  })
  const cursors = new Map<unknown, string>()
  const client = new UrqlClient({
    url: options.url,
    requestPolicy: 'network-only',
    preferGetMethod: 'within-url-limit',
    fetch: async (input, init) => fetch(input, { ...init, headers: { ...init?.headers, authorization: `Bearer ${await options.token()}` } }),
    exchanges: [
      signingExchange(() => options.signingKey ?? null),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables = {} }) => ({
          subscribe: sink => {
            const { id, after } = variables as { id: unknown; after: unknown }
            const resumed = {
              id,
              get after() {
                return cursors.get(id) ?? after
              },
            }
            return { unsubscribe: socket.subscribe({ query, variables: resumed }, { ...sink, next: result => sink.next(result as never) }) }
          },
        }),
      }),
    ],
  })
  return {
    async run(document, variables) {
      const isMutation = document.definitions.some(one => 'operation' in one && one.operation === 'mutation')
      const { data, error } = isMutation ? await client.mutation(document, variables) : await client.query(document, variables)
      if (error?.networkError) throw error
      return { data: data ?? null, code: error ? codeIn(error.graphQLErrors) : null }
    },
    follow(id, after, onItem, onEnd) {
      const running = client.subscription(documentChanges, { id, after }).subscribe(({ data, error }) => {
        if (error) return onEnd(error)
        if (!data) return
        cursors.set(id, data.documentChanges.cursor)
        onItem(data.documentChanges)
      })
      return running.unsubscribe
    },
    get connections() {
      return connections
    },
    [Symbol.asyncDispose]: async () => void (await socket.dispose()),
  }
}

/** Server-sent events, each operation in a request of its own. A token that ends, ends the stream with an error. */
export function sse(options: Options): RealClient {
  let connections = 0
  const client = createSseClient({
    url: options.url,
    headers: async () => ({ authorization: `Bearer ${await options.token()}` }),
    retryAttempts: 400,
    retry: () => delay(retryDelayMs),
    on: { connected: () => connections++ },
  })
  return {
    async run(document, variables) {
      const { promise, resolve, reject } = Promise.withResolvers<{ data: never; code: string | null }>()
      client.subscribe<Record<string, unknown>>(
        { query: print(document), variables },
        {
          next: ({ data, errors }) => resolve({ data: (data ?? null) as never, code: errors ? codeIn(errors) : null }),
          error: reject,
          complete: () => reject(new Error('There was no answer.')),
        },
      )
      return promise
    },
    follow(id, after, onItem, onEnd) {
      let last = after
      let stop = () => {}
      let isOver = false
      const start = () => {
        const variables = {
          id,
          get after() {
            return last
          },
        }
        let isToComeBack = false
        stop = client.subscribe<DocumentChangesSubscription>(
          { query: print(documentChanges), variables },
          {
            next({ data, errors }) {
              isToComeBack = isExpired(errors)
              if (errors && !isToComeBack) onEnd(errors)
              if (!data) return
              last = data.documentChanges.cursor
              onItem(data.documentChanges)
            },
            error: onEnd,
            complete() {
              if (isToComeBack && !isOver) start()
            },
          },
        )
      }
      start()
      return () => {
        isOver = true
        stop()
      }
    },
    get connections() {
      return connections
    },
    [Symbol.asyncDispose]: async () => client.dispose(),
  }
}
