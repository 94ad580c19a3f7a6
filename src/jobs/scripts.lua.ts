/**
 * Claims jobs and wake-ups that are due by the server's clock, in the order of due times.
 * KEYS due, records; ARGV how long a claim lasts in ms, how many at most.
 * Returns {server's time in ms, score of the next or "", ids, their scores before, claims, records}.
 * The fraction of a score counts the claims that ended unfinished, in 1024ths. A score below every time is due, and an infinite
 * one never is.
 * Billed as itself, TIME and ZRANGE; HMGET and ZADD when something is due.
 */
export const claimScript = `local claimMs, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local soonest = redis.call("ZRANGE", KEYS[1], "-inf", "(inf", "BYSCORE", "LIMIT", 0, most + 1, "WITHSCORES")
local ids, scores, claims, moves, nextAt = {}, {}, {}, {}, ""
for at = 1, #soonest, 2 do
  local score = math.max(tonumber(soonest[at + 1]) or 0, 0)
  if score >= now + 1 or #ids == most then
    nextAt = soonest[at + 1]
    break
  end
  local count = math.min(math.floor((score % 1) * 1024 + 0.5) + 1, 1000)
  local claim = string.format("%.10f", now + claimMs + count / 1024)
  ids[#ids + 1] = soonest[at]
  scores[#scores + 1] = soonest[at + 1]
  claims[#claims + 1] = claim
  moves[#moves + 1] = claim
  moves[#moves + 1] = soonest[at]
end
if #ids == 0 then return {now, nextAt, ids, scores, claims, {}} end
redis.call("ZADD", KEYS[1], "XX", unpack(moves))
return {now, nextAt, ids, scores, claims, redis.call("HMGET", KEYS[2], unpack(ids))}`;

/**
 * Ends a claim, if it still holds: by then the job may have been claimed again, moved or cancelled. Of the keys that may hold
 * another type, an owner's comes last, and those of the dead come first: the script ends there, and no job is lost.
 * KEYS due, records, owner's, dead, graves; ARGV id, claim, "done", "again" or "dead", record ("" keeps the stored one), when to
 * try it next and when its owner sees it due, how long a dead one is kept, its grave ("" for none) and when it died, times in ms.
 * Returns 1 or 0.
 * Billed as itself and 4 calls; 7 for a dead one, 5 without a grave, 2 for "again" without a record, 1 when refused.
 */
export const finishScript = `local id, claim, outcome = ARGV[1], ARGV[2], ARGV[3]
local score = redis.call("ZSCORE", KEYS[1], id)
if not score or tonumber(score) ~= tonumber(claim) then return 0 end
if outcome == "again" then
  redis.call("ZADD", KEYS[1], ARGV[5], id)
  if ARGV[4] ~= "" then
    redis.call("HSET", KEYS[2], id, ARGV[4])
    redis.call("ZADD", KEYS[3], ARGV[6], id)
  end
  return 1
end
if outcome == "dead" then
  redis.call("HSETEX", KEYS[4], "PX", ARGV[7], "FIELDS", 1, id, ARGV[4])
  if ARGV[8] ~= "" then
    redis.call("ZREMRANGEBYSCORE", KEYS[5], "-inf", tonumber(ARGV[9]) - tonumber(ARGV[7]))
    redis.call("ZADD", KEYS[5], ARGV[9], ARGV[8])
  end
end
redis.call("ZREM", KEYS[1], id)
redis.call("HDEL", KEYS[2], id)
redis.call("ZREM", KEYS[3], id)
return 1`;

/**
 * Keeps a job, unless its id is that of another owner's job, or it would be one more than its owner may have.
 * KEYS due, records, owner's, and dead and graves to take it from there; ARGV id, the record, when it is due in ms, how many its
 * owner may have ("" for any number), its grave. Returns 1, 0 for another owner's job, -1 for one too many, -2 for a dead one that
 * another call has taken.
 * Billed as itself and 4 calls, 1 more each for a limit and for a job that is replaced, 3 more for a dead one; 2 calls when refused.
 */
