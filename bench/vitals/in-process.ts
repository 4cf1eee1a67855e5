/** Loaded into every server that is measured, by `--import`: tells, at a socket of its own, what its process has used. */
import { createServer } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

const path = process.env.BENCH_VITALS
// What the server starts is another process, which is measured on its own or not at all.
delete process.env.BENCH_VITALS

if (isMainThread && path) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', wish => {
      if (wish.toString() === 'collected') collect()
      const { user, system } = process.cpuUsage()
      socket.end(JSON.stringify({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() }))
    })
  })
  server.listen(path).unref()
}
