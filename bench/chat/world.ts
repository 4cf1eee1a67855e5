import { type Person, register } from '../../examples/replay/api.ts'
import type { Logs } from './load.ts'

export interface World {
  readonly tokens: readonly (readonly string[])[]
  readonly chatIds: readonly string[]
}

/** As many as keep two cores at hashing passwords. */
const registeringAtOnce = 4

async function ask<Data>(url: string, token: string, query: string, variables: object): Promise<Data> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

/** Registers everybody, and puts them into chats. */
export async function createWorld(url: string, chats: number, membersPerChat: number): Promise<World> {
  const people: Person[] = []
  const indexes = Array.from({ length: chats * membersPerChat }, (_, index) => index).values()
  const workers = Array.from({ length: registeringAtOnce }, async () => {
    for (const index of indexes) people[index] = await register(url, `member${index}`)
  })
  await Promise.all(workers)
  const tokens: string[][] = []
  const chatIds: string[] = []
  for (let chat = 0; chat < chats; chat++) {
    const [maker, ...others] = people.slice(chat * membersPerChat, (chat + 1) * membersPerChat) as [Person, ...Person[]]
    const query = 'mutation ($input: CreateChatInput!) { createChat(input: $input) { chat { id } } }'
    const input = { title: `Chat ${chat}`, memberIds: others.map(({ userId }) => userId) }
    const { createChat } = await ask<{ createChat: { chat: { id: string } } }>(url, maker.token, query, { input })
    chatIds.push(createChat.chat.id)
    tokens.push([maker, ...others].map(({ token }) => token))
  }
  return { tokens, chatIds }
}

async function historyOf(url: string, token: string, id: string): Promise<readonly string[]> {
  const query = `query ($id: ID!, $after: String) { chat(id: $id) { messages(first: 500, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }`
  const ids: string[] = []
  for (let after: string | null = null; ; ) {
    type Page = { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
    const { chat }: { chat: { messages: Page } } = await ask(url, token, query, { id, after })
    ids.push(...chat.messages.nodes.map(({ id }) => id))
    if (!chat.messages.pageInfo.hasNextPage) return ids
    after = chat.messages.pageInfo.endCursor
  }
}

/** All messages of each chat, in the order of the server. */
export async function historiesOf(url: string, { tokens, chatIds }: World): Promise<readonly (readonly string[])[]> {
  const histories: (readonly string[])[] = []
  for (const [chat, id] of chatIds.entries()) histories.push(await historyOf(url, tokens[chat]?.[0] ?? '', id))
  return histories
}

export interface Verdict {
  /** Messages that the histories hold. */
  readonly stored: number
  /** Events that all logs hold together. */
  readonly delivered: number
  readonly equalLogs: number
  readonly logs: number
  readonly lost: number
  readonly doubled: number
  /** Places in a log, otherwise complete, that hold another message than the history does. */
  readonly disordered: number
  /** Events that are no message of the chat. */
  readonly strange: number
}

/** Holds what each member heard against the history of their chat. */
export function judge(histories: readonly (readonly string[])[], logs: Logs): Verdict {
  const verdict = { stored: histories.flat().length, delivered: 0, equalLogs: 0, logs: logs.length, lost: 0, doubled: 0, disordered: 0, strange: 0 }
  for (const { chat, heard } of logs) {
    const history = histories[chat] ?? []
    const distinct = new Set(heard)
    const known = new Set(history)
    verdict.delivered += heard.length
    verdict.doubled += heard.length - distinct.size
    verdict.lost += history.filter(id => !distinct.has(id)).length
    verdict.strange += [...distinct].filter(id => !known.has(id)).length
    const wanted = history.filter(id => distinct.has(id))
    verdict.disordered += [...distinct].filter(id => known.has(id)).filter((id, place) => wanted[place] !== id).length
    if (heard.length === history.length && heard.every((id, place) => id === history[place])) verdict.equalLogs++
  }
  return verdict
}
