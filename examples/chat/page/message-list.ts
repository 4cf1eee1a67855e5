import { isPending, readersOf } from './chats.ts'
import { el, icon } from './dom.ts'
import type { Model } from './model.ts'
import type { Chat, Message, Pending } from './types.ts'
import { dayOf, hueOf, listOf, nameOf, othersIn, timeOf } from './words.ts'

/** Messages of one person this close together are one group. */
const groupMs = 5 * 60_000

function tick(element: Element, state: 'sending' | 'refused' | 'sent' | 'read', label: string): void {
  if (element.getAttribute('title') === label) return
  element.setAttribute('class', `tick ${state}`)
  element.setAttribute('title', label)
  element.replaceChildren(icon(state), el('span', { class: 'hidden' }, label))
}

/** The messages of one chat as items of a list, with what is still being sent at the end. */
export function messageItems(model: Model, chat: Chat) {
  const readers = readersOf(chat, model.viewer.id)
  const isGroup = othersIn(chat, model.viewer.id).length > 1
  const all: (Message | Pending)[] = [...(chat.messages ?? []), ...model.pending(chat.id)]

  return all.flatMap((message, index) => {
    const before = all[index - 1]
    const sender = isPending(message) ? model.viewer : message.sender
    const senderBefore = before && (isPending(before) ? model.viewer : before.sender)
    const isMine = sender.id === model.viewer.id
    const day = dayOf(message.createdAt)
    const isNewDay = !before || dayOf(before.createdAt) !== day
    const isFirst = isNewDay || senderBefore?.id !== sender.id || Date.parse(message.createdAt) - Date.parse(before.createdAt) > groupMs
    const isDeleted = message.content === null
    const refusal = isPending(message) ? message.refusal : null
    const isEdited = !isPending(message) && message.editedAt !== null && !isDeleted

    const make = () =>
      el(
        'li',
        { class: `message${isMine ? ' mine' : ''}${isFirst ? ' first' : ''}${isDeleted ? ' deleted' : ''}` },
        el('span', { class: isFirst && isGroup && !isMine ? `sender hue-${hueOf(sender.id)}` : 'hidden' }, isMine ? 'You' : nameOf(sender)),
        el(
          'p',
          { class: 'bubble' },
          el('span', { class: 'text', dir: 'auto' }, message.content ?? 'Message deleted'),
          el(
            'span',
            { class: 'meta' },
            isEdited && 'edited ',
            el('time', { datetime: message.createdAt }, timeOf(message.createdAt)),
            isMine && el('span', { class: 'tick' }),
          ),
        ),
        refusal !== null &&
          el('p', { class: 'refusal' }, refusal, ' ', el('button', { type: 'button', click: () => model.retry(message.id) }, 'Try again')),
      )
    const update = (element: HTMLElement) => {
      const mark = element.querySelector('.tick')
      if (!mark) return
      const readBy = [...readers].filter(([, upTo]) => upTo >= index).flatMap(([id]) => chat.members.get(id) ?? [])
      if (refusal !== null) tick(mark, 'refused', 'Not sent')
      else if (isPending(message)) tick(mark, 'sending', 'Sending')
      else if (readBy.length > 0) tick(mark, 'read', `Read by ${listOf(readBy.map(nameOf))}`)
      else tick(mark, 'sent', 'Sent')
    }
    const separator = { key: `day ${day}`, sign: day, make: () => el('li', { class: 'day' }, day) }
    const item = { key: message.id, sign: JSON.stringify([message.content, isFirst, isEdited, refusal, timeOf(message.createdAt)]), make, update }
    return isNewDay ? [separator, item] : [item]
  })
}
