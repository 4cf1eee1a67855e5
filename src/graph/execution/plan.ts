import {
  defaultFieldResolver,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNullableType,
  type InlineFragmentNode,
  isAbstractType,
  isLeafType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  visit,
} from 'graphql'
import { completing } from './complete.ts'
import type { Field, FieldPlan, Fragments, ObjectPlan, OperationPlan } from './types.ts'

type Variables = Readonly<Record<string, unknown>>
/** Fragments let a short text come to very many fields, and conditions let it do so in many ways. */
const mostFields = 100_000

interface Known {
  readonly fragments: Fragments
  /** The variables that the plan hangs on. */
  readonly conditions: readonly string[]
  /** By the values of those. */
  readonly made: Map<string, OperationPlan>
}

/**
 * What operations come to. Documents are kept for all who send the same text, and their plans with them, until these hold too many
 * fields together: then all are forgotten, and made again for what is still asked.
 */
export function createPlans(schema: GraphQLSchema) {
  let plans = new WeakMap<OperationDefinitionNode, Known>()
  let fieldsInPlans = 0

  function onPlanned(fields: number): void {
    fieldsInPlans += fields
    if (fieldsInPlans <= mostFields) return
    plans = new WeakMap()
    fieldsInPlans = 0
  }

  /** Null for an operation that hangs on too many variables: each combination of them is a plan of its own. */
  return (operation: OperationDefinitionNode, fragments: () => Fragments, variables: Variables): OperationPlan | null => {
    let known = plans.get(operation)
    if (!known) {
      const found = fragments()
      known = { fragments: found, conditions: conditionsOf(operation, found), made: new Map() }
      plans.set(operation, known)
    }
    const { conditions, made } = known
    if (conditions.length > mostConditions) return null
    const key = conditions.map(name => String(variables[name])).join()
    let plan = made.get(key)
    if (!plan) {
      plan = createPlan(schema, operation, known, variables, onPlanned)
      made.set(key, plan)
    }
    return plan
  }
}

const mostConditions = 4

/** The variables by which `@skip` and `@include` decide. */
function conditionsOf(operation: OperationDefinitionNode, fragments: Fragments): string[] {
  const names = new Set<string>()
  for (const definition of [operation, ...Object.values(fragments)])
    visit(definition, {
      Directive(node) {
        if (node.name.value !== 'skip' && node.name.value !== 'include') return
        for (const { value } of node.arguments ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
      },
    })
  return [...names]
}

function createPlan(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  { fragments, conditions }: Known,
  given: Variables,
  onPlanned: (fields: number) => void,
): OperationPlan {
  // No more than what the conditions hang on: the plan stays, the rest of the variables goes.
  const variables = Object.fromEntries(conditions.flatMap(name => (Object.hasOwn(given, name) ? [[name, given[name]]] : [])))

  const isIncluded = (node: SelectionNode): boolean =>
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false

  function applies({ typeCondition }: InlineFragmentNode | FragmentDefinitionNode, type: GraphQLObjectType): boolean {
    if (!typeCondition) return true
    const condition = schema.getType(typeCondition.name.value)
    return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type))
  }

  function collect(type: GraphQLObjectType, set: SelectionSetNode, fields: Map<string, FieldNode[]>, spread: Set<string>): void {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD && spread.has(selection.name.value)) continue
      if (!isIncluded(selection)) continue
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value
        const nodes = fields.get(name)
        if (nodes) nodes.push(selection)
        else fields.set(name, [selection])
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(selection, type)) collect(type, selection.selectionSet, fields, spread)
      } else {
        spread.add(selection.name.value)
        const fragment = fragments[selection.name.value]
        if (fragment && applies(fragment, type)) collect(type, fragment.selectionSet, fields, spread)
      }
    }
  }

  function planObject(type: GraphQLObjectType, sets: readonly (SelectionSetNode | undefined)[]): ObjectPlan {
    const fields = new Map<string, FieldNode[]>()
    const spread = new Set<string>()
    for (const set of sets) if (set) collect(type, set, fields, spread)
    onPlanned(fields.size)
    return {
      fields: Array.from(fields, ([name, nodes]) => planField(type, name, nodes)).filter(field => field !== null),
      hasProto: fields.has('__proto__'),
    }
  }

  function planField(parentType: GraphQLObjectType, responseName: string, nodes: readonly FieldNode[]): FieldPlan | null {
    const definition = definitionOf(schema, parentType, nodes[0]?.name.value ?? '')
    if (!definition) return null
    const below = new Map<GraphQLObjectType, ObjectPlan>()
    return {
      responseName,
      nodes,
      definition,
      parentType,
      resolve: definition.resolve ?? defaultFieldResolver,
      complete: completing(definition.type),
      isRequired: isNonNullType(definition.type),
      isLeaf: isLeafType(getNullableType(definition.type)),
      below(type) {
        let plan = below.get(type)
        if (!plan) {
          plan = planObject(
            type,
            nodes.map(node => node.selectionSet),
          )
          below.set(type, plan)
        }
        return plan
      },
    }
  }

  let root: ObjectPlan | null = null
  return {
    operation,
    fragments,
    root(type) {
      root ??= planObject(type, [operation.selectionSet])
      return root
    },
  }
}

function definitionOf(schema: GraphQLSchema, type: GraphQLObjectType, name: string): Field | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef
  }
  return type.getFields()[name]
}
