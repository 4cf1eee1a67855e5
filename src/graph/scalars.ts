import { GraphQLError, Kind, type ValueNode, valueFromASTUntyped } from 'graphql'
import { DateTimeISOResolver } from 'graphql-scalars'
import { isUpload } from '../platform/upload.ts'
import { builder } from './builder.ts'
import { isoTime } from './iso-time.ts'

builder.scalarType('DateTime', {
  description: 'An instant as in RFC 3339, given back in UTC with milliseconds: `2026-01-31T12:00:00.000Z`.',
  serialize: isoTime,
  parseValue: value => DateTimeISOResolver.parseValue(value) as Date,
})

builder.scalarType('JSON', {
  description: 'Any JSON value (RFC 8259), at most 64 levels deep.',
  serialize: value => value,
  parseValue: value => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(checkedLiteral(node), variables),
})

builder.scalarType('Cursor', {
  description: 'Opaque position in a feed. Keep the last one you handled; pass it as `after` to go on from there.',
  serialize: value => value,
  parseValue: textOf('Cursor'),
})

builder.scalarType('Ciphertext', {
  description: 'Base64 text (RFC 4648, padded) that the server stores and returns byte for byte and never opens.',
  serialize: value => value,
  parseValue: value => {
    const text = textOf('Ciphertext')(value)
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) throw new GraphQLError('A Ciphertext is padded base64.')
    return text
  },
})

builder.scalarType('VectorClock', {
  description: 'Map from client id (1 to 128 characters) to that client’s counter (0 to 2^53 - 1): `{ "laptop": 12 }`. At most 10,000 clients.',
  serialize: value => value,
  parseValue: clockOf,
  parseLiteral: (node, variables) => clockOf(valueFromASTUntyped(node, variables)),
})

builder.scalarType('BigInt', {
  description: 'An integer from 0 to 2^53 - 1: more than an Int carries, and still exact in JSON.',
  serialize: value => value,
  parseValue: integerOf,
  parseLiteral: node => integerOf(node.kind === Kind.INT ? Number(node.value) : undefined),
})

builder.scalarType('Upload', {
  description:
    'A file that comes with the request: POST multipart/form-data as in the GraphQL multipart request specification, with a header `graphql-require-preflight` of any value. One file in a request, of at most 10 MiB: PAYLOAD_TOO_LARGE.',
  serialize: noUpload,
  parseValue: value => (isUpload(value) ? value : noUpload()),
  parseLiteral: noUpload,
})

function noUpload(): never {
  throw new GraphQLError('An Upload is a file in a multipart/form-data request; in the operation there is a variable with null in its place.')
}

function textOf(name: string) {
  return (value: unknown): string => {
    if (typeof value !== 'string') throw new GraphQLError(`A ${name} is text.`)
    return value
  }
}

function integerOf(value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) throw new GraphQLError('A BigInt is an integer from 0 to 2^53 - 1.')
  return number
}

function clockOf(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new GraphQLError('A VectorClock is an object: client id → counter.')
  const entries = Object.entries(value)
  if (entries.length > 10_000) throw new GraphQLError('A VectorClock names at most 10,000 clients.')
  for (const [client, counter] of entries) {
    if (client.length < 1 || client.length > 128 || client.includes('\0') || !client.isWellFormed())
      throw new GraphQLError('A client id has 1 to 128 characters.')
    if (!Number.isSafeInteger(counter) || counter < 0) throw new GraphQLError(`The counter of ${client} is no integer from 0 to 2^53 - 1.`)
  }
  return Object.fromEntries(entries) as Record<string, number>
}

/** Integer literals of a query are text, so what would lose digits can be refused by its own digits. */
function checkedLiteral(node: ValueNode): ValueNode {
  const rest: ValueNode[] = [node]
  for (let at = rest.pop(); at; at = rest.pop()) {
    if (at.kind === Kind.INT && !Number.isSafeInteger(Number(at.value)))
      throw new GraphQLError('Integers beyond 2^53 - 1 lose digits in JSON; send them as text.', { nodes: at })
    if (at.kind === Kind.LIST) rest.push(...at.values)
    if (at.kind === Kind.OBJECT) rest.push(...at.fields.map(field => field.value))
  }
  return node
}
