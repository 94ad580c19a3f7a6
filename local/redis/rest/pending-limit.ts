import { type Argument, toText } from "../resp/encode.ts";
import type { Command } from "./arguments.ts";

/** Upstash's limit for the messages that a consumer has read from one stream and not acknowledged. */
export const maxPendingEntries = 1_000;

/**
 * KEYS: the streams. ARGV: the group, the consumer, COUNT or 0, and the arguments of XREADGROUP. Without COUNT, a read
 * asks for all that the group has not read.
 */
const script = `local group, consumer, count = ARGV[1], ARGV[2], tonumber(ARGV[3])
local function find(list, name)
  for _, entry in ipairs(list.err and {} or list) do
    local fields = {}
    for at = 1, #entry, 2 do fields[entry[at]] = entry[at + 1] end
    if fields.name == name then return fields end
  end
  return {}
end
for _, key in ipairs(KEYS) do
  local pending = find(redis.pcall('XINFO', 'CONSUMERS', key, group), consumer).pending or 0
  local requested = count
  if count == 0 then requested = find(redis.pcall('XINFO', 'GROUPS', key), group).lag or 0 end
  if pending + requested > ${maxPendingEntries} then
    return redis.error_reply('ERR XReadGroup is cancelled. Pending Entries List limit per consumer is about to be reached. '
      .. 'Limit: ${maxPendingEntries}, Current PEL size: ' .. pending .. ', Requested Read: ' .. requested
      .. ', Key: ' .. key .. ', Group: ' .. group .. ', Consumer: ' .. consumer .. '.')
  end
end
return redis.pcall('XREADGROUP', unpack(ARGV, 4))`;

/**
 * Returns a script for an XREADGROUP that reads new messages and keeps them pending, which Upstash refuses to a consumer
 * with too many. `undefined` for any other, and for one that the engine will refuse.
 *
 * @see https://upstash.com/docs/redis/troubleshooting/stream_pel_limit
 */
export function limitPending([, ...arguments_]: Command): readonly Argument[] | undefined {
  const upper = arguments_.map((argument) => toText(argument).toUpperCase());
  const [first, group, consumer] = arguments_;
  const start = upper.indexOf("STREAMS", 3);
  const options = upper.slice(3, start);
  const streams = arguments_.slice(start + 1);
  if (start < 0 || first === undefined || group === undefined || consumer === undefined) return undefined;
  if (upper[0] !== "GROUP" || options.includes("NOACK") || streams.length % 2 !== 0) return undefined;
  const half = streams.length / 2;
  const keys = streams.slice(0, half).filter((_key, at) => toText(streams[half + at] ?? "") === ">");
  const count = options.includes("COUNT") ? Number(options[options.indexOf("COUNT") + 1]) : 0;
  if (keys.length === 0 || !Number.isSafeInteger(count)) return undefined;
  return ["EVAL", script, String(keys.length), ...keys, group, consumer, String(Math.max(0, count)), ...arguments_];
}
