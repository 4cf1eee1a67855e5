import type { Api } from './api.ts'
import { createChats } from './chats.ts'
import { newId } from './ids.ts'
import * as operations from './operations.ts'
import { createOutbox } from './outbox.ts'
import { createPresences } from './presences.ts'
import type { Chat, ChatData, ChatEvent, Member, MessagePage, User } from './types.ts'

const pageSize = 40
/** Typing lasts three seconds on the server; it is said again before. */
const typingMs = 2_000

export type Model = ReturnType<typeof createModel>

/** Everything the page shows, kept as the server has it, and what one can do. */
export function createModel({ api, viewer, changed }: { readonly api: Api; readonly viewer: User; changed(): void }) {
  const chats = createChats(viewer.id)
  let saidTypingAt = 0
  // Taking a message, the server ends the typing of its sender, who may be at the next one already: that is then said again.
  const outbox = createOutbox({
    api,
    changed,
    taken: () => {
      saidTypingAt = 0
    },
  })
  const presences = createPresences(api, changed)
  const waiting: ChatEvent[] = []
  const uncounted = new Set<string>()
  let loads = 0
  let cursor: string | undefined
  let isReady = false
  let stopInbox = () => {}
  let openId: string | null = null
  const markedRead = new Map<string, string>()

  /** While something is read, events wait: applied behind it, they leave nothing older than what they say. */
  async function load<T>(read: () => Promise<T>, use: (answer: T) => void): Promise<void> {
    loads += 1
    try {
      use(await read())
    } finally {
      loads -= 1
      drain()
      changed()
    }
  }

  function drain(): void {
    while (loads === 0) {
      const event = waiting.shift()
      if (!event) return
      if (event.__typename === 'FeedReady') continue
      const isMine = event.__typename === 'MemberJoined' && event.member.user.id === viewer.id
      if (!chats.apply(event) || isMine) {
        if (event.__typename !== 'MemberLeft') loadChat(event.chatId)
      } else if (event.__typename === 'MessageSent') {
        outbox.drop(event.message.id)
        if (event.message.sender.id !== viewer.id) count(event.chatId)
      } else if (event.__typename === 'MessageRead' && event.receipt.user.id === viewer.id) count(event.chatId)
      else if (event.__typename === 'MessageDeleted') count(event.chatId)
      presences.follow(people())
    }
  }

  const people = () => [...new Set(chats.all().flatMap(({ members }) => [...members.keys()]))].filter(id => id !== viewer.id)
  const take = (data: ChatData) => {
    presences.learn(data.members.map(({ presence }) => presence))
    return chats.merge(data)
  }

  function loadChat(id: string): void {
    void load(
      () => api.insist<{ chat: ChatData | null }>(operations.oneChat, { id }),
      ({ chat }) => {
        if (chat) take(chat)
        presences.follow(people())
        if (chat && openId === id) openChat(id)
      },
    ).catch(() => {})
  }

  /** Asks how much is unread, once for all events that came together. */
  function count(id: string): void {
    if (uncounted.size === 0) {
      setTimeout(async () => {
        const ids = [...uncounted].slice(0, 100)
        uncounted.clear()
        const { nodes } = await api.insist<{ nodes: ({ id: string; unreadCount: number } | null)[] }>(operations.counts, { ids })
        for (const node of nodes) {
          const chat = node && chats.get(node.id)
          if (chat) chat.unreadCount = node.unreadCount
        }
        changed()
      }, 50)
    }
    uncounted.add(id)
  }

  /** The feed first, then the state: what happens in between is in both, and missing in none. */
  function start(): void {
    cursor = undefined
    isReady = false
    waiting.length = 0
    const variables = {
      get after() {
        return cursor
      },
    }
    stopInbox = api.follow<{ inboxEvents: ChatEvent }>(
      operations.inboxEvents,
      variables,
      ({ inboxEvents: event }) => hear(event),
      ({ code }) => {
        if (code === 'RESYNC_REQUIRED') start()
      },
    )
  }

  function hear(event: ChatEvent): void {
    cursor = event.cursor
    waiting.push(event)
    if (event.__typename === 'FeedReady' && !isReady) {
      isReady = true
      void load(
        () => api.insist<{ chats: { nodes: ChatData[] } }>(operations.chats),
        ({ chats: { nodes } }) => {
          for (const node of nodes) Object.assign(take(node), { messages: null, earlier: null })
          presences.follow(people())
          if (openId !== null) openChat(openId)
        },
      ).catch(() => {})
    }
    drain()
    changed()
  }

  let stopSignals = () => {}
  function openChat(id: string | null): void {
    stopSignals()
    stopSignals = () => {}
    openId = id
    const chat = id === null ? undefined : chats.get(id)
    if (!chat) return
    stopSignals = presences.listen(chat)
    if (chat.messages === null) loadPage(chat)
  }

  let isPaging = false
  function loadPage(chat: Chat): void {
    if (isPaging && chat.messages !== null) return
    isPaging = true
    const variables = { id: chat.id, last: pageSize, before: chat.earlier }
    void load(
      () => api.insist<{ chat: { members: Member[]; messages: MessagePage } | null }>(operations.messages, variables),
      ({ chat: answer }) => {
        isPaging = false
        if (answer) chats.prepend(chats.get(chat.id) ?? chat, answer.messages)
      },
    ).catch(() => {
      isPaging = false
    })
  }

  start()
  return {
    viewer,
    isReady: () => isReady && (loads === 0 || chats.all().length > 0),
    chats: chats.all,
    chat: chats.get,
    pending: outbox.of,
    presence: presences.of,
    open: openChat,
    earlier: loadPage,
    send: outbox.send,
    retry: outbox.retry,

    type(chatId: string, isTyping: boolean): void {
      if (isTyping ? Date.now() - saidTypingAt < typingMs : saidTypingAt === 0) return
      saidTypingAt = isTyping ? Date.now() : 0
      void api.tell(operations.setTyping, { input: { chatId, isTyping } }).catch(() => {})
    },

    /** The last message is seen. */
    read(chat: Chat): void {
      const last = chat.messages?.at(-1)
      if (!last || chat.unreadCount === 0 || markedRead.get(chat.id) === last.id) return
      markedRead.set(chat.id, last.id)
      void api
        .insist<{ markRead: { unreadCount: number } }>(operations.markRead, { input: { chatId: chat.id, messageId: last.id } })
        .then(({ markRead }) => {
          const known = chats.get(chat.id)
          if (known) known.unreadCount = markRead.unreadCount
          changed()
        })
        .catch(() => markedRead.delete(chat.id))
    },

    /** @throws Error that says who can’t be found */
    async create(emails: readonly string[], title: string): Promise<string> {
      const memberIds: string[] = []
      for (const email of emails) {
        const { userByEmail } = await api.ask<{ userByEmail: User | null }>(operations.findUser, { email })
        if (userByEmail === null) throw new Error(`Nobody here has the address ${email}.`)
        memberIds.push(userByEmail.id)
      }
      const id = newId('chat')
      const input = { id, memberIds, title: title || null, idempotencyKey: id }
      const { createChat } = await api.insist<{ createChat: { chat: ChatData } }>(operations.createChat, { input })
      take(createChat.chat)
      presences.follow(people())
      return id
    },

    /** What is of the moment is not known without a connection. */
    connected(isConnected: boolean): void {
      if (!isConnected) {
        for (const chat of chats.all()) chat.typing.clear()
        presences.forget()
      }
    },

    close(): void {
      stopInbox()
      stopSignals()
      presences.close()
      outbox.close()
    },
  }
}
