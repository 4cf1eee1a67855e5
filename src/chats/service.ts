import type { Access } from '../access/access.ts'
import type { Members } from '../access/members.ts'
import type { Viewer } from '../access/viewer.ts'
import { AppError, notFound } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { callOf, type Repeatable } from '../feed/idempotency.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { chosenId } from '../platform/ids.ts'
import { decodePlace, encodePlace, pageOf } from '../platform/list-page.ts'
import { type ChatAt, checkTitle } from './chat.ts'
import { changeOf } from './events/change.ts'
import { type ChatMembers, checkCount } from './members/service.ts'
import { findChats, insertChat, listChats, lockChat, updateChat } from './store.ts'

export interface ChatsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly members: Members
  readonly chatMembers: ChatMembers
  readonly clock: Clock
}

export interface CreateChatInput extends Repeatable {
  readonly id?: string | null | undefined
  readonly title?: string | null | undefined
  readonly memberIds: readonly string[]
  readonly historyVisible?: boolean | null | undefined
}

export interface UpdateChatInput extends Repeatable {
  readonly id: string
  /** Null takes it away; without it the chat keeps the one it has. */
  readonly title?: string | null | undefined
  readonly historyVisible?: boolean | null | undefined
}

/** Chats of two or of many. */
export function createChats({ database, feed, access, members, chatMembers, clock }: ChatsDeps) {
  /** Null for what there is not, and for what the viewer may not read. */
  async function find(viewer: Viewer, id: string): Promise<ChatAt | null> {
    if (!(await access.levelOf(viewer, id))) return null
    return (await findChats(database.db, [id], viewer.userId))[0] ?? null
  }

  return {
    /** As the viewer sees them, who was found to have access. */
    async loadAll({ userId }: Viewer, ids: readonly string[]): Promise<Map<string, ChatAt>> {
      return new Map((await findChats(database.db, ids, userId)).map(chat => [chat.id, chat]))
    },

    /** @throws NOT_FOUND for what the viewer may not read */
    async load(viewer: Viewer, id: string): Promise<ChatAt> {
      const chat = await find(viewer, id)
      if (!chat) throw notFound('chat')
      return chat
    },

    /** As a reader of its feed sees it, to whom messages up to `hiddenNumber` are hidden. */
    async loadFor(id: string, hiddenNumber: number): Promise<ChatAt> {
      const [chat] = await findChats(database.db, [id], null)
      if (!chat) throw notFound('chat')
      return { ...chat, hiddenNumber }
    },

    async list(viewer: Viewer, { first, after }: { first: number; after: string | null }) {
      const rows = await listChats(database.db, viewer.userId, after === null ? null : decodePlace(after, 'chat'), first + 1)
      return pageOf(rows, first, after, ({ activeAt, id }) => encodePlace({ at: activeAt, id }))
    },

    async create(viewer: Viewer, input: CreateChatInput): Promise<string> {
      const id = chosenId('chat', input.id)
      const title = input.title == null ? null : checkTitle(input.title)
      const others = [...new Set(input.memberIds)].filter(userId => userId !== viewer.userId)
      checkCount(others, 'input.memberIds')
      const { chatId } = await feed.once(callOf(viewer, 'createChat', input), async tx => {
        await chatMembers.holdUsers(tx, viewer, input.memberIds, 'input.memberIds')
        const now = clock.now()
        const row = { id, title, historyVisible: input.historyVisible ?? true, messageCount: 0, activeAt: now, createdAt: now }
        if (!(await insertChat(tx, row))) throw new AppError('ALREADY_EXISTS', 'There is a chat with this id.', { field: 'input.id' })
        await feed.open(tx, id, 'chat')
        const all = [{ userId: viewer.userId, level: 'ADMIN' as const }, ...others.map(userId => ({ userId, level: 'WRITE' as const }))]
        await members.join(tx, id, all, viewer)
        return { chatId: id }
      })
      return chatId
    },

    async update(viewer: Viewer, input: UpdateChatInput): Promise<string> {
      const { id, title, historyVisible } = input
      if (title != null) checkTitle(title)
      await feed.once(callOf(viewer, 'updateChat', input), async tx => {
        const chat = await lockChat(tx, id)
        await access.require(viewer, id, 'ADMIN', tx)
        if (!chat) throw notFound('chat')
        const change = { title: title === undefined ? chat.title : title, historyVisible: historyVisible ?? chat.historyVisible }
        if (change.title === chat.title && change.historyVisible === chat.historyVisible) return {}
        await updateChat(tx, id, change)
        await feed.append(tx, id, [changeOf('updated', viewer.userId, {})])
        return {}
      })
      return id
    },
  }
}
