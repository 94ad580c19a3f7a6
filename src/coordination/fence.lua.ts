/**
 * Returns a script behind the fence. Its own KEYS begin at 2, its own ARGV at 3.
 * KEYS[1] the token stream. ARGV[1] the lease's value as the writer knows it, ARGV[2] the writer's token.
 * Returns {1, the script's result}, or {0, the value of the newest token's lease, the newest token} when that token is
 * greater, or is the same number and was minted again for another lease. Adds the writer's token to a stream that lost it,
 * so that later tokens are greater, and replaces a key that takes no token: one of another type, or a stream that was emptied
 * and remembers a later id. Compares numbers: ids sort differently as text.
 * Billed as itself, an XREVRANGE, and the script's calls; as an XADD more when the stream lost the token, and as a DEL and an
 * XADD more when it is replaced.
 */
export const fenced = (
  script: string,
): string => `local last = redis.pcall("XREVRANGE", KEYS[1], "+", "-", "COUNT", 1)[1]
local token, newest, holder = tonumber(ARGV[2]), 0, false
local id = string.format("%.0f-%.0f", math.floor(token / 1000), token % 1000)
if last then
  local ms, sequence = string.match(last[1], "(%d+)-(%d+)")
  newest = tonumber(ms) * 1000 + math.min(tonumber(sequence), 999)
  holder = last[2][2]
end
if newest > token or (newest == token and holder ~= ARGV[1]) then
  return {0, holder, string.format("%.0f", newest)}
end
if newest < token then
  local function add(call) return call("XADD", KEYS[1], "MAXLEN", 1, id, "holder", ARGV[1]) end
  if last then
    add(redis.call)
  elseif type(add(redis.pcall)) == "table" then
    redis.call("DEL", KEYS[1])
    add(redis.call)
  end
end
local function act()
${script}
end
return {1, act()}`;

/**
 * Runs commands. KEYS from 2: every key they touch. ARGV from 3: for each command the number of its words, then the
 * words. Returns their replies, in order.
 */
export const runCommands = `local replies = {}
local at = 3
while at <= #ARGV do
  local words = tonumber(ARGV[at])
  replies[#replies + 1] = redis.call(unpack(ARGV, at + 1, at + words))
  at = at + 1 + words
end
return replies`;
