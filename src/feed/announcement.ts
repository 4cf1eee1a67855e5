import type { Change } from './change.ts'

/** What travels on the bus when changes were committed; without `changes`, because they are too many, it is only word that there are some. */
export interface Announcement {
  readonly head: number
  readonly changes?: readonly Omit<Change, 'streamId'>[]
}

export interface HeardAnnouncement {
  readonly head: number
  readonly changes?: readonly Change[]
}

export const topicOf = (streamId: string): string => `feed:${streamId}`

/** A larger announcement costs the bus more than it spares the log. */
const maxCharacters = 256 * 1024
/** What a change takes beside its payload, at least. */
const leastCharacters = 100

/** The announcement of changes of one stream, in order. */
export function announcementOf(changes: readonly Change[]): Announcement {
  const head = changes.at(-1)?.seq ?? 0
  let characters = 0
  // Many thousands may come at once: what is too much is not measured to its end.
  for (const { payload } of changes) {
    characters += leastCharacters + charactersOf(payload)
    if (characters > maxCharacters) return { head }
  }
  return { head, changes: changes.map(({ streamId: _, ...change }) => change) }
}

/** About what a value takes as JSON, without making any. */
function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 4
  return Object.entries(value).reduce((sum, [key, member]) => sum + key.length + charactersOf(member), 0)
}

/** What came over the bus, as far as it is an announcement; of anything else a node must take no harm. */
export function readAnnouncement(streamId: string, message: unknown): HeardAnnouncement | null {
  if (!isRecord(message) || !isSequence(message['head'])) return null
  const { head, changes } = message
  if (!Array.isArray(changes)) return { head }
  return { head, changes: changes.flatMap(change => readChange(streamId, change)) }
}

function readChange(streamId: string, change: unknown): Change[] {
  if (!isRecord(change)) return []
  const { seq, kind, payload, actorId, clientId, clientCounter, at: time } = change
  const at = new Date(typeof time === 'string' ? time : Number.NaN)
  const isWhole =
    isSequence(seq) &&
    typeof kind === 'string' &&
    payload !== undefined &&
    isTextOrNull(actorId) &&
    isTextOrNull(clientId) &&
    (clientCounter === null || typeof clientCounter === 'number') &&
    !Number.isNaN(at.getTime())
  return isWhole ? [{ streamId, seq, kind, payload, actorId, clientId, clientCounter, at }] : []
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isSequence = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0
const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'
