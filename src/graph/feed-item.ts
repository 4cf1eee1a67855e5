import { builder } from './builder.ts'

/** An event says itself which type it is. */
interface Event {
  readonly __typename: string
  readonly cursor: string
}

export const FeedItem = builder.interfaceRef<Event>('FeedItem').implement({
  description: 'Anything a feed can yield.',
  resolveType: event => event.__typename,
  fields: t => ({
    cursor: t.field({
      type: 'Cursor',
      description: 'Where the feed stands once this was handled; pass it as `after` to go on from here.',
      resolve: event => event.cursor,
    }),
  }),
})

export const FeedReady = builder.objectRef<Event>('FeedReady').implement({
  description: 'The server is listening: every change behind `cursor` follows, in order and once. Always the first item.',
  interfaces: [FeedItem],
})

export const feedAfter =
  'Go on behind this cursor; without it the feed starts at the present. @throws RESYNC_REQUIRED when the server no longer keeps what follows it.'
