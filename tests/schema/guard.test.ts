import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { expect, test } from 'vitest'
import { guardRootFields } from '../../src/graph/guard.ts'
import { schema } from '../../src/schema.ts'

const roots = ['Query', 'Mutation', 'Subscription'] as const
type Root = (typeof roots)[number]

/** A schema whose root types have one field each, with these directives. */
function schemaWith(directives: Partial<Record<Root, object>>): GraphQLSchema {
  const rootOf = (name: Root) =>
    new GraphQLObjectType({
      name,
      fields: {
        thing: {
          type: GraphQLString,
          ...(name === 'Subscription' && { subscribe: async function* () {} }),
          extensions: { directives: directives[name] ?? { public: {} } },
        },
      },
    })
  return new GraphQLSchema({ query: rootOf('Query'), mutation: rootOf('Mutation'), subscription: rootOf('Subscription') })
}

test.each(roots)('a field of %s that says nothing about who may call it does not build', root => {
  for (const silent of [{}, { rateLimit: { max: 1, windowSeconds: 1 } }, { perViewer: {} }])
    expect(() => guardRootFields(schemaWith({ [root]: silent }))).toThrow(`${root}.thing needs @public, @auth or @access.`)
})

test('fields for everybody and those for administrators build; others have to say which scope a token needs', () => {
  const build = (rule: object) => () => guardRootFields(schemaWith({ Query: rule, Mutation: rule, Subscription: rule }))
  for (const rule of [{ public: {} }, { auth: { role: 'ADMIN' } }]) expect(build(rule)).not.toThrow()
  for (const rule of [{ auth: {} }, { access: { level: 'READ', argument: 'id' } }]) expect(build(rule)).toThrow('Query.thing needs a scope')
})

test('no root field of the API is public but those that have to be', () => {
  const open = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(type =>
    Object.values(type?.getFields() ?? {}).flatMap(field => ('public' in ((field.extensions['directives'] as object) ?? {}) ? [field.name] : [])),
  )
  expect(open.sort()).toEqual(
    ['viewer', 'publicNote', 'register', 'login', 'refreshSession', 'verifyToken', 'requestPasswordReset', 'resetPassword', 'verifyEmail'].sort(),
  )
})
