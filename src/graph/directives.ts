import { DirectiveLocation, GraphQLDirective, type GraphQLEnumType, GraphQLInt, GraphQLNonNull, type GraphQLSchema, GraphQLString } from 'graphql'

/** The directives of the contract, with the enums as the built schema knows them. */
export function contractDirectives(schema: GraphQLSchema): GraphQLDirective[] {
  const enumOf = (name: string) => schema.getType(name) as GraphQLEnumType
  const field = [DirectiveLocation.FIELD_DEFINITION]
  return [
    new GraphQLDirective({
      name: 'auth',
      description: 'Refuses callers who are not signed in, or whose role or token scopes are not enough.',
      locations: [DirectiveLocation.OBJECT, ...field],
      args: {
        role: { type: enumOf('Role'), defaultValue: 'USER', description: 'The least role.' },
        scope: { type: GraphQLString, description: 'The scope that a token limited to scopes must carry; `room:write` includes `room:read`.' },
      },
    }),
    new GraphQLDirective({
      name: 'access',
      description: 'Refuses callers whose access to the thing named by `argument` is below `level`.',
      locations: field,
      args: {
        level: { type: new GraphQLNonNull(enumOf('AccessLevel')), description: 'The least access.' },
        argument: { type: new GraphQLNonNull(GraphQLString), description: 'Path of the argument that holds the id, as in `input.documentId`.' },
      },
    }),
    new GraphQLDirective({ name: 'public', description: 'Open to everyone, on purpose.', locations: field }),
    new GraphQLDirective({
      name: 'rateLimit',
      description: 'Refuses calls above `max` in `windowSeconds` with RATE_LIMITED.',
      locations: field,
      args: {
        max: { type: new GraphQLNonNull(GraphQLInt), description: 'Calls allowed in one window.' },
        windowSeconds: { type: new GraphQLNonNull(GraphQLInt), description: 'Length of a window, in seconds.' },
        per: { type: enumOf('RateLimitSubject'), defaultValue: 'USER', description: 'Whose calls are counted together.' },
      },
    }),
  ]
}
