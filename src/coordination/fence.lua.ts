/**
 * Returns a script behind the fence. Its own KEYS and ARGV begin at 3.
 * KEYS[1] the lease, KEYS[2] its token counter. ARGV[1] the lease's value as the writer knows it, ARGV[2] the writer's
 * token.
 * Returns {1, the script's result}, or {0, the lease's value, the newest token} when another holder has the lease or a
 * newer token was minted. Billed as itself, an MGET, and the script's calls.
 */
export const fenced = (script: string): string => `local stored = redis.call("MGET", KEYS[1], KEYS[2])
if stored[1] ~= ARGV[1] or tonumber(stored[2] or "0") > tonumber(ARGV[2]) then
  return {0, stored[1], stored[2]}
end
local function act()
${script}
end
return {1, act()}`;

/**
 * Runs commands. KEYS from 3: every key they touch. ARGV from 3: for each command the number of its words, then the
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
