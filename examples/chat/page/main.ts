import { createApi } from './api.ts'
import { createChatList } from './chat-list.ts'
import { createConversation } from './conversation.ts'
import { el, icon } from './dom.ts'
import { kept } from './kept.ts'
import { createModel } from './model.ts'
import { askForChat } from './new-chat.ts'
import * as operations from './operations.ts'
import { createSignIn } from './sign-in.ts'
import type { Session } from './types.ts'

const store = kept<Session>('session')
/** A link that is back within this time is not worth a word. */
const patienceMs = 600

function showSignIn(): void {
  document.title = 'Tidemark chat'
  document.body.replaceChildren(
    createSignIn(session => {
      store.write(session)
      showChats(session)
    }),
  )
}

function showChats(session: Session): void {
  let redraw = 0
  let isOver = false
  let worry: ReturnType<typeof setTimeout> | undefined
  /** What changes within one frame is drawn once; hidden pages have no frames. */
  const changed = () => {
    if (redraw === 0) redraw = window.setTimeout(draw, 16)
  }

  const api = createApi({
    session,
    keep: renewed => {
      if (isOver) return
      store.write(renewed)
      if (renewed === null) end()
    },
    connected: isConnected => {
      clearTimeout(worry)
      if (isConnected) banner.hidden = true
      else
        worry = setTimeout(() => {
          banner.hidden = isOver
        }, patienceMs)
      model.connected(isConnected)
      changed()
    },
  })
  const model = createModel({ api, viewer: session.user, changed })
  const banner = el('p', { class: 'banner', role: 'status', hidden: true }, 'Connection lost. Trying again; nothing gets lost.')
  const nothing = el('main', { class: 'nothing' }, icon('wave'), el('p', {}, 'Choose a chat, or begin a new one.'))
  const list = createChatList(model, {
    compose: () =>
      askForChat(model, id => {
        location.hash = id
      }),
    signOut: () => {
      void api.ask(operations.logout).catch(() => {})
      end()
    },
  })
  const room = el('div', { class: 'room' }, list.element, nothing)
  let conversation: ReturnType<typeof createConversation> | null = null
  const openId = () => location.hash.slice(1) || null

  function route(): void {
    const id = openId()
    if (id === conversation?.chatId) return
    conversation?.close()
    conversation = id === null ? null : createConversation(model, id)
    room.replaceChildren(list.element, conversation?.element ?? nothing)
    room.classList.toggle('open', id !== null)
    model.open(id)
    draw()
    conversation?.focus()
  }

  function draw(): void {
    redraw = 0
    if (isOver) return
    list.update(openId())
    conversation?.update()
    const unread = model.chats().reduce((sum, { unreadCount }) => sum + unreadCount, 0)
    document.title = unread > 0 ? `(${unread}) Tidemark chat` : 'Tidemark chat'
  }

  function end(): void {
    isOver = true
    window.removeEventListener('hashchange', route)
    conversation?.close()
    model.close()
    api.close()
    store.write(null)
    location.hash = ''
    showSignIn()
  }

  window.addEventListener('hashchange', route)
  document.body.replaceChildren(banner, room)
  route()
  draw()
}

const session = store.read()
if (session) showChats(session)
else showSignIn()
