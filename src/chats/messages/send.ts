import type { Access } from '../../access/access.ts'
import { allows } from '../../access/level.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { type Call, recall, remember } from '../../feed/idempotency.ts'
import { createLane } from '../../feed/lane.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/database.ts'
import { sqlStateOf } from '../../platform/sql-state.ts'
import type { ChatRow } from '../chat.ts'
import { changeOf } from '../events/change.ts'
import { lockChat } from '../store.ts'
import type { MessageAt } from './message.ts'
import { type Met, nextMessages, type Participant, readMet } from './store.ts'

/** A checked message on its way into its chat. */
export interface Sending {
  readonly viewer: Viewer
  readonly id: string
  /** The client chose the id, so that it may be taken. */
  readonly isChosen: boolean
  readonly content: string
  readonly replyToId: string | null
  readonly call: Call
}

/** What became of it. It is stored under the idempotency key, and so holds no text. */
export interface Sent {
  readonly messageId: string
  /** Its place in the chat's stream. */
  readonly seq: number
  /** Not there when this is the outcome of an earlier call. */
  readonly message?: MessageAt
}

export interface SendDeps {
  readonly feed: Feed
  readonly access: Access
  readonly clock: Clock
}

/** Messages that come together for one chat go in together; each is answered as if they had come one by one. */
export const createSends = ({ feed, access, clock }: SendDeps) =>
  createLane<Sending, Sent>((chatId, sendings) => {
    const work = async (tx: Tx) => {
      const chat = await lockChat(tx, chatId)
      if (!chat) return sendings.map(() => notFound('chat'))
      const now = clock.now()
      const met = await readMet(tx, chatId, [...new Set(sendings.map(({ viewer }) => viewer.userId))], sendings.flatMap(namedBy))
      const verdicts = await judge(tx, access, chat, sendings, met)
      const rows = placeAll(chat, verdicts, met.participants, now)
      const changes = rows.map(({ id: messageId, number, senderId }) => changeOf('sent', senderId, { messageId, number }))
      const appended = await feed.append(tx, chatId, changes, nextMessages(rows, now)).catch(retryWhenTaken)
      const sent = new Map(rows.map((message, index) => [message.id, { messageId: message.id, seq: appended[index]?.seq ?? 0, message }]))
      await remember(
        tx,
        verdicts.flatMap(verdict =>
          'take' in verdict ? [{ call: verdict.take.call, outcome: { ...sent.get(verdict.take.id), message: undefined } }] : [],
        ),
        now,
      )
      return answersOf(verdicts, sent)
    }
    return feed.transact(work, { isByKey: true })
  })

/** The messages that have to be looked for. */
const namedBy = ({ id, isChosen, replyToId }: Sending): readonly string[] => [...(isChosen ? [id] : []), ...(replyToId === null ? [] : [replyToId])]

function retryWhenTaken(error: unknown): never {
  throw sqlStateOf(error) === uniqueViolation ? new IdTakenError('Another transaction took the id meanwhile.', { cause: error }) : error
}

const uniqueViolation = '23505'

/** Has the code of a serialization failure, after which a transaction is tried again and finds what is there now. */
class IdTakenError extends Error {
  override readonly name = 'IdTakenError'
  readonly code = '40001'
}

/** What is to be done with a message: take it, answer as it was answered before or refuse it, or answer like an earlier one of the batch. */
type Verdict = { readonly take: Sending } | { readonly answer: Sent | Error } | { readonly repeats: number }

async function judge(tx: Tx, access: Access, chat: ChatRow, sendings: readonly Sending[], { participants, messages }: Met): Promise<Verdict[]> {
  const recalled = await recall<Sent>(
    tx,
    sendings.map(({ call }) => call),
  )
  /** Those that may be answered and whose ids are taken, the ones just on their way included. */
  const numbers = new Map([...messages].map(([id, { chatId, number }]) => [id, chatId === chat.id ? number : 0]))
  const verdicts: Verdict[] = []
  for (const [index, sending] of sendings.entries()) {
    const { viewer, id, replyToId } = sending
    const participant = participants.get(viewer.userId)
    const first = recalled[index] ?? { first: true }
    if (!participant) {
      const isThere = viewer.role === 'ADMIN' && (await access.levelOf(viewer, chat.id, tx)) !== null
      verdicts.push({ answer: isThere ? new AppError('NOT_PARTICIPANT', 'Only members send messages to a chat.') : notFound('chat') })
    } else if (viewer.role !== 'ADMIN' && !allows(participant.level, 'WRITE')) {
      verdicts.push({ answer: new AppError('FORBIDDEN', `This needs WRITE access; you have ${participant.level}.`) })
    } else if ('error' in first) verdicts.push({ answer: first.error })
    else if ('outcome' in first) verdicts.push({ answer: first.outcome })
    else if ('repeats' in first) verdicts.push(first)
    else if (numbers.has(id)) verdicts.push({ answer: new AppError('ALREADY_EXISTS', 'There is a message with this id.', { field: 'input.id' }) })
    else if (replyToId !== null && (numbers.get(replyToId) ?? 0) <= participant.hiddenNumber)
      verdicts.push({ answer: new AppError('NOT_FOUND', 'There is no such message in this chat.', { field: 'input.replyToId' }) })
    else {
      numbers.set(id, Number.POSITIVE_INFINITY)
      verdicts.push({ take: sending })
    }
  }
  return verdicts
}

function placeAll(chat: ChatRow, verdicts: readonly Verdict[], participants: ReadonlyMap<string, Participant>, createdAt: Date): MessageAt[] {
  const sentCounts = new Map<string, number>()
  let number = chat.messageCount
  return verdicts.flatMap(verdict => {
    if (!('take' in verdict)) return []
    const { id, viewer, content, replyToId } = verdict.take
    const senderId = viewer.userId
    const { sentCount = 0, hiddenNumber = 0 } = participants.get(senderId) ?? {}
    const senderNumber = (sentCounts.get(senderId) ?? sentCount) + 1
    sentCounts.set(senderId, senderNumber)
    number += 1
    return [{ id, chatId: chat.id, number, senderId, senderNumber, content, replyToId, editedAt: null, deletedAt: null, createdAt, hiddenNumber }]
  })
}

function answersOf(verdicts: readonly Verdict[], sent: ReadonlyMap<string, Sent>): (Sent | Error)[] {
  const answers: (Sent | Error)[] = []
  for (const verdict of verdicts) {
    const answer = 'answer' in verdict ? verdict.answer : 'repeats' in verdict ? answers[verdict.repeats] : sent.get(verdict.take.id)
    answers.push(answer ?? new Error('A message without an outcome.'))
  }
  return answers
}
