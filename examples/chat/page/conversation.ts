import { chatAvatar } from './avatar.ts'
import { createComposer } from './composer.ts'
import { el, icon, patch } from './dom.ts'
import { messageItems } from './message-list.ts'
import type { Model } from './model.ts'
import type { Chat } from './types.ts'
import { listOf, nameOf, othersIn, seenOf, titleOf } from './words.ts'

/** Closer to the end than this, in pixels, one follows what is new. */
const near = 80

function statusOf(model: Model, chat: Chat): string {
  const typing = [...chat.typing].flatMap(id => chat.members.get(id) ?? [])
  if (typing.length > 0 && chat.members.size === 2) return 'typing…'
  if (typing.length > 0) return `${listOf(typing.map(nameOf))} ${typing.length === 1 ? 'is' : 'are'} typing…`
  const others = othersIn(chat, model.viewer.id)
  if (others.length === 1 && others[0]) return seenOf(model.presence(others[0].id))
  const there = others.filter(({ id }) => model.presence(id)?.online).length
  return `${chat.members.size} people, ${there + 1} online`
}

/** One chat: its messages, and where one writes. */
export function createConversation(model: Model, chatId: string) {
  const picture = el('span', {})
  const heading = el('h1', {})
  const status = el('p', { class: 'status', role: 'status' })
  const earlier = el('button', { type: 'button', class: 'quiet earlier', hidden: true, click: () => readEarlier() }, 'Earlier messages')
  const list = el('ol', { role: 'log', 'aria-label': 'Messages' })
  const scroller = el('div', { class: 'scroller', tabindex: 0, 'aria-label': 'Messages', role: 'region', scroll: () => scrolled() }, earlier, list)
  const composer = createComposer({
    send: content => {
      isAtEnd = true
      model.send(chatId, content)
    },
    type: isTyping => model.type(chatId, isTyping),
  })
  const element = el(
    'main',
    { class: 'conversation' },
    el(
      'header',
      {},
      el('a', { href: '#', class: 'back', 'aria-label': 'Back to all chats' }, icon('back')),
      picture,
      el('div', { class: 'who' }, heading, status),
    ),
    scroller,
    composer.element,
  )
  let isAtEnd = true
  let oldest: string | undefined

  function readEarlier(): void {
    const chat = model.chat(chatId)
    if (chat && chat.earlier !== null) model.earlier(chat)
  }

  function scrolled(): void {
    isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < near
    if (scroller.scrollTop < near) readEarlier()
    seen()
  }

  function seen(): void {
    const chat = model.chat(chatId)
    if (chat && isAtEnd && document.visibilityState === 'visible') model.read(chat)
  }

  const resized = new ResizeObserver(() => {
    if (isAtEnd) scroller.scrollTop = scroller.scrollHeight
  })
  resized.observe(scroller)
  document.addEventListener('visibilitychange', seen)

  return {
    element,
    chatId,
    focus: composer.focus,

    update(): void {
      const chat = model.chat(chatId)
      composer.element.hidden = chat === undefined
      if (!chat) {
        heading.textContent = model.isReady() ? 'There is no such chat' : ''
        return
      }
      const title = titleOf(chat, model.viewer.id)
      heading.textContent = title
      composer.name(title)
      const said = statusOf(model, chat)
      if (status.textContent !== said) status.textContent = said
      status.classList.toggle('typing', chat.typing.size > 0)
      picture.replaceChildren(chatAvatar(model, chat))
      earlier.hidden = chat.earlier === null

      const [heightBefore, oldestBefore] = [scroller.scrollHeight, oldest]
      patch(list, messageItems(model, chat))
      oldest = chat.messages?.[0]?.id
      if (isAtEnd) scroller.scrollTop = scroller.scrollHeight
      else if (oldest !== oldestBefore) scroller.scrollTop += scroller.scrollHeight - heightBefore
      seen()
    },

    close(): void {
      composer.leave()
      resized.disconnect()
      document.removeEventListener('visibilitychange', seen)
    },
  }
}
