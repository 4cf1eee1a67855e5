import { GraphQLError } from 'graphql'

/** What is a request of GraphQL, as far as its form goes. */
export interface WellFormed {
  readonly query: string
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
  readonly extensions: unknown
}

const names = new Set(['query', 'variables', 'operationName', 'extensions'])

/** `isStrict`: parameters of other names are refused, as GraphQL over HTTP wants it. @throws BAD_USER_INPUT */
export function checkShape(given: unknown, isStrict: boolean): WellFormed {
  if (kindOf(given) !== 'object') throw illFormed(`Expected params to be an object but given ${kindOf(given)}.`)
  const sent = given as Readonly<Record<string, unknown>>
  const unknown = isStrict ? Object.keys(sent).find(name => sent[name] != null && !names.has(name)) : undefined
  if (unknown !== undefined) throw illFormed(`Unexpected parameter "${unknown}" in the request body.`)
  const { query, operationName, variables, extensions } = sent
  // The specification lets this be 200 for those who accept application/json alone.
  if (query == null) throw illFormed('Must provide query string.', true)
  if (typeof query !== 'string') throw illFormed(`Expected "query" param to be a string, but given ${kindOf(query)}.`)
  checkObject('variables', variables)
  checkObject('extensions', extensions)
  return { query, operationName: (operationName ?? null) as string | null, variables: (variables ?? {}) as WellFormed['variables'], extensions }
}

function checkObject(name: string, value: unknown): void {
  if (value != null && kindOf(value) !== 'object') throw illFormed(`Expected "${name}" param to be empty or an object, but given ${kindOf(value)}.`)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

const illFormed = (message: string, spec = false) =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400, spec, headers: { allow: 'GET, POST' } } } })
