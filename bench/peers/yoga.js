/** GraphQL Yoga with graphql-ws, as its documentation says. */
import { createServer } from 'node:http'
import DataLoader from 'dataloader'
import { useServer } from 'graphql-ws/use/ws'
import { createPubSub, createSchema, createYoga } from 'graphql-yoga'
import { WebSocketServer } from 'ws'
import { eventOf } from './event.js'
import { listen } from './listen.js'
import { createNotes } from './notes.js'
import { typeDefs, viewer } from './schema.js'

const pubSub = createPubSub()
const notes = createNotes(process.env)

const yoga = createYoga({
  logging: false,
  context: () => ({ folders: new DataLoader(notes.foldersOf) }),
  schema: createSchema({
    typeDefs,
    resolvers: {
      Query: { viewer: () => viewer, notes: (_, { first }) => notes.list(first) },
      Note: { folder: (note, _, { folders }) => folders.load(note.folder_id) },
      Mutation: {
        publish: (_, { value }) => {
          pubSub.publish('document', eventOf(value))
          return true
        },
      },
      Subscription: { documentChanges: { subscribe: () => pubSub.subscribe('document'), resolve: event => event } },
    },
  }),
})

const server = createServer(yoga)
useServer(
  {
    execute: args => args.rootValue.execute(args),
    subscribe: args => args.rootValue.subscribe(args),
    onSubscribe: async (ctx, _id, params) => {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...ctx,
        req: ctx.extra.request,
        socket: ctx.extra.socket,
        params,
      })
      const args = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      }
      const errors = validate(args.schema, args.document)
      return errors.length > 0 ? errors : args
    },
  },
  new WebSocketServer({ server, path: yoga.graphqlEndpoint }),
)
listen(server)
