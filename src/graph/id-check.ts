import { type GraphQLField, type GraphQLInputType, isInputObjectType, isListType, isNonNullType } from 'graphql'
import { checkText } from '../platform/json.ts'

type Check = (value: unknown, path: string) => void

/** Refuses ids that can't even be looked for: PostgreSQL takes no such text. @throws BAD_USER_INPUT */
export function idChecksOf(field: GraphQLField<unknown, never>): (args: unknown) => void {
  return inside(field.args, '') ?? (() => {})
}

/** Null for a type that holds no ids, so that big inputs without any are not walked. */
function checkOf(type: GraphQLInputType): Check | null {
  if (isNonNullType(type)) return checkOf(type.ofType)
  if (isListType(type)) return each(checkOf(type.ofType))
  if (isInputObjectType(type)) return inside(Object.values(type.getFields()), '.')
  return type.name === 'ID' ? checkId : null
}

function checkId(id: unknown, path: string): void {
  if (typeof id === 'string') checkText(id, path)
}

const each = (check: Check | null): Check | null =>
  check &&
  ((values, path) => {
    for (const [index, value] of ((values as readonly unknown[] | null | undefined) ?? []).entries()) check(value, `${path}.${index}`)
  })

function inside(members: readonly { readonly name: string; readonly type: GraphQLInputType }[], separator: '' | '.') {
  const checks = members.flatMap(({ name, type }) => {
    const check = checkOf(type)
    return check ? [{ name, check }] : []
  })
  if (checks.length === 0) return null
  return (value: unknown, path = ''): void => {
    for (const { name, check } of checks) check((value as Readonly<Record<string, unknown>> | null | undefined)?.[name], path + separator + name)
  }
}
