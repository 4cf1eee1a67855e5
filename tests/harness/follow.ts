import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { type Refusal, RefusedError } from './refusal.ts'
import { until } from './wait.ts'

/** A reader of one feed, over a socket of its own that does not come back. */
export interface Reader<Item> extends AsyncDisposable {
  readonly items: readonly Item[]
  /** The code the feed ended with, `complete`, or null while it is open. */
  readonly end: string | null
  /** Waits until so many items are here. */
  got(count: number, timeoutMs?: number): Promise<readonly Item[]>
  /** Waits for the end. */
  ended(): Promise<string>
}

/**
 * Subscribes, with `pick` taking the item out of each event's data. Resolves when the server listens: its FeedReady is the
 * first item. @throws RefusedError
 */
export async function followFeed<Result, Variables extends Record<string, unknown>, Item>(
  wsUrl: string,
  accessToken: string | null,
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
  pick: (data: Result) => Item,
): Promise<Reader<Item>> {
  const items: Item[] = []
  let end: string | null = null
  let refusal: readonly Refusal[] = []
  const client = createClient({
    url: wsUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: false,
    // What ends the socket ends the feed, and `end` tells.
    onNonLazyError: () => {},
    connectionParams: accessToken ? { token: accessToken } : {},
  })
  const onError = (errors: readonly Refusal[]) => {
    refusal = errors
    end = errors[0]?.extensions.code ?? 'unknown'
  }
  client.subscribe<Result>(
    { query: print(document), variables },
    {
      next({ data, errors }) {
        if (data) items.push(pick(data))
        if (errors) onError(errors as unknown as Refusal[])
      },
      error(error) {
        if (Array.isArray(error)) onError(error)
        else end = `closed ${(error as { code?: number }).code}`
      },
      complete() {
        end ??= 'complete'
      },
    },
  )
  await until('FeedReady', () => items.length > 0 || end)
  if (items.length === 0) {
    await client.dispose()
    throw new RefusedError(refusal)
  }
  return {
    items,
    get end() {
      return end
    },
    async got(count, timeoutMs) {
      await until(`${count} items of the feed`, () => items.length >= count, timeoutMs)
      return items
    },
    ended: () => until('the end of the feed', () => end),
    [Symbol.asyncDispose]: async () => void (await client.dispose()),
  }
}
