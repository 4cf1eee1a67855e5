/** Mercurius on Fastify, as its documentation says. */
import Fastify from 'fastify'
import mercurius from 'mercurius'
import { eventOf } from './event.js'
import { say } from './listen.js'
import { createNotes } from './notes.js'
import { typeDefs, viewer } from './schema.js'

const notes = createNotes(process.env)
const app = Fastify()
app.register(mercurius, {
  schema: typeDefs,
  resolvers: {
    FeedItem: { resolveType: () => 'DocumentDelta' },
    Query: { viewer: () => viewer, notes: (_, { first }) => notes.list(first) },
    Mutation: {
      publish: async (_, { value }, { pubsub }) => {
        await pubsub.publish({ topic: 'document', payload: { documentChanges: eventOf(value) } })
        return true
      },
    },
    Subscription: { documentChanges: { subscribe: async (_root, _args, { pubsub }) => await pubsub.subscribe('document') } },
  },
  loaders: {
    Note: {
      // Each request loads its own, as the others do: nothing is kept between two of them.
      folder: { loader: queries => notes.foldersOf(queries.map(({ obj }) => obj.folder_id)), opts: { cache: false } },
    },
  },
  // The events are published over a socket, as with the others.
  subscription: { fullWsTransport: true },
})
await app.listen({ port: 0, host: '127.0.0.1' })
say(app.server.address().port)
