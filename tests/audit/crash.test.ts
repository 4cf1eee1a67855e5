import { expect, test } from 'vitest'
import { apiKey, keeperOf } from '../admin/world.ts'
import { clientOf, password, signUp } from '../harness/client.ts'
import { environmentOf } from '../harness/modes.ts'
import { register } from '../harness/operations.ts'
import { startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { faultsOf, wholeLog } from './follow.ts'
import { runVerify } from './verify-run.ts'

test.each(['embedded', 'postgres'] as const)(
  'what was only counted outlives an orderly stop, and the chain holds after kill -9, with all that was acknowledged in it, on %s',
  async mode => {
    await using environment = await environmentOf(mode)
    const env = { ...environment.env, ADMIN_API_KEY: apiKey, SIGN_IN_RATE_LIMIT_PER_MIN: '0' }
    let server = await startServer(env)
    try {
      const nobody = clientOf(server.url, 'no.token.at-all')
      await Promise.all(Array.from({ length: 300 }, () => nobody.post('{"query":"{ viewer { id } }"}')))
      expect(await server.stop()).toMatchObject({ code: 0 })
      server = await startServer(env)
      const refused = (await wholeLog(keeperOf(server.url))).filter(({ action }) => action === 'sign-in-refused')
      expect(refused.reduce((sum, { details }) => sum + Number((details as { count?: number }).count ?? 1), 0)).toBe(300)
      expect(refused.length).toBeLessThanOrEqual(3)

      await signUp(server.url)
      const acknowledged: string[] = []
      const load = Array.from({ length: 40 }, async (_, index) => {
        const input = { email: `killed.${index}@example.org`, password }
        const answer = await clientOf(server.url).run(register, { input })
        acknowledged.push(answer.register.user.id)
      })
      const settled = Promise.allSettled(load)
      await until('some of them', () => acknowledged.length >= 5)
      await server.kill()
      await settled
      server = await startServer(env)
      const log = await wholeLog(keeperOf(server.url))
      expect(faultsOf(log)).toEqual([])
      const made = new Set(log.filter(({ action }) => action === 'register').map(({ target }) => target))
      for (const id of acknowledged) expect(made.has(id)).toBe(true)
      const { users } = await keeperOf(server.url)
        .post('{"query":"{ users(first: 500) { nodes { id } } }"}')
        .then(({ data }) => data as { users: { nodes: { id: string }[] } })
      expect(new Set(users.nodes.map(({ id }) => id))).toEqual(made)
      await server.stop()
      expect(await runVerify(env)).toMatchObject({ code: 0, output: expect.stringContaining(`1 to ${log.length}`) })
    } finally {
      await server.kill()
    }
  },
  300_000,
)
