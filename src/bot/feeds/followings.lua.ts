/**
 * Has a channel follow a topic, unless its server follows as much as it may.
 * KEYS the server's followings, the topic's followers; ARGV the following, the channel, the server, how many a server may have.
 * Returns 1 or 0. Billed as itself and 4 calls; 3 for one that is known, 2 when refused.
 */
export const followScript = `if redis.call("HEXISTS", KEYS[1], ARGV[1]) == 0 and redis.call("HLEN", KEYS[1]) >= tonumber(ARGV[4]) then
  return 0
end
redis.call("HSET", KEYS[1], ARGV[1], "")
redis.call("HSET", KEYS[2], ARGV[2], ARGV[3])
return 1`;
