import { randomBytes } from 'node:crypto'
import { type Answer, ask } from '../transport/ask.ts'

/** Somebody at an address of their own, as a trusted proxy tells it. */
export interface Caller {
  readonly headers: Readonly<Record<string, string>>
  ask(url: string, query: string, variables?: unknown): Promise<Answer>
}

export function callerAt(address: string, more: Readonly<Record<string, string>> = {}): Caller {
  const headers = { 'x-forwarded-for': address, ...more }
  return { headers, ask: (url, query, variables) => ask(url, query, variables, headers) }
}

/** An address that nobody else has. */
export const newAddress = () => `10.${[...randomBytes(3)].join('.')}`

/** An IPv6 network that nobody else has, as the first half of its addresses. */
export const newNetwork = () => `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}`

/** The same call so many times, in one operation. */
export const times = (count: number, call: string) => Array.from({ length: count }, (_, at) => `c${at}: ${call}`).join(' ')

/** What the headers say of one limit, by its name. */
export function standingOf(
  { headers }: Pick<Answer, 'headers'>,
  name: string,
): { quota: number; window: number; left: number; reset: number } | null {
  const member = (header: string) =>
    headers
      .get(header)
      ?.split(', ')
      .find(item => item.startsWith(`"${name}";`)) ?? ''
  const parameter = (header: string, key: string) => Number(new RegExp(`;${key}=(\\d+)`).exec(member(header))?.[1])
  if (member('ratelimit') === '') return null
  return {
    quota: parameter('ratelimit-policy', 'q'),
    window: parameter('ratelimit-policy', 'w'),
    left: parameter('ratelimit', 'r'),
    reset: parameter('ratelimit', 't'),
  }
}
