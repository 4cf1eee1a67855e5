/** Loaded into every server that is measured, by `--import`: tells, at a socket of its own, what its process has used and where. */
import { Session } from 'node:inspector/promises'
import { createServer } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

const path = process.env.BENCH_VITALS
// What the server starts is another process, which is measured on its own or not at all.
delete process.env.BENCH_VITALS

if (isMainThread && path) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (how: Readonly<Record<'type' | 'execution' | 'flavor', string>>) => void
  const session = new Session()
  const vitals = () => {
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed, external } = process.memoryUsage()
    return { cpuMicros: user + system, rssBytes: rss, heapBytes: heapUsed + external }
  }
  const answers: Readonly<Record<string, () => Promise<unknown> | unknown>> = {
    now: vitals,
    collected() {
      // Any other flavor leaves V8 pools of memory that it gives back only after a while.
      collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
      return vitals()
    },
    async profile() {
      session.connect()
      await session.post('Profiler.enable')
      await session.post('Profiler.start')
      return null
    },
    async profiled() {
      const { profile } = await session.post('Profiler.stop')
      session.disconnect()
      return profile
    },
  }
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', async wish => socket.end(JSON.stringify(await answers[wish.toString()]?.())))
  })
  server.listen(path).unref()
}
