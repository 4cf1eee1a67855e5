/** Thousands of sockets that go and come back at once, in a process of their own. */
import { setTimeout as delay } from 'node:timers/promises'
import { obey } from '../load/child.ts'
import { answeredPing, openGraphqlWire, started } from '../load/graphql-wire.ts'
import type { Wire } from '../load/wire.ts'
import type { Came, Crowd, Order } from './orders.ts'

const waitMs = 60_000
const query = `subscription ($id: ID!, $after: Cursor) {
  documentChanges(documentId: $id, after: $after) { cursor ... on FeedReady { __typename } ... on DocumentDelta { writes { value } } }
}`

interface Item {
  readonly cursor: string
  readonly __typename?: 'FeedReady'
  readonly writes?: readonly { readonly value: number }[]
}

interface Member {
  wire: Wire | null
  isReady: boolean
  cursor: string | null
  /** The change it had last: they count from 1. */
  last: number
}

const members: Member[] = []
const state = { refused: 0, reason: '', faults: 0 }

function refuse(reason: string): void {
  state.refused++
  state.reason = reason
}

async function enter({ port, tokens, documentIds }: Crowd, index: number): Promise<void> {
  const member = members[index] ?? { wire: null, isReady: false, cursor: null, last: 0 }
  members[index] = member
  member.isReady = false
  const wire = await openGraphqlWire(port, tokens[index % tokens.length] ?? null)
  member.wire = wire
  wire.onClose = () => refuse('The socket was closed.')
  wire.onMessage = (data, start, end) => {
    if (answeredPing(wire, data, start, end)) return
    const { type, payload } = JSON.parse(data.toString('utf8', start, end)) as { type: string; payload?: { data?: { documentChanges?: Item } } }
    const item = payload?.data?.documentChanges
    if (type !== 'next' || !item) return refuse(data.toString('utf8', start, end))
    member.cursor = item.cursor
    if (item.__typename === 'FeedReady') member.isReady = true
    const value = item.writes?.[0]?.value
    if (value === undefined) return
    if (value !== member.last + 1) state.faults++
    member.last = value
  }
  wire.send(started('1', { query, variables: { id: documentIds[index % documentIds.length], after: member.cursor } }))
}

async function come(crowd: Crowd, changes: number): Promise<Came> {
  const from = performance.now()
  Object.assign(state, { refused: 0, reason: '', faults: 0 })
  await Promise.all(Array.from({ length: crowd.sockets }, (_, index) => enter(crowd, index).catch((error: Error) => refuse(error.message))))
  return wait(changes, from)
}

async function wait(changes: number, from = performance.now()): Promise<Came> {
  while (members.filter(({ isReady, last }) => isReady && last >= changes).length < members.length - state.refused) {
    if (performance.now() - from > waitMs) throw new Error('Not everybody had what was missed.')
    await delay(5)
  }
  return { ...state, seconds: (performance.now() - from) / 1000 }
}

async function drop(): Promise<void> {
  for (const { wire } of members) {
    if (!wire) continue
    wire.onClose = () => {}
    wire.close()
  }
}

obey<Order>(order => (order.kind === 'come' ? come(order.crowd, order.changes) : order.kind === 'wait' ? wait(order.changes) : drop()))
