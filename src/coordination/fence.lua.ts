/**
 * Puts the fence before a script: its KEYS begin at 3 and its ARGV at 3.
 * KEYS[1] the lease, KEYS[2] its token counter; ARGV[1] the lease's value as the writer knows it, ARGV[2] its token.
 * Returns {1, what the script returns}, or {0, the lease's value, the newest token} when somebody else holds the lease
 * or a newer token was minted. Billed as itself, an MGET, and what the script calls.
 */
export const fenced = (script: string): string => `local standing = redis.call("MGET", KEYS[1], KEYS[2])
if standing[1] ~= ARGV[1] or tonumber(standing[2] or "0") > tonumber(ARGV[2]) then
  return {0, standing[1], standing[2]}
end
local function act()
${script}
end
return {1, act()}`;

/**
 * Runs commands. KEYS from 3: every key they touch. ARGV from 3: for each command the number of its words, then the words.
 * Returns their replies in order.
 */
export const runCommands = `local replies = {}
local at = 3
while at <= #ARGV do
  local words = tonumber(ARGV[at])
  replies[#replies + 1] = redis.call(unpack(ARGV, at + 1, at + words))
  at = at + 1 + words
end
return replies`;
