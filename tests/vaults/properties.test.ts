import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { VaultLogInput } from '../generated/graphql.ts'
import { type Person, sharedServers, signUp } from '../harness/client.ts'
import type { Reader } from '../harness/follow.ts'
import { modes } from '../harness/modes.ts'
import { logsOf, newVault, type VaultItem, type VaultLog, vaultOf } from './world.ts'

type Step =
  /** `logs` name what is pushed: the same name is the same log, if the same device pushes it. */
  | {
      readonly do: 'push'
      readonly device: number
      readonly node: number
      readonly logs: readonly number[]
      readonly times: number
      readonly keyed: boolean
    }
  | { readonly do: 'join' | 'leave'; readonly reader: number; readonly node: number }
  | { readonly do: 'page'; readonly reader: number; readonly first: number }

const node = fc.nat(1)
const reader = fc.nat(2)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('push' as const),
      device: fc.nat(3),
      node,
      logs: fc.array(fc.nat(25), { minLength: 1, maxLength: 8 }),
      times: fc.integer({ min: 1, max: 3 }),
      keyed: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('join' as const, 'leave' as const), reader, node }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('page' as const), reader, first: fc.integer({ min: 1, max: 6 }) }) },
)

/** Somebody who reads by feed, by pages, or by both in turn, and keeps what came and where it stood. */
interface Follower {
  readonly got: VaultLog[]
  cursor: string
  feed: Reader<VaultItem> | null
}

describe.each(modes)('several devices at one vault on %s', mode => {
  const servers = sharedServers(mode)

  test('whatever is pushed, repeated, retried and read anew: no gap, each log once, and readers have what the pages show', async () => {
    const ann = await signUp(servers.one.url, 'ann')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), steps => run(ann, steps)),
      { numRuns: 25, endOnFailure: true, interruptAfterTimeLimit: 25_000, markInterruptAsFailure: false },
    )
  })

  async function run(ann: Person, steps: readonly Step[]): Promise<void> {
    const vault = await newVault(ann)
    const start = (await vault.read())?.cursor ?? ''
    const followers: Follower[] = Array.from({ length: 3 }, () => ({ got: [], cursor: start, feed: null }))
    const work: Promise<unknown>[] = []
    const pushed = new Set<string>()
    const wsUrlOf = (index: number) => (index ? servers.other : servers.one).wsUrl

    for (const [index, step] of steps.entries()) {
      if (step.do === 'push') {
        const logs = step.logs.map((name): VaultLogInput => ({ encryptedData: 'QUI=', nonce: `${name}`, haexTimestamp: `at ${name}` }))
        for (const { nonce } of logs) pushed.add(`${step.device} ${nonce}`)
        const by = vaultOf(ann.at((step.node ? servers.other : servers.one).url), vault.vaultId)
        const idempotencyKey = step.keyed ? `${vault.vaultId} ${index}` : null
        for (let time = 0; time < step.times; time++) work.push(by.push({ deviceId: `device ${step.device}`, logs, idempotencyKey }))
        // Some pushes are under way together, others one after the other.
        if (index % 3 === 0) await Promise.all(work)
        continue
      }
      const follower = followers[step.reader] as Follower
      if (step.do === 'join') follower.feed ??= await vault.follow(wsUrlOf(step.node), follower.cursor)
      if (step.do === 'leave') await leave(follower)
      if (step.do === 'page') {
        await leave(follower)
        const page = await vault.page({ afterSequence: follower.got.at(-1)?.sequence ?? 0, first: step.first })
        follower.got.push(...(page?.nodes ?? []))
        follower.cursor = page?.endCursor ?? ''
      }
    }
    await Promise.all(work)

    const all = await vault.all({ first: 4 })
    expect(all.map(log => log.sequence)).toEqual(all.map((_, index) => index + 1))
    expect(all.map(log => `${log.deviceId?.slice(7)} ${log.nonce}`).sort()).toEqual([...pushed].sort())
    for (const follower of followers) {
      follower.feed ??= await vault.follow(servers.one.wsUrl, follower.cursor)
      await follower.feed.got(1 + all.length - follower.got.length)
      await leave(follower)
      expect(follower.got).toEqual(all)
    }
    expect(await vault.all({ first: 3, excludeDeviceId: 'device 0' })).toEqual(all.filter(log => log.deviceId !== 'device 0'))
  }

  /** Keeps what came, and forgets the rest, as a device does that is switched off. */
  async function leave(follower: Follower): Promise<void> {
    const items = [...(follower.feed?.items ?? [])]
    await follower.feed?.[Symbol.asyncDispose]()
    follower.feed = null
    follower.cursor = items.at(-1)?.cursor ?? follower.cursor
    follower.got.push(...logsOf(items))
  }
})
