import { openSocket, startNode } from './nodes.ts'

// A node in a process of its own, to be killed: it holds a signal and looks after it until then.
const [redisUrl, ttlSeconds] = process.argv.slice(2)
const { signals } = await startNode(redisUrl)
await signals.set('t', { owner: 'user_ann', client: 'laptop' }, 'held', { clock: 1, ttlSeconds: Number(ttlSeconds), heldBy: openSocket('s1') })
process.stdout.write('held\n')
setInterval(() => {}, 60_000)
