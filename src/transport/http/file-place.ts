import { GraphQLError } from 'graphql'
import { AppError } from '../../errors.ts'

/** Where in an operation its file belongs, as the field `map` says. */
export interface FilePlace {
  /** The part of the request that holds the file. */
  readonly partName: string
  put(file: object): void
}

const maxDepth = 32

/** @throws BAD_USER_INPUT unless `map` names one place in the variables, and null is there */
export function filePlaceOf(map: unknown, operation: unknown): FilePlace {
  const entries = typeof map === 'object' && map !== null ? Object.entries(map) : []
  const [partName = '', paths] = entries[0] ?? []
  if (entries.length !== 1 || !Array.isArray(paths) || paths.length !== 1 || typeof paths[0] !== 'string')
    throw badMultipart('map', 'One file goes with one request, to one place: `map` is an object like {"0": ["variables.input.file"]}.')
  const keys = paths[0].split('.')
  const last = keys.pop() ?? ''
  const holder = keys[0] === 'variables' && keys.length < maxDepth ? keys.reduce(memberOf, operation) : undefined
  if (memberOf(holder, last) !== null)
    throw badMultipart('map', 'The path in `map` leads to a null in the variables of `operations`, where the file belongs.')
  return {
    partName,
    put(file) {
      ;(holder as Record<string, unknown>)[last] = file
    },
  }
}

/** Undefined also for what an object only has from its prototype. */
const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && key !== '__proto__' && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined

/** What is no multipart request of the specification is 400, whatever the client accepts. */
export const badMultipart = (field: string, message: string): GraphQLError =>
  new GraphQLError(message, { originalError: new AppError('BAD_USER_INPUT', message, { field }), extensions: { http: { status: 400 } } })
