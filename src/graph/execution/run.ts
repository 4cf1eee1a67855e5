import { type FieldNode, type GraphQLError, type GraphQLResolveInfo, getArgumentValues, locatedError } from 'graphql'
import type { FieldPlan, ObjectPlan, Path, Run } from './types.ts'

type Result = Record<string, unknown>

export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'

export const pathTo = (prev: Path | undefined, key: string | number, typename: string | undefined): Path => ({ prev, key, typename })

/** As objects have it that came by JSON; an alias may be anything, `__proto__` as well. */
const emptyFor = ({ hasProto }: ObjectPlan): Result => (hasProto ? Object.create(null) : {})

/** The fields of an object; a promise only where one of them is one. @throws the error of a field that can't be null */
export function runFields(run: Run, plan: ObjectPlan, source: unknown, path: Path | undefined): Result | Promise<Result> {
  const results = emptyFor(plan)
  let isPending = false
  try {
    for (const field of plan.fields) {
      const result = runField(run, field, source, path)
      results[field.responseName] = result
      if (isPromise(result)) isPending = true
    }
  } catch (error) {
    // The others may fail as well, and somebody has to hear of it.
    if (isPending)
      return settled(plan, results).finally(() => {
        throw error
      })
    throw error
  }
  return isPending ? settled(plan, results) : results
}

/** Each field when the one before it is done. */
export async function runInTurn(run: Run, plan: ObjectPlan, source: unknown): Promise<Result> {
  const results = emptyFor(plan)
  for (const field of plan.fields) results[field.responseName] = await runField(run, field, source, undefined)
  return results
}

async function settled(plan: ObjectPlan, results: Result): Promise<Result> {
  const values = await Promise.all(Object.values(results))
  const whole = emptyFor(plan)
  for (const [index, name] of Object.keys(results).entries()) whole[name] = values[index]
  return whole
}

const noArguments = Object.freeze({})

function runField(run: Run, field: FieldPlan, source: unknown, parent: Path | undefined): unknown {
  const path = field.isLeaf ? undefined : pathTo(parent, field.responseName, field.parentType.name)
  try {
    const { args } = field.definition
    const given = args.length === 0 ? noArguments : getArgumentValues(field.definition, field.nodes[0] as FieldNode, run.variableValues)
    const result: unknown = field.resolve(source, given, run.contextValue, infoOf(run, field))
    const completed = isPromise(result) ? result.then(value => field.complete(run, field, value, path)) : field.complete(run, field, result, path)
    return isPromise(completed) ? completed.then(undefined, error => failField(run, field, error, parent, path)) : completed
  } catch (error) {
    return failField(run, field, error, parent, path)
  }
}

const failField = (run: Run, field: FieldPlan, error: unknown, parent: Path | undefined, path: Path | undefined): null =>
  fail(run, field, error, path ?? pathTo(parent, field.responseName, field.parentType.name), field.isRequired)

/** What failed is null, unless it can't be. @throws GraphQLError then */
export function fail(run: Run, { nodes }: FieldPlan, error: unknown, path: Path, isRequired: boolean): null {
  const located = locatedError(error, nodes, keysOf(path))
  if (isRequired) throw located
  addError(run, located, path)
  return null
}

export function addError(run: Run, error: GraphQLError, path: Path | undefined): void {
  run.nulled ??= new Set()
  const { nulled, errors } = run
  if (nulled.has(undefined)) return
  for (let at = path; at; at = at.prev) if (nulled.has(at)) return
  nulled.add(path)
  errors.push(error)
}

function keysOf(path: Path): (string | number)[] {
  const keys: (string | number)[] = []
  for (let at: Path | undefined = path; at; at = at.prev) keys.push(at.key)
  return keys.reverse()
}

/** What resolvers are told of their field. All but the path, which nobody asks for, and which every item of a list would need its own of. */
export function infoOf(run: Run, field: FieldPlan): GraphQLResolveInfo {
  const known = run.infos.get(field)
  if (known) return known
  const { definition, nodes, parentType } = field
  const { schema, plan, rootValue, variableValues } = run
  const { fragments, operation } = plan
  const info = {
    fieldName: definition.name,
    fieldNodes: nodes,
    returnType: definition.type,
    parentType,
    schema,
    fragments,
    rootValue,
    operation,
    variableValues,
  }
  run.infos.set(field, info as unknown as GraphQLResolveInfo)
  return info as unknown as GraphQLResolveInfo
}
