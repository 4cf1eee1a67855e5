import { type DocumentNode, type FieldNode, type GraphQLSchema, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql'
import type { Rules } from './guard.ts'
import { fragmentsOf } from './query-size.ts'

/** What an operation calls: each root field once for every name it answers by, so that aliases are calls of their own. */
export interface Calls {
  /** Fields that sign in or recover an account. */
  readonly signIn: number
  /** Fields for administrators. */
  readonly admin: number
  readonly others: number
}

const known = new WeakMap<OperationDefinitionNode, Calls>()

/** Counted once for each operation. What a variable leaves out counts all the same. */
export function callsOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Calls {
  const found = known.get(operation)
  if (found) return found
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {}
  const counts = { signIn: 0, admin: 0, others: 0 }
  for (const name of calledBy(document, operation).values()) {
    const rules = (fields[name]?.extensions['directives'] ?? {}) as Rules
    counts[rules.signIn ? 'signIn' : rules.auth?.role === 'ADMIN' ? 'admin' : 'others'] += 1
  }
  known.set(operation, counts)
  return counts
}

/** The root fields by the names they answer by. */
function calledBy(document: DocumentNode, operation: OperationDefinitionNode): ReadonlyMap<string, string> {
  const fragments = fragmentsOf(document)
  const seen = new Set<string>()
  const called = new Map<string, string>()

  function collect(selections: SelectionSetNode | undefined): void {
    for (const selection of selections?.selections ?? []) {
      if (selection.kind === Kind.FIELD) called.set(answerName(selection), selection.name.value)
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet)
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value)
        collect(fragments.get(selection.name.value)?.selectionSet)
      }
    }
  }

  collect(operation.selectionSet)
  return called
}

const answerName = ({ alias, name }: FieldNode): string => (alias ?? name).value
