import { MessageType } from 'graphql-ws'

interface Message {
  readonly type?: unknown
  readonly payload?: { readonly query?: unknown } | null
}

/** A message without a text is none to the library, so one that names its operation otherwise gets an empty one. */
export function withText(message: string): string {
  if (message.includes('"query"')) return message
  try {
    const parsed = JSON.parse(message) as Message
    if (parsed.type !== MessageType.Subscribe || typeof parsed.payload !== 'object' || parsed.payload === null) return message
    return JSON.stringify({ ...parsed, payload: { ...parsed.payload, query: '' } })
  } catch {
    return message
  }
}
