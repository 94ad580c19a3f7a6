import type { Rule } from "./syntax.ts";

const pairs = `NX XX, PX EX, GT LT, MAXLEN MINID, -inf +inf, LEFT RIGHT, BYSCORE BYLEX, ASC DESC, KEEPTTL PERSIST, PXAT EXAT, ~ =,
  LPUSH RPUSH, LPOP RPOP, INCR DECR, INCRBY DECRBY, SADD SREM, HGET HDEL, HSET HSETNX, ZADD ZREM, ZCARD ZCOUNT, ZRANGE ZREVRANGE,
  DEL EXISTS, EXPIRE PEXPIRE, PTTL TTL, XRANGE XREVRANGE, XADD XLEN, EXPIREAT PEXPIREAT, IFEQ IFNE`;

const others = new Map(
  pairs.split(/,\s*/).flatMap((pair) => {
    const [one = "", other = ""] = pair.split(" ");
    return [
      [one, other],
      [other, one],
    ] as const;
  }),
);

/** Returns the word of Redis that is most easily taken for another, such as XX for NX; `undefined` for any other text. */
export const otherWord = (word: string): string | undefined => others.get(word);

/** A command or an option of Redis becomes another. */
export const redisWords: Rule = (node, { parents: [parent] }) => {
  const { type, start, end } = node;
  const other = type === "Literal" && typeof node["value"] === "string" ? otherWord(node["value"]) : undefined;
  if (!other || parent?.["key"] === node) return [];
  return [{ kind: "Redis word", start: start + 1, end: end - 1, text: other }];
};
