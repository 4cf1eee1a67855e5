import { chatAvatar } from './avatar.ts'
import { el, patch } from './dom.ts'
import type { Model } from './model.ts'
import type { Chat } from './types.ts'
import { nameOf, othersIn, seenOf, shortTimeOf, titleOf } from './words.ts'

function previewOf(chat: Chat, viewerId: string): string {
  const typing = [...chat.typing].flatMap(id => chat.members.get(id) ?? [])
  if (typing.length > 1) return `${typing.length} are typing…`
  if (typing[0]) return chat.members.size === 2 ? 'typing…' : `${nameOf(typing[0])} is typing…`
  const { lastMessage } = chat
  if (lastMessage === null) return 'No messages yet'
  const said = lastMessage.content ?? 'Message deleted'
  return lastMessage.sender.id === viewerId ? `You: ${said}` : said
}

function entry(model: Model, chat: Chat, isOpen: boolean) {
  const { viewer } = model
  const others = othersIn(chat, viewer.id)
  const title = titleOf(chat, viewer.id)
  const preview = previewOf(chat, viewer.id).slice(0, 120)
  const time = chat.lastMessage ? shortTimeOf(chat.lastMessage.createdAt) : ''
  const presence = others.length === 1 && others[0] ? seenOf(model.presence(others[0].id)) : `${chat.members.size} people`
  const unread = chat.unreadCount > 0 && (chat.unreadCount > 99 ? '99+' : String(chat.unreadCount))
  return {
    key: chat.id,
    sign: JSON.stringify([title, preview, time, presence, unread, isOpen, chat.typing.size]),
    make: () =>
      el(
        'li',
        {},
        el(
          'a',
          { href: `#${chat.id}`, 'aria-current': isOpen && 'page' },
          chatAvatar(model, chat),
          el('span', { class: 'title' }, title),
          el('span', { class: 'hidden' }, presence),
          el('time', {}, time),
          el('span', { class: chat.typing.size > 0 ? 'preview typing' : 'preview' }, preview),
          unread && el('span', { class: 'badge' }, unread, el('span', { class: 'hidden' }, ' unread')),
        ),
      ),
  }
}

/** All chats, the latest activity first. */
export function createChatList(model: Model, actions: { compose(): void; signOut(): void }) {
  const list = el('ul', { class: 'chats' })
  const empty = el('p', { class: 'hint' }, 'Nobody to talk to yet. Begin a chat with somebody’s e-mail address.')
  const me = nameOf(model.viewer)
  const element = el(
    'aside',
    { class: 'list', 'aria-label': 'Chats' },
    el(
      'header',
      {},
      el('div', { class: 'me' }, el('strong', {}, 'Chats'), el('span', {}, me)),
      el('button', { type: 'button', class: 'quiet', click: actions.signOut }, 'Sign out'),
    ),
    el('nav', { 'aria-label': 'Chats' }, list, empty),
    el('button', { type: 'button', class: 'primary compose', click: actions.compose }, 'New chat'),
  )
  return {
    element,
    update(openId: string | null): void {
      const chats = model.chats()
      empty.hidden = chats.length > 0 || !model.isReady()
      patch(
        list,
        chats.map(chat => entry(model, chat, chat.id === openId)),
      )
    },
  }
}
