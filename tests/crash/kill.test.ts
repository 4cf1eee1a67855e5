import { expect, test } from 'vitest'
import { environmentOf } from '../harness/modes.ts'
import { freePort } from '../harness/places.ts'
import { startServer } from '../harness/server.ts'
import { startLoad } from './load.ts'

const plans = [
  { mode: 'postgres', kills: 50, pushes: 10_000 },
  { mode: 'embedded', kills: 6, pushes: 1_050 },
] as const

test.concurrent.each(plans)(
  'kill -9 of the server, $kills times during $pushes acknowledged pushes of eight clients: none lost, none twice, $mode',
  async plan => {
    await using environment = await environmentOf(plan.mode)
    const env = {
      ...environment.env,
      PORT: String(await freePort()),
      LOG_LEVEL: 'info',
      MAX_QUERY_COST: '1000000',
    }
    let server = await startServer(env)
    try {
      await using load = await startLoad({ urlOf: () => server.wsUrl, clients: 8, documents: 4, underWay: 12, pushes: plan.pushes })
      const share = Math.floor(plan.pushes / (plan.kills + 1))
      let amidst = 0
      for (let kill = 1; kill <= plan.kills; kill++) {
        load.release(kill * share)
        await load.more(kill * share - Math.floor(share / 2) - load.acknowledged)
        // Pushes that go in together are acknowledged together, sometimes all that were let go.
        if (load.acknowledged < kill * share) amidst += 1
        await server.kill()
        server = await startServer(env)
      }
      expect(await load.finish(server.url)).toEqual({ changes: plan.pushes })
      expect(amidst).toBeGreaterThan(plan.kills / 2)
      expect(load.closeCodes.length).toBeGreaterThanOrEqual(plan.kills * 8)
    } finally {
      await server.kill()
    }
  },
  400_000,
)
