import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql'
import { AppError } from '../errors.ts'

/** What one operation may show of lists without pages: so many fields of all their items together. */
const maxItemFields = 200_000

/** For the lists that count. */
export const itemsLimit = `One operation shows at most ${maxItemFields} fields of things in lists without pages, else QUERY_TOO_COMPLEX.`

/** Counts by the variables, which every execution has its own object of. */
const spent = new WeakMap<object, number>()

/** A list that counts. How long it is shows only once it was read, so no estimate of the operation can know. @throws QUERY_TOO_COMPLEX */
export function spendItems<Item>(info: GraphQLResolveInfo, items: readonly Item[]): readonly Item[] {
  const fields = counterOf(info.fragments)
  const perItem = info.fieldNodes.reduce((sum, { selectionSet }) => sum + fields(selectionSet), 0)
  const total = (spent.get(info.variableValues) ?? 0) + items.length * perItem
  spent.set(info.variableValues, total)
  if (total > maxItemFields) throw new AppError('QUERY_TOO_COMPLEX', `${itemsLimit} Ask for less of them at once.`, { limit: maxItemFields })
  return items
}

/** Counts fields with fragments spread out, each measured only once: a bomb of nested fragments costs no more than its text. */
function counterOf(fragments: GraphQLResolveInfo['fragments']) {
  const known = new Map<string, number>()
  function ofFragment(name: string): number {
    const count = known.get(name) ?? ofSelections(fragments[name]?.selectionSet)
    known.set(name, count)
    return count
  }
  const ofSelections = (selections: SelectionSetNode | undefined): number =>
    (selections?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + ofFragment(selection.name.value)
      return sum + (selection.kind === Kind.FIELD ? 1 : 0) + ofSelections(selection.selectionSet)
    }, 0)
  return ofSelections
}
