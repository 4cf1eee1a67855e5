import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { firstDifference, hashOf } from '../../examples/replay/compare.ts'
import { createReplica } from '../../examples/replay/replica.ts'
import { environmentOf } from '../harness/modes.ts'
import { startServer } from '../harness/server.ts'

/** `REPLAY_LINES=31102` replays the whole text. The first 7,000 lines are just above 1 MB. */
const lines = process.env['REPLAY_LINES'] ?? '7000'
const timeoutMs = 300_000

async function replay(...parameters: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['examples/replay/main.ts', ...parameters], {
    cwd: join(import.meta.dirname, '../..'),
    timeout: timeoutMs,
  }).catch(error => Promise.reject(new Error(`${error.stdout}\n${error.stderr}`)))
  return stdout
}

test('three clients on two nodes end with the same document', { timeout: timeoutMs }, async () => {
  await using environment = await environmentOf('postgres+redis')
  await using one = await startServer(environment.env)
  await using other = await startServer(environment.env)
  const output = await replay('--url', one.url, '--url', other.url, '--lines', lines)
  expect(output).toMatch(/after the edits: \d+ lines, .* the same for ada, ben, cleo, the server at .*, the server at /)
  expect(output).toMatch(/after proofreading: .* the text itself/)
  expect(output).toMatch(/ [1-9]\d* superseded, [1-9]\d* reconnects, /)
  expect(output).toContain('All of them hold the same document.')
})

test('three clients on a server that the script starts end with the same document', { timeout: timeoutMs }, async () => {
  const output = await replay('--lines', process.env['REPLAY_LINES'] ?? '1500', '--seed', '2')
  expect(output).toContain('All of them hold the same document.')
})

test('documents that differ have other hashes, and the first difference is named', () => {
  const fields = { a: 1, b: 'x', c: null }
  expect(hashOf({ c: null, b: 'x', a: 1 })).toBe(hashOf(fields))
  expect(firstDifference(fields, { ...fields })).toBeNull()
  for (const [other, difference] of [
    [{ a: 1, b: 'y', c: null }, 'b: "x" and "y"'],
    [{ a: 1, c: null }, 'b: "x" and not there'],
    [{ ...fields, aa: 0 }, 'aa: not there and 0'],
  ] as const) {
    expect(hashOf(other)).not.toBe(hashOf(fields))
    expect(firstDifference(fields, other)).toBe(difference)
  }
})

test('a replica takes the later write, whatever comes first', () => {
  const base = { path: 'p', deleted: false, timestamp: 5, counter: 5, clientId: 'm' }
  const ordered = [
    { ...base, timestamp: 4, counter: 9, clientId: 'z', value: 'an older time' },
    { ...base, counter: 4, clientId: 'z', value: 'a lower counter' },
    { ...base, clientId: 'l', value: 'a lower id' },
    { ...base, value: 'last' },
  ]
  for (const writes of [ordered, ordered.toReversed()]) {
    const replica = createReplica()
    for (const write of writes) replica.merge([write])
    expect(replica.fields()).toEqual({ p: 'last' })
    replica.merge([{ ...base, timestamp: 6, deleted: true, value: null }])
    expect(replica.fields()).toEqual({})
  }
})
