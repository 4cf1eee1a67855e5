import { MessageType } from 'graphql-ws'

interface Message {
  readonly type?: unknown
  readonly payload?: object | null
}

/**
 * A message as the library takes it: parsed, since it holds on to what it is given for as long as an operation runs. One without
 * a text is none to it, so an operation that is named otherwise gets an empty one. What can't be parsed stays what it is.
 */
export function readMessage(text: string): unknown {
  try {
    const message = JSON.parse(text) as Message | null
    if (typeof message !== 'object' || message === null) return text
    const { type, payload } = message
    if (type === MessageType.Subscribe && typeof payload === 'object' && payload !== null && !('query' in payload))
      Object.assign(payload, { query: '' })
    return message
  } catch {
    return text
  }
}
