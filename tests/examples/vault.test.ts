import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createClock } from '../../examples/vault/clock.ts'
import { newVaultKey, openLog, sealLog, TamperedLogError, unwrapKey, WrongPasswordError, wrapKey } from '../../examples/vault/crypto.ts'
import { createReplica } from '../../examples/vault/replica.ts'
import { environmentOf } from '../harness/modes.ts'
import { startServer } from '../harness/server.ts'

async function run(...parameters: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['examples/vault/main.ts', ...parameters], {
    cwd: join(import.meta.dirname, '../..'),
    timeout: 90_000,
  })
  return stdout
}

const expectAll = (output: string) => {
  expect(output).toContain('changes it too: VERSION_MISMATCH')
  expect(output).toContain('with the old password: WrongPasswordError')
  expect(output.match(/\{"Beloved":"to read","Middlemarch":"page 212"\}/g)).toHaveLength(2)
  expect(output.match(/\{"Beloved":"to read","Middlemarch":"page 212","Persuasion":"to read"\}/g)).toHaveLength(3)
  expect(output).toContain('All devices show the same.')
}

test('two devices on two nodes share a vault', { timeout: 120_000 }, async () => {
  await using environment = await environmentOf('postgres+redis')
  await using one = await startServer(environment.env)
  await using other = await startServer(environment.env)
  expectAll(await run('--url', one.url, '--url', other.url))
})

test('two devices share a vault on a server that the script starts', { timeout: 120_000 }, async () => {
  expectAll(await run('--password', 'another one'))
})

test('a key opens with its password and for its vault only', async () => {
  const key = await newVaultKey()
  const wrapped = await wrapKey(key, 'pass', 'a vault')
  const log = await sealLog(await unwrapKey(wrapped, 'pass', 'a vault'), 'a vault', 'laptop', 'now', { some: 'content' })
  expect(await openLog(key, 'a vault', { ...log, sequence: 1, id: 'x' })).toEqual({ some: 'content' })
  await expect(unwrapKey(wrapped, 'pass ', 'a vault')).rejects.toThrow(WrongPasswordError)
  await expect(unwrapKey(wrapped, 'pass', 'another')).rejects.toThrow(WrongPasswordError)
  await expect(openLog(key, 'another', { ...log, sequence: 7, id: 'x' })).rejects.toThrow(TamperedLogError)
  await expect(openLog(await newVaultKey(), 'a vault', { ...log, sequence: 7, id: 'x' })).rejects.toMatchObject({ sequence: 7 })
})

test('times of a device rise, and come after all that it heard of, whatever the clocks say', () => {
  const step = fc.record({ at: fc.nat(5), hears: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), steps => {
      let now = 1_000
      const [mine, other] = [createClock('a', () => now), createClock('b', () => 1_003)]
      let last = ''
      for (const { at, hears } of steps) {
        now = 1_000 + at
        if (hears) {
          const heard = other.tick()
          mine.hear(heard)
          last = heard > last ? heard : last
        }
        const time = mine.tick()
        expect(time > last).toBe(true)
        last = time
      }
    }),
  )
  const still = createClock('a', () => 1_000)
  const times = Array.from({ length: 70_000 }, still.tick)
  expect(times.toSorted()).toEqual(times)
})

test('replicas that got the same edits in any order hold the same', () => {
  const edit = fc.record({ key: fc.constantFrom('a', 'b'), value: fc.option(fc.constantFrom('x', 'y', 'z')), time: fc.nat(99) })
  fc.assert(
    fc.property(
      fc
        .uniqueArray(edit, { selector: ({ time }) => time, maxLength: 12 })
        .chain(edits => fc.tuple(fc.constant(edits), fc.shuffledSubarray(edits, { minLength: edits.length }))),
      ([edits, shuffled]) => {
        const [one, other] = [edits, [...shuffled, ...edits]].map(all => {
          const replica = createReplica()
          for (const { time, ...change } of all) replica.apply(change, String(time).padStart(2, '0'))
          return replica.entries()
        })
        expect(one).toEqual(other)
      },
    ),
  )
})
