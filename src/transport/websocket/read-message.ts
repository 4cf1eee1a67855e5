import { type Message, MessageType, validateMessage } from 'graphql-ws'

interface Sent {
  readonly type?: unknown
  readonly payload?: object | null
}

/**
 * Null for what is no message of graphql-transport-ws. One without a text is none to the library, so an operation that is named
 * otherwise gets an empty one.
 */
export function readMessage(text: string): Message | null {
  try {
    const message = JSON.parse(text) as Sent | null
    const payload = message?.type === MessageType.Subscribe ? message.payload : null
    if (typeof payload === 'object' && payload !== null && !('query' in payload)) Object.assign(payload, { query: '' })
    return validateMessage(message)
  } catch {
    return null
  }
}
