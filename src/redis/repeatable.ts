/**
 * A command and its arguments. It may be sent again after a lost reply when running it twice leaves the same data *and* gives
 * the same reply: `DEL` leaves the same data but replies 0 the second time, so it may not.
 */
export type Command = readonly (string | number | boolean)[];

const reads = new Set(
  `bitcount bitpos dbsize echo eval_ro evalsha_ro exists expiretime fcall_ro geodist geohash geopos geosearch get getbit
  getrange hexists hexpiretime hget hgetall hkeys hlen hmget hpexpiretime hpttl hrandfield hscan hstrlen httl hvals info
  keys lindex llen lpos lrange mget pexpiretime pfcount ping pttl randomkey scan scard sdiff sinter sintercard sismember
  smembers smismember srandmember sscan strlen sunion time touch ttl type xinfo xlen xpending xrange xread xrevrange zcard
  zcount zdiff zinter zintercard zlexcount zmscore zrandmember zrange zrangebylex zrangebyscore zrank zrevrange
  zrevrangebyscore zrevrank zscan zscore zunion`.split(/\s+/),
);

/** Overwrites whose reply does not depend on the value before. */
const overwrites = new Set(["getex", "hmset", "lset", "mset", "psetex", "setex"]);

/** These compare with, or return, the value before: a second run sees the first. */
const setConditions = /^(nx|xx|get|if(eq|ne|deq|dne))$/i;
const expireConditions = /^(nx|xx|gt|lt)$/i;
const expiries = new Set(["expire", "expireat", "pexpire", "pexpireat"]);

const nameOf = (command: Command): string => String(command[0]).toLowerCase();

/** Returns whether the command changes nothing, so that a lost reply leaves no unknown outcome. */
export const isRead = (command: Command): boolean => reads.has(nameOf(command));

/** Returns whether the command may be sent a second time. Unknown commands may not. */
export function isRepeatable(command: Command): boolean {
  const name = nameOf(command);
  if (reads.has(name)) return true;
  if (name === "script") return /^(load|exists)$/i.test(String(command[1]));
  if (overwrites.has(name)) return true;
  const conditions = name === "set" ? setConditions : expiries.has(name) ? expireConditions : undefined;
  return conditions !== undefined && !command.slice(3).some((option) => conditions.test(String(option)));
}
