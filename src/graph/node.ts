import { badInput } from '../errors.ts'
import { type IdPrefix, idPrefixes, prefixOf } from '../platform/ids.ts'
import { builder } from './builder.ts'
import type { Context } from './context.ts'
import { rootsOf } from './roots.ts'

interface HasId {
  readonly id: string
}

type LoadNode = (id: string, context: Context) => Promise<HasId | null>

const loaders = new Map<IdPrefix, LoadNode>()

/** Teaches `node(id:)` to find things of one kind; `load` answers null for what the viewer may not read. */
export function registerNode(prefix: IdPrefix, load: LoadNode): void {
  loaders.set(prefix, load)
}

export const Node = builder.interfaceRef<HasId>('Node').implement({
  description: 'Whatever has an id of its own. The id is a prefix that tells the type, and a UUIDv7: `doc_…`.',
  resolveType: ({ id }) => {
    const prefix = prefixOf(id)
    if (!prefix) throw new Error('A node with an id of unknown form.')
    return idPrefixes[prefix]
  },
  fields: t => ({ id: t.exposeID('id', { description: 'Its id, on the whole server.' }) }),
})

const maxNodes = 100

rootsOf({ ofId: 'id' }).queryField('node', t =>
  t.field({
    type: Node,
    nullable: true,
    directives: { auth: {} },
    description:
      'Whatever has this id, if the viewer may read it; else null. A token limited to scopes needs the one to read what the id names: `notes:read` for `note_…`.',
    args: { id: t.arg.id({ required: true, description: 'A typed id.' }) },
    resolve: (_, { id }, context) => find(id, context),
  }),
)

rootsOf({ ofId: 'ids' }).queryField('nodes', t =>
  t.field({
    type: [Node],
    nullable: { list: false, items: true },
    directives: { auth: {} },
    description:
      'As `node`, for many at once: the answers are in the order of the ids. Notes and revisions of more than 16 MiB together are QUERY_TOO_COMPLEX.',
    args: { ids: t.arg.idList({ required: true, description: `Typed ids, at most ${maxNodes}.` }) },
    resolve: (_, { ids }, context) => {
      if (ids.length > maxNodes) throw badInput('ids', `Ask for at most ${maxNodes} nodes at once.`)
      return Promise.all(ids.map(id => find(id, context)))
    },
  }),
)

async function find(id: string, context: Context): Promise<HasId | null> {
  const prefix = prefixOf(id)
  return (prefix && (await loaders.get(prefix)?.(id, context))) ?? null
}
