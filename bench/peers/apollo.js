/** Apollo Server on Express with graphql-ws and graphql-redis-subscriptions, as their documentation says. */
import { createServer } from 'node:http'
import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer'
import { expressMiddleware } from '@as-integrations/express5'
import { makeExecutableSchema } from '@graphql-tools/schema'
import cors from 'cors'
import DataLoader from 'dataloader'
import express from 'express'
import { RedisPubSub } from 'graphql-redis-subscriptions'
import { useServer } from 'graphql-ws/use/ws'
import { Redis } from 'ioredis'
import { WebSocketServer } from 'ws'
import { eventOf } from './event.js'
import { listen } from './listen.js'
import { createNotes } from './notes.js'
import { typeDefs, viewer } from './schema.js'

const notes = createNotes(process.env)
const pubsub = new RedisPubSub({ publisher: new Redis(process.env.REDIS_URL), subscriber: new Redis(process.env.REDIS_URL) })

const schema = makeExecutableSchema({
  typeDefs,
  resolvers: {
    FeedItem: { __resolveType: () => 'DocumentDelta' },
    Query: { viewer: () => viewer, notes: (_, { first }) => notes.list(first) },
    Note: { folder: (note, _, { folders }) => folders.load(note.folder_id) },
    Mutation: {
      publish: async (_, { value }) => {
        await pubsub.publish('document', { documentChanges: eventOf(value) })
        return true
      },
    },
    Subscription: { documentChanges: { subscribe: () => pubsub.asyncIterator('document') } },
  },
})

const app = express()
const httpServer = createServer(app)
const wsServer = new WebSocketServer({ server: httpServer, path: '/graphql' })
const cleanup = useServer({ schema }, wsServer)
const server = new ApolloServer({
  schema,
  plugins: [
    ApolloServerPluginDrainHttpServer({ httpServer }),
    { serverWillStart: async () => ({ drainServer: async () => await cleanup.dispose() }) },
  ],
})
await server.start()
const context = async () => ({ folders: new DataLoader(notes.foldersOf) })
app.use('/graphql', cors(), express.json(), expressMiddleware(server, { context }))
listen(httpServer)
