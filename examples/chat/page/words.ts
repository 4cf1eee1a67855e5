import type { Chat, Presence, User } from './types.ts'

export const nameOf = ({ displayName, email }: User) => displayName ?? email ?? 'Deleted account'

export const othersIn = (chat: Chat, viewerId: string) => [...chat.members.values()].filter(({ id }) => id !== viewerId)

export const titleOf = (chat: Chat, viewerId: string) => chat.title ?? (listOf(othersIn(chat, viewerId).map(nameOf)) || 'Nobody else')

const lists = new Intl.ListFormat('en')
export const listOf = (names: readonly string[]) => lists.format(names)

export const initialsOf = (name: string) =>
  name
    .split(/[\s,]+/)
    .slice(0, 2)
    .map(word => [...word][0]?.toUpperCase() ?? '')
    .join('')

/** One of eight colours, always the same for one thing. */
export const hueOf = (id: string) => [...id].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 8_191, 7) % 8

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const longDay = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' })
const isToday = (time: Date) => time.toDateString() === new Date().toDateString()

export const timeOf = (instant: string) => clock.format(new Date(instant))
export const dayOf = (instant: string) => (isToday(new Date(instant)) ? 'Today' : longDay.format(new Date(instant)))
export const shortTimeOf = (instant: string) => (isToday(new Date(instant)) ? clock : shortDay).format(new Date(instant))

export function seenOf(presence: Presence | undefined): string {
  if (presence === undefined) return ''
  if (presence.online) return 'online'
  return presence.lastSeenAt === null
    ? 'offline'
    : `last seen ${isToday(new Date(presence.lastSeenAt)) ? 'at' : 'on'} ${shortTimeOf(presence.lastSeenAt)}`
}
