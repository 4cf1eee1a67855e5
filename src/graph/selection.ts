import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql'

/** The names of the fields that an operation asks for; of those that directives leave out as well. */
export type Asked = ReadonlySet<string>

/** What is asked for below a field, at the end of any of these paths of names from it: `['edges', 'node']`. */
export function askedAt({ fieldNodes, fragments }: GraphQLResolveInfo, ...paths: readonly (readonly string[])[]): Asked {
  const at = (path: readonly string[]) => path.reduce((above, name) => below(above, fragments).filter(field => field.name.value === name), fieldNodes)
  return new Set(paths.flatMap(path => below(at(path), fragments).map(field => field.name.value)))
}

/** All fields one level down, with every fragment spread out once. */
function below(fields: readonly FieldNode[], fragments: GraphQLResolveInfo['fragments']): readonly FieldNode[] {
  const found: FieldNode[] = []
  const spread = new Set<string>()
  const collect = (selections: SelectionSetNode | undefined): void => {
    for (const selection of selections?.selections ?? []) {
      if (selection.kind === Kind.FIELD) found.push(selection)
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet)
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value)
        collect(fragments[selection.name.value]?.selectionSet)
      }
    }
  }
  for (const field of fields) collect(field.selectionSet)
  return found
}

/** What is made of a selection, once for each place in a document: documents are kept, and run again and again. */
export function onceForSelection<Made>(make: (info: GraphQLResolveInfo) => Made): (info: GraphQLResolveInfo) => Made {
  const known = new WeakMap<FieldNode, Made>()
  return info => {
    const [place, ...others] = info.fieldNodes
    // Which places come together may hang on variables.
    if (!place || others.length > 0) return make(info)
    if (!known.has(place)) known.set(place, make(info))
    return known.get(place) as Made
  }
}
