import { inspect } from 'node:util'
import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { fail, infoOf, isPromise, pathTo, runFields } from './run.ts'
import type { Complete, FieldPlan, Path, Run } from './types.ts'

/** Made once for each field of an operation: what its type is need not be asked again for every value. */
export function completing(type: GraphQLOutputType): Complete {
  const isRequired = isNonNullType(type)
  const inner = isRequired ? type.ofType : type
  const complete = isListType(inner)
    ? list(inner.ofType)
    : isLeafType(inner)
      ? leaf(inner)
      : isAbstractType(inner)
        ? abstract(inner)
        : object(inner as GraphQLObjectType)
  return (run, field, value, path) => {
    if (value === null || value === undefined) {
      if (isRequired) throw new Error(`Cannot return null for non-nullable field ${nameOf(field)}.`)
      return null
    }
    if (value instanceof Error) throw value
    return complete(run, field, value, path)
  }
}

const nameOf = ({ parentType, definition }: FieldPlan) => `${parentType.name}.${definition.name}`

const leaf =
  (type: GraphQLLeafType): Complete =>
  (_, __, value) => {
    const serialized: unknown = type.serialize(value)
    if (serialized === null || serialized === undefined)
      throw new Error(`Expected \`${type}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(serialized)}`)
    return serialized
  }

function list(type: GraphQLOutputType): Complete {
  const complete = completing(type)
  const isRequired = isNonNullType(type)
  const isLeaf = isLeafType(isRequired ? type.ofType : type)

  function completeItem(run: Run, field: FieldPlan, item: unknown, parent: Path | undefined, index: number): unknown {
    const path = isLeaf ? undefined : pathTo(parent, index, undefined)
    try {
      const completed = isPromise(item) ? item.then(value => complete(run, field, value, path)) : complete(run, field, item, path)
      return isPromise(completed) ? completed.then(undefined, error => failItem(run, field, error, parent, path, index)) : completed
    } catch (error) {
      return failItem(run, field, error, parent, path, index)
    }
  }

  function failItem(run: Run, field: FieldPlan, error: unknown, parent: Path | undefined, path: Path | undefined, index: number): null {
    return fail(run, field, error, path ?? pathTo(parent, index, undefined), isRequired)
  }

  return (run, field, value, path) => {
    if (typeof value !== 'object' || !(Symbol.iterator in (value as object)))
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${nameOf(field)}".`)
    const items: unknown[] = []
    let isPending = false
    try {
      for (const item of value as Iterable<unknown>) {
        const completed = completeItem(run, field, item, path, items.length)
        if (isPromise(completed)) isPending = true
        items.push(completed)
      }
    } catch (error) {
      // The others may fail as well, and somebody has to hear of it.
      if (isPending) void Promise.allSettled(items)
      throw error
    }
    return isPending ? Promise.all(items) : items
  }
}

const object =
  (type: GraphQLObjectType): Complete =>
  (run, field, value, path) =>
    completeObject(run, field, type, value, path)

function completeObject(run: Run, field: FieldPlan, type: GraphQLObjectType, value: unknown, path: Path | undefined): unknown {
  const plan = field.below(type)
  if (!type.isTypeOf) return runFields(run, plan, value, path)
  const go = (isOfType: boolean) => {
    if (!isOfType) throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes: field.nodes })
    return runFields(run, plan, value, path)
  }
  const isOfType = type.isTypeOf(value, run.contextValue, infoOf(run, field))
  return isPromise(isOfType) ? isOfType.then(known => go(known as boolean)) : go(isOfType)
}

const abstract =
  (type: GraphQLAbstractType): Complete =>
  (run, field, value, path) => {
    const name = (type.resolveType ?? defaultTypeResolver)(value, run.contextValue, infoOf(run, field), type)
    if (isPromise(name)) return name.then(known => completeObject(run, field, possibleType(run, type, field, known), value, path))
    return completeObject(run, field, possibleType(run, type, field, name), value, path)
  }

function possibleType({ schema }: Run, type: GraphQLAbstractType, field: FieldPlan, name: unknown): GraphQLObjectType {
  const found = typeof name === 'string' ? schema.getType(name) : undefined
  if (isObjectType(found) && schema.isSubType(type, found)) return found
  throw new GraphQLError(`Abstract type "${type.name}" was resolved to "${name}" for field "${nameOf(field)}", which is none of its types.`, {
    nodes: field.nodes,
  })
}
