import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'

export interface Measures {
  readonly depth: number
  readonly aliases: number
  readonly directives: number
  readonly rootFields: number
}

/** Counts with fragments spread out, each measured only once: a bomb of nested fragments costs no more than its text. */
export function measure(document: DocumentNode): Measures {
  const fragments = fragmentsOf(document)
  const known = new Map<string, Measures>()
  const nothing: Measures = { depth: 0, aliases: 0, directives: 0, rootFields: 0 }

  function ofFragment(name: string): Measures {
    const found = known.get(name)
    if (found) return found
    known.set(name, nothing)
    const fragment = fragments.get(name)
    const measures = fragment ? ofSelections(fragment.selectionSet) : nothing
    known.set(name, measures)
    return measures
  }

  function ofSelections(selections: SelectionSetNode): Measures {
    const total = { ...nothing }
    for (const selection of selections.selections) {
      const isField = selection.kind === Kind.FIELD
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(selection.name.value)
          : selection.selectionSet
            ? ofSelections(selection.selectionSet)
            : nothing
      total.depth = Math.max(total.depth, inner.depth + (isField ? 1 : 0))
      total.aliases += inner.aliases + (isField && selection.alias ? 1 : 0)
      total.directives += inner.directives + (selection.directives?.length ?? 0)
      total.rootFields += isField ? 1 : inner.rootFields
    }
    return total
  }

  const all = document.definitions
    .filter(one => one.kind === Kind.OPERATION_DEFINITION)
    .map(one => ({ one, measures: ofSelections(one.selectionSet) }))
  return all.reduce(
    (most, { one, measures }) => ({
      depth: Math.max(most.depth, measures.depth),
      aliases: Math.max(most.aliases, measures.aliases),
      directives: Math.max(most.directives, measures.directives + (one.directives?.length ?? 0)),
      rootFields: Math.max(most.rootFields, measures.rootFields),
    }),
    nothing,
  )
}

export const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(document.definitions.filter(one => one.kind === Kind.FRAGMENT_DEFINITION).map(one => [one.name.value, one]))

/** How long it is for the parser: what it keeps of a document goes by its tokens, some 500 bytes for each. */
export function tokensOf({ loc }: DocumentNode): number {
  let count = 0
  for (let token = loc?.startToken; token; token = token.next ?? undefined) count += 1
  return count
}
