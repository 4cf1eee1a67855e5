import type { IdPrefix } from '../platform/ids.ts'

/** What an issued token can be limited to. */
export const scopedRooms = ['account', 'documents', 'collections', 'notes', 'chats', 'presence', 'vaults'] as const
export type ScopedRoom = (typeof scopedRooms)[number]

/** Writing includes reading, as it does in access levels: what a mutation answers with shows the thing anyway. */
export type ScopeLevel = 'read' | 'write'
export type Scope = `${ScopedRoom}:${ScopeLevel}` | 'admin'

export const scopes: readonly Scope[] = [...scopedRooms.flatMap(room => [`${room}:read`, `${room}:write`] as const), 'admin']

export const isScope = (text: string): text is Scope => (scopes as readonly string[]).includes(text)

/** Whether scopes are enough; null is what sessions have, who may do all their user may. */
export const includesScope = (held: readonly string[] | null, needed: Scope): boolean =>
  held === null || held.includes(needed) || held.includes(needed.replace(/:read$/, ':write'))

const roomOfPrefix: Readonly<Record<IdPrefix, ScopedRoom | 'admin'>> = {
  user: 'account',
  sess: 'account',
  dev: 'account',
  doc: 'documents',
  snap: 'documents',
  col: 'collections',
  rec: 'collections',
  note: 'notes',
  fold: 'notes',
  att: 'notes',
  rev: 'notes',
  chat: 'chats',
  msg: 'chats',
  vlog: 'vaults',
  aud: 'admin',
  exp: 'admin',
}

export const scopeOf = (room: ScopedRoom | 'admin', level: ScopeLevel): Scope => (room === 'admin' ? room : `${room}:${level}`)

/** The scope for things whose ids have this prefix. */
export const scopeOfPrefix = (prefix: IdPrefix, level: ScopeLevel): Scope => scopeOf(roomOfPrefix[prefix], level)
