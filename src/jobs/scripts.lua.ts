/**
 * Claims what is due by the server's clock, each job under a claim that no other runner has. `first` is where its KEYS
 * and ARGV begin.
 * KEYS due, records. ARGV how long a claim is valid in ms, the most jobs.
 * Returns {server's time in ms, score of the next job or "", ids, claims, records}.
 * Billed as itself, TIME and ZRANGE; HMGET and ZADD too when something is due.
 */
export const claimScript = (first: 1 | 3): string => `local dueKey, recordsKey = KEYS[${first}], KEYS[${first + 1}]
local claimMs, most = tonumber(ARGV[${first}]), tonumber(ARGV[${first + 1}])
local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local soonest = redis.call("ZRANGE", dueKey, 0, most, "WITHSCORES")
local ids, claims, moves, nextAt = {}, {}, {}, ""
for at = 1, #soonest, 2 do
  local score = tonumber(soonest[at + 1])
  if score >= now + 1 or #ids == most then
    nextAt = soonest[at + 1]
    break
  end
  -- The fraction counts claims, so that the next claim knows of one that was not settled.
  local count = math.min(math.floor((score % 1) * 1024 + 0.5) + 1, 1000)
  local claim = string.format("%.10f", now + claimMs + count / 1024)
  ids[#ids + 1] = soonest[at]
  claims[#claims + 1] = claim
  moves[#moves + 1] = claim
  moves[#moves + 1] = soonest[at]
end
if #ids == 0 then return {now, nextAt, ids, claims, {}} end
redis.call("ZADD", dueKey, "XX", unpack(moves))
return {now, nextAt, ids, claims, redis.call("HMGET", recordsKey, unpack(ids))}`;

/**
 * Settles a claim, if it is still valid: the job may have been claimed again, moved or cancelled meanwhile.
 * KEYS due, records, owner's, dead. ARGV id, claim, "done", "again" or "dead", record, the next try in ms, the due time
 * its owner sees in ms, how long a dead job is kept in ms.
 * Returns 1 or 0. Billed as itself and 4 calls; 5 calls for a dead job, 1 when refused.
 */
export const finishScript = `local id, claim, outcome = ARGV[1], ARGV[2], ARGV[3]
local score = redis.call("ZSCORE", KEYS[1], id)
if not score or tonumber(score) ~= tonumber(claim) then return 0 end
if outcome == "again" then
  redis.call("HSET", KEYS[2], id, ARGV[4])
  redis.call("ZADD", KEYS[1], ARGV[5], id)
  redis.call("ZADD", KEYS[3], ARGV[6], id)
  return 1
end
redis.call("ZREM", KEYS[1], id)
redis.call("HDEL", KEYS[2], id)
redis.call("ZREM", KEYS[3], id)
if outcome == "dead" then redis.call("HSETEX", KEYS[4], "PX", ARGV[7], "FIELDS", 1, id, ARGV[4]) end
return 1`;

/**
 * Writes a new record and due time, if the record is still the one that was read.
 * KEYS due, records, owner's. ARGV id, the record that was read, the new record, its due time in ms.
 * Returns 1 or 0. Billed as itself and 4 calls; 1 call when refused.
 */
export const moveScript = `if redis.call("HGET", KEYS[2], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call("HSET", KEYS[2], ARGV[1], ARGV[3])
redis.call("ZADD", KEYS[1], ARGV[4], ARGV[1])
redis.call("ZADD", KEYS[3], ARGV[4], ARGV[1])
return 1`;

/**
 * Cancels a job of an owner. KEYS due, records, owner's. ARGV id.
 * Returns 1 or 0. Billed as itself and 3 calls; 1 call when refused.
 */
export const cancelScript = `if redis.call("ZREM", KEYS[3], ARGV[1]) == 0 then return 0 end
redis.call("ZREM", KEYS[1], ARGV[1])
redis.call("HDEL", KEYS[2], ARGV[1])
return 1`;
