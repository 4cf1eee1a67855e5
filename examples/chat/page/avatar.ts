import { el, icon } from './dom.ts'
import type { Model } from './model.ts'
import type { Chat } from './types.ts'
import { hueOf, initialsOf, othersIn, titleOf } from './words.ts'

/** The picture of a chat, with a dot for whether the other of two is there. */
export function chatAvatar(model: Model, chat: Chat): HTMLElement {
  const others = othersIn(chat, model.viewer.id)
  const [other] = others
  if (others.length !== 1 || !other) return el('span', { class: `avatar hue-${hueOf(chat.id)}`, 'aria-hidden': 'true' }, icon('people'))
  const dot = el('span', { class: model.presence(other.id)?.online ? 'dot online' : 'dot' })
  return el('span', { class: `avatar hue-${hueOf(other.id)}`, 'aria-hidden': 'true' }, initialsOf(titleOf(chat, model.viewer.id)), dot)
}
