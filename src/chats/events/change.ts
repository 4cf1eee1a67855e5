import type { AccessLevel } from '../../access/level.ts'
import type { Change, NewChange } from '../../feed/change.ts'
import type { Belonging } from '../../feed/gathered.ts'
import type { ChatMember, Standing } from '../members/member.ts'

interface Named {
  readonly messageId: string
  readonly number: number
}

/** What the log holds of a chat: names only, so that what is deleted is gone from everywhere at once. */
interface Payloads {
  readonly sent: Named
  readonly edited: Named
  readonly deleted: Named
  readonly read: Named & { readonly readAt: string }
  readonly joined: { readonly userId: string; readonly access: AccessLevel }
  readonly left: { readonly userId: string }
  /** Its title, its flag, or what some member may do. */
  readonly updated: Readonly<Record<never, never>>
  /** In an inbox: which chats belong to it. */
  readonly belonging: Belonging
}

export const changeOf = <Kind extends keyof Payloads>(kind: Kind, actorId: string, payload: Payloads[Kind]): NewChange => ({
  kind,
  payload,
  actorId,
  clientId: null,
  clientCounter: null,
})

export const belongingOf = ({ kind, payload }: Change): Belonging | null => (kind === 'belonging' ? (payload as Belonging) : null)

/** Whether events from before this change would show what is no longer so. */
export const rewrites = ({ kind }: Change): boolean => kind === 'edited' || kind === 'deleted'

export interface ReadReceipt {
  readonly userId: string
  readonly messageId: string
  readonly readAt: Date
}

interface Placed {
  readonly cursor: string
  readonly chatId: string
}

/** Messages up to `hiddenNumber` are hidden from who gets the event. */
interface Seen extends Placed {
  readonly hiddenNumber: number
}

/** A change of a chat, as its feed yields it. */
export type ChatEvent =
  | (Seen & { readonly __typename: 'MessageSent' | 'MessageEdited'; readonly messageId: string })
  | (Placed & { readonly __typename: 'MessageDeleted'; readonly messageId: string })
  | (Placed & { readonly __typename: 'MessageRead'; readonly receipt: ReadReceipt })
  | (Placed & { readonly __typename: 'MemberJoined'; readonly member: ChatMember })
  | (Placed & { readonly __typename: 'MemberLeft'; readonly userId: string })
  | (Seen & { readonly __typename: 'ChatUpdated' })

/** Null for what was before the reader's time, and for kinds of change that this version does not know. */
export function toChatEvent(change: Change, cursor: string, standing: Standing | null): ChatEvent | null {
  const { streamId: chatId, actorId } = change
  const kind = change.kind as keyof Payloads
  const hiddenNumber = standing?.hiddenNumber ?? 0
  const payloadOf = <Kind extends keyof Payloads>(_: Kind) => change.payload as Payloads[Kind]
  if (hiddenNumber > 0 && change.seq < (standing?.joinedSeq ?? 0)) return null
  switch (kind) {
    case 'sent':
    case 'edited':
    case 'deleted': {
      const { messageId, number } = payloadOf(kind)
      if (number <= hiddenNumber) return null
      if (kind === 'deleted') return { __typename: 'MessageDeleted', cursor, chatId, messageId }
      return { __typename: kind === 'sent' ? 'MessageSent' : 'MessageEdited', cursor, chatId, messageId, hiddenNumber }
    }
    case 'read': {
      const { messageId, number, readAt } = payloadOf(kind)
      if (number <= hiddenNumber) return null
      return { __typename: 'MessageRead', cursor, chatId, receipt: { userId: actorId ?? '', messageId, readAt: new Date(readAt) } }
    }
    case 'joined': {
      const { userId, access } = payloadOf(kind)
      const member = { chatId, userId, access, lastReadNumber: 0, lastReadMessageId: null, readAt: null, hiddenNumber }
      return { __typename: 'MemberJoined', cursor, chatId, member }
    }
    case 'left':
      return { __typename: 'MemberLeft', cursor, chatId, userId: payloadOf(kind).userId }
    case 'updated':
      return { __typename: 'ChatUpdated', cursor, chatId, hiddenNumber }
    default:
      return null
  }
}
