import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLError,
  GraphQLField,
  GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql'

export type Fragments = Readonly<Record<string, FragmentDefinitionNode>>

export type Field = GraphQLField<unknown, unknown>

/** A field that an operation asks for, with all that is the same each time it is resolved. */
export interface FieldPlan {
  readonly responseName: string
  readonly nodes: readonly FieldNode[]
  readonly definition: Field
  readonly parentType: GraphQLObjectType
  readonly resolve: GraphQLFieldResolver<unknown, unknown>
  readonly complete: Complete
  /** It can't be null: its errors are those of what it is in. */
  readonly isRequired: boolean
  /** Nothing is below it, so that only its errors need to know where it is. */
  readonly isLeaf: boolean
  /** The fields below it, for an object of this type. */
  below(type: GraphQLObjectType): ObjectPlan
}

export interface ObjectPlan {
  readonly fields: readonly FieldPlan[]
  /** Whether a field answers by the name that no ordinary object takes. */
  readonly hasProto: boolean
}

export interface OperationPlan {
  readonly operation: OperationDefinitionNode
  readonly fragments: Fragments
  root(type: GraphQLObjectType): ObjectPlan
}

export type Path = GraphQLResolveInfo['path']

/** One execution. */
export interface Run {
  readonly schema: GraphQLSchema
  readonly plan: OperationPlan
  readonly contextValue: unknown
  readonly rootValue: unknown
  readonly variableValues: Readonly<Record<string, unknown>>
  readonly infos: Map<FieldPlan, GraphQLResolveInfo>
  readonly errors: GraphQLError[]
  /** Where errors made something null: what fails below it afterwards is not told. */
  nulled: Set<Path | undefined> | null
}

/** Makes of what a resolver gave what a client gets; a promise only where it has to wait. `path` is left out for leaves. */
export type Complete = (run: Run, field: FieldPlan, value: unknown, path: Path | undefined) => unknown
