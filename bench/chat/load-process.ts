/** The members of the chats, in a process of its own: each with one socket that follows the inbox and sends. */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { obey } from '../load/child.ts'
import { type Logs, monotonicMs, type Order, type Phase, type PhaseOutcome, processOf, type Start } from './load.ts'
import { overSocket } from './socket.ts'

const inboxEvents = `subscription { inboxEvents { __typename ... on FeedItem { cursor }
  ... on MessageSent { chatId message { id content createdAt sender { id displayName } } } } }`
const sendMessage = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { cursor message { id } } }'
const contentLength = 100
const connectingAtOnce = 8
const arrivalWaitMs = 10_000

interface Delivered {
  readonly data?: { readonly inboxEvents: { readonly __typename: string; readonly message?: { readonly id: string; readonly content: string } } }
}

interface Member {
  readonly chat: number
  readonly member: number
  readonly heard: string[]
  readonly socket: Awaited<ReturnType<typeof overSocket>>
}

let start: Start
const members: Member[] = []
const latencies = new Map<string, number[]>()

async function connect(chat: number, member: number): Promise<void> {
  const socket = await overSocket(start.url, start.tokens[chat]?.[member] ?? '')
  const heard: string[] = []
  members.push({ chat, member, heard, socket })
  await socket.subscribe({ query: inboxEvents, variables: {} }, payload => {
    const event = (payload as Delivered).data?.inboxEvents
    if (event?.__typename === 'FeedReady') return
    heard.push(event?.message?.id ?? event?.__typename ?? JSON.stringify(payload))
    const [phase = '', sentAtMs] = event?.message?.content.split(' ') ?? []
    latencies.get(phase)?.push(monotonicMs() - Number(sentAtMs))
  })
}

async function connectAll(order: Start): Promise<void> {
  start = order
  const { crowd } = order
  const places = order.chatIds
    .flatMap((_, chat) => Array.from({ length: crowd.membersPerChat }, (_, member) => ({ chat, member })))
    .filter(({ chat, member }) => processOf(crowd, chat, member) === order.process)
    .values()
  const workers = Array.from({ length: connectingAtOnce }, async () => {
    for (const { chat, member } of places) await connect(chat, member)
  })
  await Promise.all(workers)
}

async function run({ name, perSecond, seconds, startAtMs }: Phase): Promise<PhaseOutcome> {
  const { crowd, chatIds } = start
  const arrived: number[] = []
  latencies.set(name, arrived)
  const membersOf = Map.groupBy(members, ({ chat }) => chat)
  const failures: string[] = []
  const delays: number[] = []
  let answered = 0
  let expected = 0

  async function send(sender: Member, dueAtMs: number): Promise<void> {
    const sentAtMs = monotonicMs()
    delays.push(sentAtMs - dueAtMs)
    const content = `${name} ${sentAtMs} `.padEnd(contentLength, '.')
    const input = { chatId: chatIds[sender.chat], content, idempotencyKey: randomUUID() }
    const answer = await sender.socket.send({ query: sendMessage, variables: { input } })
    answered++
    if (!answer.includes('"sendMessage":{')) failures.push(answer)
  }

  const cpu = process.cpuUsage()
  for (let index = 0; index < perSecond * seconds; index++) {
    const dueAtMs = startAtMs + (index * 1000) / perSecond
    const early = dueAtMs - monotonicMs()
    if (early > 0) await delay(early)
    const chat = index % crowd.chats
    const member = Math.floor(index / crowd.chats) % crowd.membersPerChat
    const here = membersOf.get(chat) ?? []
    expected += here.length
    const sender = here.find(other => other.member === member)
    if (sender) void send(sender, dueAtMs)
  }
  const deadline = monotonicMs() + arrivalWaitMs
  while ((arrived.length < expected || answered < delays.length) && monotonicMs() < deadline) await delay(10)
  const { user, system } = process.cpuUsage(cpu)
  for (let unanswered = delays.length - answered; unanswered > 0; unanswered--) failures.push('no answer')
  return { sent: delays.length, failures, latencies: arrived, delays, cpuSeconds: (user + system) / 1e6 }
}

async function logs(): Promise<Logs> {
  return members.map(({ chat, member, heard }) => ({ chat, member, heard }))
}

obey<Order>(order => (order.kind === 'start' ? connectAll(order) : order.kind === 'phase' ? run(order) : logs()))
