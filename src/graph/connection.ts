import type { ObjectRef } from '@pothos/core'
import { badInput } from '../errors.ts'
import { builder, type SchemaTypes } from './builder.ts'

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>

/** One page of a list: what was found, and whether there is more on either side. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  /** Where a row stands in the list; opaque to clients. */
  readonly cursorOf: (row: Row) => string
}

const PageInfo = builder.objectRef<Page<unknown>>('PageInfo').implement({
  description: 'Where a page stands in its list (Relay Cursor Connections).',
  fields: t => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether there is more behind `endCursor`.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether there is more before `startCursor`.' }),
    startCursor: t.string({ nullable: true, description: 'Cursor of the first edge.', resolve: page => edgeCursor(page, page.rows[0]) }),
    endCursor: t.string({ nullable: true, description: 'Cursor of the last edge.', resolve: page => edgeCursor(page, page.rows.at(-1)) }),
  }),
})

const edgeCursor = (page: Page<unknown>, row: unknown) => (row === undefined ? null : page.cursorOf(row))

/** Makes `XConnection` and `XEdge` for the rows of `node`. Pages that hold more than rows say so in `P`, and get fields for it by `objectField`. */
export function connectionOf<Row, P extends Page<Row> = Page<Row>>(name: string, node: ObjectRef<Types, Row>) {
  const edge = builder.objectRef<{ page: P; row: Row }>(`${name}Edge`).implement({
    description: `A ${name} and where it stands in the list.`,
    fields: t => ({
      cursor: t.string({ description: 'Pass it as `after` (or `before`) to go on from here.', resolve: ({ page, row }) => page.cursorOf(row) }),
      node: t.field({ type: node, description: `The ${name}.`, resolve: ({ row }) => row as never }),
    }),
  })
  return builder.objectRef<P>(`${name}Connection`).implement({
    description: `A page of a list of ${name} (Relay Cursor Connections).`,
    fields: t => ({
      edges: t.field({
        type: [edge],
        description: 'The page, with cursors.',
        resolve: page => page.rows.map(row => ({ page, row })),
      }),
      nodes: t.field({ type: [node], description: 'The page, without cursors.', resolve: page => page.rows as never }),
      pageInfo: t.field({ type: PageInfo, description: 'Where the page stands.', resolve: page => page as Page<unknown> }),
    }),
  })
}

const maxPageSize = 500

/** Checks `first`. @throws BAD_USER_INPUT outside 1 … 500 */
export function pageSize(first: number | null | undefined, fallback = 50): number {
  const size = first ?? fallback
  if (size < 1 || size > maxPageSize) throw badInput('first', `\`first\` is from 1 to ${maxPageSize}.`)
  return size
}
