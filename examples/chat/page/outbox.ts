import { type Api, ApiError } from './api.ts'
import { newId } from './ids.ts'
import { kept } from './kept.ts'
import * as operations from './operations.ts'
import type { Pending } from './types.ts'

interface Options {
  readonly api: Api
  changed(): void
  /** The server has taken a message. */
  taken(): void
}

/** What was written and is not in the feed yet. It is sent in its order, through reloads and lost connections, until it is answered. */
export function createOutbox({ api, changed, taken }: Options) {
  const store = kept<Pending[]>('outbox')
  let pending: readonly Pending[] = store.read() ?? []
  const answered = new Set<string>()
  let isSending = false
  let isClosed = false

  const set = (next: readonly Pending[]) => {
    pending = next
    store.write([...next])
    changed()
  }

  async function deliver(): Promise<void> {
    if (isSending) return
    isSending = true
    for (;;) {
      const next = pending.find(({ id, refusal }) => refusal === null && !answered.has(id))
      if (!next || isClosed) break
      const { id, chatId, content } = next
      try {
        await api.insist(operations.send, { input: { id, chatId, content, idempotencyKey: id } })
        answered.add(id)
        taken()
      } catch (error) {
        const refusal = error instanceof ApiError ? error.message : 'It could not be sent.'
        set(pending.map(message => (message.id === id ? { ...message, refusal } : message)))
      }
    }
    isSending = false
  }

  void deliver()
  return {
    of: (chatId: string) => pending.filter(message => message.chatId === chatId),

    send(chatId: string, content: string): void {
      set([...pending, { id: newId('msg'), chatId, content, createdAt: new Date().toISOString(), refusal: null }])
      void deliver()
    },

    retry(id: string): void {
      set(pending.map(message => (message.id === id ? { ...message, refusal: null } : message)))
      void deliver()
    },

    /** The feed has it. */
    drop(id: string): void {
      answered.add(id)
      if (pending.some(message => message.id === id)) set(pending.filter(message => message.id !== id))
    },

    close(): void {
      isClosed = true
      store.write(null)
    },
  }
}
