import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Noted } from '../../src/audit/noted.ts'
import { createRefusals } from '../../src/audit/refusals.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { until } from '../harness/wait.ts'

const logger = createLogger('silent')
const refusal = (ip: string, target: string | null = null): Noted => ({
  actor: { userId: null, ip },
  action: 'sign-in-refused',
  note: { target, details: { reason: 'INVALID_CREDENTIALS' } },
})
const countOf = ({ note }: Noted) => Number(note.details?.['count'] ?? 1)
const sum = (rows: readonly Noted[]) => rows.reduce((total, row) => total + countOf(row), 0)

test('the first refusal of a kind is noted at once, and a million more of it as one number', async () => {
  const rows: Noted[] = []
  const refusals = createRefusals({ logger, write: async batch => void rows.push(...batch) })
  for (let index = 0; index < 1_000_000; index++) refusals.tell(refusal('192.0.2.1', 'user_a'))
  await until('the first', () => rows.length > 0)
  expect(rows).toEqual([refusal('192.0.2.1', 'user_a')])
  await refusals[Symbol.asyncDispose]()
  expect(rows).toHaveLength(2)
  expect(rows[1]?.note).toEqual({ target: 'user_a', details: { reason: 'INVALID_CREDENTIALS', count: 999_999 } })
})

test('however many addresses and targets somebody makes up, there are few rows, and every refusal is in one of them', async () => {
  const rows: Noted[] = []
  const refusals = createRefusals({ logger, write: async batch => void rows.push(...batch) })
  const before = process.memoryUsage().heapUsed
  for (let index = 0; index < 200_000; index++) {
    refusals.tell(refusal(`2001:db8:${(index >> 4).toString(16)}::${index.toString(16)}`.replace(/:(\w{5,}):/, ':ffff:'), `user_${index}`))
    refusals.tell(refusal(`10.${index & 255}.${(index >> 8) & 255}.1`, `user_${index % 1_000}`))
  }
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024)
  await refusals[Symbol.asyncDispose]()
  expect(sum(rows)).toBe(400_000)
  expect(rows.length).toBeLessThan(310)
  expect(rows.filter(({ actor }) => actor.ip === null).length).toBeLessThanOrEqual(2)
})

test('whoever floods from one network does not hide what comes from another', async () => {
  const rows: Noted[] = []
  const refusals = createRefusals({ logger, write: async batch => void rows.push(...batch) })
  for (let index = 0; index < 10_000; index++) refusals.tell(refusal(`2001:db8::${(index % 60_000).toString(16)}`, `user_${index}`))
  refusals.tell(refusal('198.51.100.1', 'user_a'))
  await refusals[Symbol.asyncDispose]()
  expect(rows).toContainEqual(refusal('198.51.100.1', 'user_a'))
  expect(rows.length).toBeLessThan(15)
})

test('what is counted is noted once in each window, and a kind that does not come again is forgotten', async () => {
  const rows: Noted[] = []
  const refusals = createRefusals({ logger, windowMs: 40, write: async batch => void rows.push(...batch) })
  for (let index = 0; index < 10; index++) refusals.tell(refusal('192.0.2.1'))
  await until('the number', () => sum(rows) === 10)
  expect(rows.length).toBe(2)
  await delay(150)
  refusals.tell(refusal('192.0.2.1'))
  await until('the first again', () => sum(rows) === 11)
  expect(rows.at(-1)).toEqual(refusal('192.0.2.1'))
  await refusals[Symbol.asyncDispose]()
  expect(rows).toHaveLength(3)
})

test('while the database is away nothing is lost, nothing is kept twice, and nobody waits', async () => {
  const rows: Noted[] = []
  let isAway = true
  const refusals = createRefusals({
    logger,
    windowMs: 80,
    write: async batch => {
      if (isAway) throw new Error('away')
      rows.push(...batch)
    },
  })
  for (let index = 0; index < 1_000; index++) refusals.tell(refusal(`192.0.2.${index % 3}`))
  await delay(200)
  expect(rows).toEqual([])
  isAway = false
  await until('all of them', () => sum(rows) === 1_000)
  await refusals[Symbol.asyncDispose]()
  expect(sum(rows)).toBe(1_000)
  expect(rows.length).toBeLessThanOrEqual(9)
})
