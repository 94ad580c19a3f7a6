import { type Argument, toText } from "../resp/encode.ts";
import { ReplyError } from "../resp/reply.ts";
import type { Command } from "./arguments.ts";
import { notAvailable } from "./errors.ts";

/** KEYS[1]: the key. ARGV[1]: IFEQ or IFNE. ARGV[2]: the value to compare with. Returns how many keys were deleted. */
const delexScript = `local value = redis.pcall('GET', KEYS[1])
if type(value) == 'table' then return value end
if value == false or (value == ARGV[2]) ~= (ARGV[1] == 'IFEQ') then return 0 end
return redis.call('DEL', KEYS[1])`;

/** ARGV: the arguments of SCAN but for WITHTYPE. Returns the cursor, and each key followed by its type. */
const scanScript = `local page = redis.pcall('SCAN', unpack(ARGV))
if page.err then return page end
local found = {}
for _, key in ipairs(page[2]) do
  found[#found + 1] = key
  found[#found + 1] = redis.call('TYPE', key).ok
end
return {page[1], found}`;

/**
 * Returns commands for `DELEX key [IFEQ value | IFNE value]` on an engine without it. IFDEQ and IFDNE are refused: the
 * engine has no digests.
 *
 * @see https://redis.io/docs/latest/commands/delex/
 */
export function emulateDelex([, key, condition, value, ...more]: Command): readonly Argument[] | ReplyError {
  const hasHalf = condition !== undefined && value === undefined;
  if (key === undefined || hasHalf || more.length > 0) {
    return new ReplyError("ERR wrong number of arguments for 'delex' command");
  }
  if (condition === undefined || value === undefined) return ["DEL", key];
  const how = toText(condition).toUpperCase();
  if (how === "IFEQ" || how === "IFNE") return ["EVAL", delexScript, "1", key, how, value];
  return new ReplyError(/^IFD(EQ|NE)$/.test(how) ? notAvailable(`DELEX ${how}`) : "ERR syntax error");
}

/** Returns a script for `SCAN … WITHTYPE`, which replies `[cursor, [key, type, …]]`; `undefined` without WITHTYPE. */
export function emulateScanWithType([, cursor, ...options]: Command): readonly Argument[] | undefined {
  if (cursor === undefined) return undefined;
  const kept = options.filter((option) => toText(option).toUpperCase() !== "WITHTYPE");
  return kept.length === options.length ? undefined : ["EVAL", scanScript, "0", cursor, ...kept];
}
