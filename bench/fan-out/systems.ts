import { createDocument } from '../../examples/replay/api.ts'
import type { Mode, Ours, Stage, Subject } from '../stage.ts'
import type { Target } from './orders.ts'

export interface System {
  readonly name: string
  readonly subject: Subject
  /** Something fresh to follow. */
  open(): Promise<Target>
}

export const names = {
  memory: 'Tidemark, embedded',
  nodes: 'Tidemark, PostgreSQL + Redis',
  send: 'ws, send',
  prebuilt: 'ws, prebuilt frame',
  joined: 'ws, prebuilt, joined',
  yoga: 'graphql-yoga + graphql-ws',
  apollo: '@apollo/server + graphql-ws + Redis',
  mercurius: 'mercurius',
} as const

/** A short line of text. */
const valueLength = 64
const query = 'subscription ($id: ID!) { documentChanges(documentId: $id) { ... on DocumentDelta { writes { path value } } } }'

type Name = (typeof names)[keyof typeof names]

/** Those of them who can send an event to many readers. */
export async function startSystems(
  stage: Stage,
  resources: AsyncDisposableStack,
  wanted: readonly Name[] = Object.values(names),
): Promise<readonly System[]> {
  const raw = async (kind: 'send' | 'prebuilt' | 'joined'): Promise<System> => {
    const subject = await stage.peer('raw.js', [kind], {}, resources)
    return { name: names[kind], subject, open: async () => ({ port: subject.port, valueLength, graphql: null }) }
  }
  const peer = async (kind: 'yoga' | 'apollo' | 'mercurius'): Promise<System> => {
    const subject = await stage.peer(`${kind}.js`, [], {}, resources)
    const graphql = { tokens: [null], subscribe: { query, variables: { id: 'doc' } }, publish: { kind: 'publish' } } as const
    return { name: names[kind], subject, open: async () => ({ port: subject.port, valueLength, graphql }) }
  }
  const ours = async (kind: 'memory' | 'nodes', mode: Mode) => followed(names[kind], await stage.ours(mode, resources))
  const isWanted = (kind: keyof typeof names) => wanted.includes(names[kind])
  return Promise.all([
    ...(['send', 'prebuilt', 'joined'] as const).filter(isWanted).map(raw),
    ...(['yoga', 'apollo', 'mercurius'] as const).filter(isWanted).map(peer),
    ...(isWanted('memory') ? [ours('memory', 'embedded')] : []),
    ...(isWanted('nodes') ? [ours('nodes', 'postgres+redis')] : []),
  ])
}

export function followed(name: string, subject: Ours): System {
  const tokens = subject.people.map(({ token }) => token)
  return {
    name,
    subject,
    async open() {
      const { id: documentId } = await createDocument(subject.url, subject.people, 'followed')
      const graphql = { tokens, subscribe: { query, variables: { id: documentId } }, publish: { kind: 'pushDelta', documentId } } as const
      return { port: subject.port, valueLength, graphql }
    },
  }
}