export const keepScript = `if redis.call("HGET", KEYS[2], ARGV[1]) then
  if not redis.call("ZSCORE", KEYS[3], ARGV[1]) then return 0 end
elseif ARGV[4] ~= "" and redis.call("ZCARD", KEYS[3]) >= tonumber(ARGV[4]) then
  return -1
end
if KEYS[4] and redis.call("HEXISTS", KEYS[4], ARGV[1]) == 0 then return -2 end
redis.call("ZADD", KEYS[3], ARGV[3], ARGV[1])
redis.call("HSET", KEYS[2], ARGV[1], ARGV[2])
redis.call("ZADD", KEYS[1], ARGV[3], ARGV[1])
if KEYS[4] then
  redis.call("HDEL", KEYS[4], ARGV[1])
  redis.call("ZREM", KEYS[5], ARGV[5])
end
return 1`;

/**
 * Writes another record and due time, if the record is still the one that was read.
 * KEYS due, records, owner's; ARGV id, the record read, the new one, when it is due in ms, until when a claim that runs may last at
 * most in ms ("" moves a job that runs as well). Returns 1, 0 for another record, -1 for a job that runs.
 * Billed as itself and 4 calls, 1 more to look for a claim; 1 or 2 when refused.
 */
export const moveScript = `if redis.call("HGET", KEYS[2], ARGV[1]) ~= ARGV[2] then return 0 end
if ARGV[5] ~= "" then
  local score = tonumber(redis.call("ZSCORE", KEYS[1], ARGV[1]) or "0")
  if score % 1 > 0 and score > tonumber(ARGV[4]) and score < tonumber(ARGV[5]) then return -1 end
end
redis.call("ZADD", KEYS[3], ARGV[4], ARGV[1])
redis.call("HSET", KEYS[2], ARGV[1], ARGV[3])
redis.call("ZADD", KEYS[1], ARGV[4], ARGV[1])
return 1`;

/**
 * Removes a job, if it is that owner's. KEYS due, records, owner's; ARGV id. Returns 1 or 0.
 * Billed as itself and 3 calls; 1 when refused.
 */
export const cancelScript = `if redis.call("ZREM", KEYS[3], ARGV[1]) == 0 then return 0 end
redis.call("ZREM", KEYS[1], ARGV[1])
redis.call("HDEL", KEYS[2], ARGV[1])
return 1`;

/**
 * Removes a wake-up, if it is still the one that was set. KEYS due; ARGV id, its score. Returns 1 or 0.
 * Billed as itself and 2 calls; 1 when it was moved.
 */
export const unwakeScript = `local score = redis.call("ZSCORE", KEYS[1], ARGV[1])
if not score or tonumber(score) ~= tonumber(ARGV[2]) then return 0 end
return redis.call("ZREM", KEYS[1], ARGV[1])`;

/**
 * Removes all jobs of an owner. KEYS due, records, owner's, dead, graves; ARGV the owner.
 * Billed as itself and 3 calls, 2 more for each thousand jobs begun, 1 more for each thousand dead ones begun.
 */
export const forgetScript = `local ids = redis.call("ZRANGE", KEYS[3], 0, -1)
for first = 1, #ids, 1000 do
  local some = {unpack(ids, first, math.min(first + 999, #ids))}
  redis.call("ZREM", KEYS[1], unpack(some))
  redis.call("HDEL", KEYS[2], unpack(some))
end
local dead = redis.call("HKEYS", KEYS[4])
for first = 1, #dead, 1000 do
  local graves = {}
  for at = first, math.min(first + 999, #dead) do graves[#graves + 1] = ARGV[1] .. "\\n" .. dead[at] end
  redis.call("ZREM", KEYS[5], unpack(graves))
end
return redis.call("UNLINK", KEYS[3], KEYS[4])`;
