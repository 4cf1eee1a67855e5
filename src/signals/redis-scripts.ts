/**
 * A topic is a hash, key → `version clock holder state`, and a sorted set of when each key is due. State is JSON text,
 * empty for what was removed, and Redis never parses it. Versions begin at the time in microseconds, so that those of a
 * topic that was forgotten and came back are higher than any it had before. Both keys outlive their last entry by a minute.
 */
const ground = `
local hash, due = KEYS[1], KEYS[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local head = tonumber(redis.call('HGET', hash, 'head') or '0')
local start = head
local removed = {}

local function text(number) return string.format('%.0f', number) end

local function nextVersion()
  head = head == 0 and time[1] * 1000000 + time[2] or head + 1
  return text(head)
end

local function parse(value)
  local version, clock, holder, state = string.match(value, '^(%d+) (%-?%d+) (%S*) (.*)$')
  return { version = tonumber(version), clock = tonumber(clock), holder = holder, state = state }
end

local function get(key)
  local value = redis.call('HGET', hash, key)
  return value and parse(value)
end

local function noteRemoved(key, version, clock)
  removed[#removed + 1] = key
  removed[#removed + 1] = version
  removed[#removed + 1] = text(clock)
end

local function remove(key, entry)
  redis.call('HDEL', hash, key)
  redis.call('ZREM', due, key)
  if entry and entry.state ~= '' then noteRemoved(key, nextVersion(), entry.clock) end
end

local function finish()
  if head ~= start then redis.call('HSET', hash, 'head', text(head)) end
  local last = redis.call('ZREVRANGE', due, 0, 0, 'WITHSCORES')
  local left = (last[2] and math.max(math.ceil(last[2] - now), 0) or 0) + 60000
  redis.call('PEXPIRE', hash, left)
  redis.call('PEXPIRE', due, left)
end

for _, key in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', now)) do remove(key, get(key)) end
`

/** ARGV: most entries in a topic, most of one owner, then seven for each operation. Gives outcomes and removals. */
export const applyScript = `${ground}
local function write(key, clock, ttl, holder, state)
  local version = nextVersion()
  redis.call('HSET', hash, key, version .. ' ' .. text(clock) .. ' ' .. holder .. ' ' .. state)
  redis.call('ZADD', due, now + ttl, key)
  return version
end

local function isFull(prefix)
  local keys = redis.call('HKEYS', hash)
  if #keys > tonumber(ARGV[1]) then return true end
  local owned = 0
  for _, key in ipairs(keys) do
    if string.sub(key, 1, #prefix) == prefix then owned = owned + 1 end
  end
  return owned >= tonumber(ARGV[2])
end

local operations = {}

function operations.set(key, prefix, given, ttl, holder, state)
  local current = get(key)
  local clock = given ~= '' and tonumber(given) or (current and current.clock + 1 or 0)
  if current and not (clock > current.clock or (clock == current.clock and state == '' and current.state ~= '')) then
    return { 'kept', '0', text(current.clock), current.state }
  end
  if not current and isFull(prefix) then
    return { state == '' and 'kept' or 'full', '0', text(clock), '' }
  end
  return { 'set', write(key, clock, ttl, state == '' and '' or holder, state), text(clock), '' }
end

function operations.refresh(key, _, _, ttl, holder)
  local current = get(key)
  if not current then return { 'missing' } end
  if current.holder ~= holder then return { 'foreign' } end
  redis.call('ZADD', due, now + ttl, key)
  return { 'done' }
end

function operations.release(key, _, _, _, holder)
  local current = get(key)
  if current and current.holder == holder then remove(key, current) end
  return { 'done' }
end

function operations.clear(_, prefix, _, ttl)
  for _, key in ipairs(redis.call('HKEYS', hash)) do
    if string.sub(key, 1, #prefix) == prefix then
      local current = get(key)
      if current.state ~= '' then noteRemoved(key, write(key, -1, ttl, '', ''), current.clock) end
    end
  end
  return { 'done' }
end

local outcomes = {}
for at = 3, #ARGV, 7 do
  outcomes[#outcomes + 1] = operations[ARGV[at]](ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5], ARGV[at + 6])
end
finish()
return { outcomes, removed }
`

/** ARGV: since. Gives head, removals, and five for each living entry: key, time left, version, clock, state. */
export const readScript = `${ground}
local scores = redis.call('ZRANGE', due, 0, -1, 'WITHSCORES')
local live = {}
for at = 1, #scores, 2 do
  local key = scores[at]
  local entry = get(key)
  if entry and entry.state ~= '' then
    local isNew = entry.version > tonumber(ARGV[1])
    for _, part in ipairs({ key, text(scores[at + 1] - now), text(entry.version), text(entry.clock), isNew and entry.state or '' }) do
      live[#live + 1] = part
    end
  end
end
if head ~= start then finish() end
return { text(head), removed, live }
`
