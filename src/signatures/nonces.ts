import type { Redis } from 'ioredis'
import type { Clock } from '../platform/clock.ts'
import { createNonceMemory, type Spending } from './nonce-memory.ts'
import { window } from './window.ts'

/** Knows what was sent before. Only what is signed gets here, so strangers can't fill it. */
export interface Nonces {
  spend(keyId: string, nonce: string, timestamp: number): Promise<Spending> | Spending
}

/** Of keys that are older than this node: whatever was signed before it began may have come to it in an earlier life. */
export function createOwnNonces(clock: Clock): Nonces {
  const since = clock.now().getTime()
  const memory = createNonceMemory({ clock })
  return { spend: (keyId, nonce, timestamp) => (timestamp <= since ? 'forgotten' : memory.spend(keyId, nonce, timestamp)) }
}

/** Nodes tell the time a little differently: what is too old for one may not be for another yet. */
const keptMs = window.maxAgeMs + window.maxAheadMs + 60_000

/**
 * `since` holds the run of Redis that remembers, and when it began to. A run that begins empty, from an older state or as the
 * replica that takes over has lost nonces, so it begins anew. Without a nonce it does no more than that.
 */
const script = `
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or ''
local since = string.match(redis.call('GET', KEYS[1]) or '', '^' .. run .. ' (%d+)$')
if not since then
  local time = redis.call('TIME')
  since = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
  redis.call('SET', KEYS[1], run .. ' ' .. since)
end
if not KEYS[2] then return 'begun' end
if tonumber(ARGV[1]) <= tonumber(since) then return 'forgotten' end
return redis.call('SET', KEYS[2], '', 'PX', ARGV[2], 'NX') and 'first' or 'again'
`
const sinceKey = 'tidemark:nonces:since'

/** Over all nodes. While Redis is away it rejects: whether something was sent before can't be known then. */
export function createSharedNonces(redis: Redis): Nonces {
  // Before anybody sends something, or the first operation would be from before the beginning. Should it fail, that one sees to it.
  const begin = () => void redis.eval(script, 1, sinceKey).catch(() => undefined)
  redis.on('ready', begin)
  begin()
  return {
    spend: async (keyId, nonce, timestamp) =>
      (await redis.eval(script, 2, sinceKey, `tidemark:nonce:${keyId}:${nonce}`, timestamp, keptMs)) as Spending,
  }
}
