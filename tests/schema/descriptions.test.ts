import {
  type GraphQLArgument,
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql'
import { expect, test } from 'vitest'
import { errorCodes } from '../../src/errors.ts'
import { schema } from '../../src/schema.ts'

interface Described {
  readonly name: string
  readonly description: string | null | undefined
}

const named = (parent: string, children: Iterable<Described>): Described[] =>
  [...children].map(({ name, description }) => ({ name: `${parent}.${name}`, description }))
const argumentsOf = (parent: string, args: readonly GraphQLArgument[]): Described[] => named(parent, args)

function describedIn(type: GraphQLNamedType): Described[] {
  const all: Described[] = [type]
  if (isEnumType(type)) all.push(...named(type.name, type.getValues()))
  if (isInputObjectType(type)) all.push(...named(type.name, Object.values(type.getFields())))
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields()))
      all.push(...named(type.name, [field]), ...argumentsOf(`${type.name}.${field.name}`, field.args))
  }
  return all
}

const types = Object.values(schema.getTypeMap()).filter(type => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
const everything: Described[] = [
  ...types.flatMap(describedIn),
  ...schema
    .getDirectives()
    .filter(directive => !isSpecifiedDirective(directive))
    .flatMap(directive => [{ ...directive, name: `@${directive.name}` }, ...argumentsOf(`@${directive.name}`, directive.args)]),
]

test('every type, field, argument, enum value, input field and directive is described, in whole sentences', () => {
  expect(everything.length).toBeGreaterThan(200)
  expect(everything.filter(({ description }) => !description?.trim()).map(({ name }) => name)).toEqual([])
  // A description that only says the name again says nothing.
  const words = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '')
  const empty = everything.filter(({ name, description }) => words(description ?? '') === words(name.split('.').at(-1) ?? ''))
  expect(empty.map(({ name }) => name)).toEqual([])
  expect(everything.filter(({ description }) => !/[.!?`)”]$/.test(description?.trim() ?? '')).map(({ name }) => name)).toEqual([])
})

test('every mutation takes one `input` of its own', () => {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    expect(
      field.args.map(argument => argument.name),
      field.name,
    ).toEqual(['input'])
    expect(String(field.args[0]?.type).replace('!', ''), field.name).toBe(`${field.name[0]?.toUpperCase()}${field.name.slice(1)}Input`)
  }
})

test('every feed, and nothing of the moment, takes `after` and yields items with a cursor', () => {
  const ready = schema.getType('FeedReady')
  // Entries of the audit log are what they are; the other feeds begin with the word that they listen.
  const isFeed = (type: unknown) =>
    isAbstractType(type) ? schema.getPossibleTypes(type).some(possible => possible === ready) : isObjectType(type) && 'cursor' in type.getFields()
  const fields = Object.values(schema.getSubscriptionType()?.getFields() ?? {})
  const feeds = fields.filter(field => isFeed(getNamedType(field.type)))
  expect(feeds.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['documentChanges', 'recordChanges', 'notebookChanges', 'inboxEvents', 'vaultLogs']),
  )
  expect(fields.filter(field => field.args.some(({ name }) => name === 'after')).map(({ name }) => name)).toEqual(feeds.map(({ name }) => name))
  for (const feed of feeds) expect(String(feed.args.find(argument => argument.name === 'after')?.type), feed.name).toBe('Cursor')
})

test('every error code is in the schema with its meaning', () => {
  const type = schema.getType('ErrorCode')
  const printed = isEnumType(type) ? type.getValues().map(({ name, description }) => [name, description]) : []
  expect(Object.fromEntries(printed)).toEqual(errorCodes)
})
