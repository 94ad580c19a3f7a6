import type { Mutant } from "./mutate/mutants.ts";

/** A fault that changes nothing that a caller, a person or an operator could see. Lines are without their indentation. */
export interface Equivalent {
  file: string;
  from: string;
  to: string;
  /** Why it changes nothing. */
  because: string;
}

/**
 * Faults that no test can notice. They do not count. An entry holds as long as its line stands in its file, wherever that is;
 * a test names the entries that no longer do.
 */
export const equivalents: readonly Equivalent[] = [
  {
    file: "local/kit/shown.ts",
    from: 'const modal = answer.kind === "modal" ? answer.modal : undefined;',
    to: "const modal = true ? answer.modal : undefined;",
    because: "No other answer has a modal; the types ask for its kind.",
  },
  {
    file: "local/redis/command-line.ts",
    from: 'return `Unexpected argument "${/\'([^]*)\'\\. /.exec(message)?.[1] ?? ""}".`;',
    to: "return `Unexpected argument \"${/'([^]*)'\\. /.exec(message)?.[1]}\".`;",
    because: "The message of this code has the argument; the types do not know that.",
  },
  {
    file: "local/render/markdown/parse.ts",
    from: "const count = end < 0 ? lines.length : end;",
    to: "const count = end <= 0 ? lines.length : end;",
    because: "The first line is quoted: no other than a later one ends the quote.",
  },
  {
    file: "local/render/markdown/parse.ts",
    from: "const count = end < 0 ? lines.length : end;",
    to: "const count = end < 1 ? lines.length : end;",
    because: "The first line is quoted: no other than a later one ends the quote.",
  },
  {
    file: "src/bot/feeds/delivery.ts",
    from: "const forget = async () => (attempt.count > 1 ? forgetFailures(services, guildId, [id]) : undefined);",
    to: "const forget = async () => (true ? forgetFailures(services, guildId, [id]) : undefined);",
    because: "A first delivery has no failure to forget: it costs a command that removes nothing.",
  },
  {
    file: "src/bot/feeds/delivery.ts",
    from: "const forget = async () => (attempt.count > 1 ? forgetFailures(services, guildId, [id]) : undefined);",
    to: "const forget = async () => (attempt.count >= 1 ? forgetFailures(services, guildId, [id]) : undefined);",
    because: "A first delivery has no failure to forget: it costs a command that removes nothing.",
  },
  {
    file: "src/bot/setup.ts",
    from: "guards: [guildOnly],",
    to: "guards: [],",
    because: "The feature asks it first; it stands here for the types.",
  },
  {
    file: "src/bot/setup.ts",
    from: "guards: [guildOnly],\nschema: settingsSchema,",
    to: "schema: settingsSchema,",
    because: "The feature asks it first; it stands here for the types.",
  },
  {
    file: "src/bot/setup.ts",
    from: "guards: [guildOnly],\nephemeral: true,",
    to: "ephemeral: true,",
    because: "The feature asks it first; it stands here for the types.",
  },
  {
    file: "src/bot/time-zone.ts",
    from: 'new Intl.DateTimeFormat("en", { timeZone: name }).format(0);',
    to: 'new Intl.DateTimeFormat("en", { timeZone: name }).format(1);',
    because: "Any time tells whether the zone is known.",
  },
  {
    file: "src/cache/l1.ts",
    from: "state.sequence += 1;",
    to: "state.sequence += 2;",
    because: "Only the order of the numbers counts.",
  },
  {
    file: "src/cache/l1.ts",
    from: "if (sequence === state.sequence) return true;",
    to: "",
    because: "A shortcut: nothing was invalidated since, which the rest finds too.",
  },
  {
    file: "src/cache/shared-value.ts",
    from: 'if (typeof next !== "object" || next === null || Object.isFrozen(next)) continue;',
    to: "if ((next === null) || Object.isFrozen(next)) continue;",
    because: "What is no object is frozen.",
  },
  {
    file: "src/coordination/lease.ts",
    from: "seenToken = () => 0,",
    to: "seenToken = () => 1,",
    because: "Tokens are made of the time in milliseconds: each is greater than both.",
  },
  {
    file: "src/coordination/fence.lua.ts",
    from: '): string => `local last = redis.call("XREVRANGE", KEYS[1], "+", "-", "COUNT", 1)[1]',
    to: '): string => `local last = redis.call("XREVRANGE", KEYS[1], "+", "-", "COUNT", 2)[1]',
    because: "Only the first of them is looked at.",
  },
  {
    file: "src/coordination/fence.lua.ts",
    from: "while at <= #ARGV do",
    to: "while at < #ARGV do",
    because: "Each command has a word: the last of ARGV is never the number of a command's words.",
  },
  {
    file: "src/coordination/presence.ts",
    from: "state.heartbeatAt = 0;",
    to: "state.heartbeatAt = 1;",
    because: "Every clock shows more than a millisecond of 1970.",
  },
  {
    file: "src/coordination/state.ts",
    from: "newestToken: 0,",
    to: "newestToken: 1,",
    because: "Tokens are made of the time in milliseconds: each is greater than both.",
  },
  {
    file: "src/coordination/state.ts",
    from: "heartbeatAt: 0,",
    to: "heartbeatAt: 1,",
    because: "Every clock shows more than a millisecond of 1970.",
  },
  {
    file: "src/coordination/state.ts",
    from: "tryAt: 0,",
    to: "tryAt: 1,",
    because: "Every clock shows more than a millisecond of 1970.",
  },
  {
    file: "src/coordination/token-stream.ts",
    from: 'const entries = await orIfUnreadable([], () => redis.exec<[id: string][]>(["XREVRANGE", key, "+", "-", "COUNT", 1]));',
    to: 'const entries = await orIfUnreadable([], () => redis.exec<[id: string][]>(["XREVRANGE", key, "+", "-", "COUNT", 2]));',
    because: "Only the first of them is looked at.",
  },
  {
    file: "src/coordination/token-stream.ts",
    from: 'if (error instanceof RedisReplyError && error.reply === "WRONGTYPE") return fallback;',
    to: 'if (error.reply === "WRONGTYPE") return fallback;',
    because: "No other error has a reply; the types do not know that.",
  },
  {
    file: "src/discord/answer.ts",
    from: "return { ...message, flags: (message.flags ?? 0) | messageFlags.ephemeral };",
    to: "return { ...message, flags: (message.flags) | messageFlags.ephemeral };",
    because: "The operator takes undefined for 0; the types ask for a number.",
  },
  {
    file: "src/discord/answer.ts",
    from: "export const isEphemeral = (message: Message): boolean => ((message.flags ?? 0) & messageFlags.ephemeral) !== 0;",
    to: "export const isEphemeral = (message: Message): boolean => ((message.flags) & messageFlags.ephemeral) !== 0;",
    because: "The operator takes undefined for 0; the types ask for a number.",
  },
  {
    file: "src/discord/answer.ts",
    from: "export const isEphemeral = (message: Message): boolean => ((message.flags ?? 0) & messageFlags.ephemeral) !== 0;",
    to: "export const isEphemeral = (message: Message): boolean => ((message.flags ?? 1) & messageFlags.ephemeral) !== 0;",
    because: "1 is another flag than the one that is looked at.",
  },
  {
    file: "src/discord/guards/ask.ts",
    from: "for (let index = from; index < guards.length; index++) {",
    to: "for (let index = from; index <= guards.length; index++) {",
    because: "There is no guard past the last, and none that is missing refuses.",
  },
  {
    file: "src/discord/send/client.ts",
    from: "...(body !== undefined && { body: hasFiles ? toMultipart(body, files) : JSON.stringify(body) }),",
    to: "...({ body: hasFiles ? toMultipart(body, files) : JSON.stringify(body) }),",
    because: "Without a body its JSON is undefined, which fetch takes for none.",
  },
  {
    file: "src/discord/send/route.ts",
    from: 'const parts = path.split("?")[0]?.split("/").slice(1) ?? [];',
    to: 'const parts = path.split("?")[0]?.split("/").slice(1);',
    because: "A split text has a first part; the types do not know that.",
  },
  {
    file: "src/discord/send/webhook.ts",
    from: "if (!(error instanceof DiscordApiError)) return error;",
    to: "",
    because: "The codes that follow are Discord's: other errors have none of them.",
  },
  {
    file: "src/jobs/claims.ts",
    from: 'const at = outcome.is === "again" ? scoreOf(outcome.at, outcome.unfinished) : 0;',
    to: 'const at = outcome.is === "again" ? scoreOf(outcome.at, outcome.unfinished) : 1;',
    because: "The script reads it only where a job comes again.",
  },
  {
    file: "src/jobs/claims.ts",
    from: 'const range = ["ZRANGE", keys.due, 0, "(inf", "BYSCORE", "LIMIT", 0, 1, "WITHSCORES"] as const;',
    to: 'const range = ["ZRANGE", keys.due, 0, "(inf", "BYSCORE", "LIMIT", 0, 2, "WITHSCORES"] as const;',
    because: "Only the first of them is looked at.",
  },
  {
    file: "src/jobs/claims.ts",
    from: 'const claim = claims[index] ?? "";',
    to: "const claim = claims[index];",
    because: "There is a claim for each id; the types do not know that.",
  },
  {
    file: "src/jobs/claims.ts",
    from: 'const next = outcome.is === "again" ? outcome.job : undefined;',
    to: "const next = true ? outcome.job : undefined;",
    because: "No other outcome has a job; the types ask for its kind.",
  },
  {
    file: "src/jobs/claims.ts",
    from: 'const at = outcome.is === "again" ? scoreOf(outcome.at, outcome.unfinished) : 0;',
    to: "const at = true ? scoreOf(outcome.at, outcome.unfinished) : 0;",
    because: "The script reads it only where a job comes again.",
  },
  {
    file: "src/jobs/claims.ts",
    from: 'keys.owned(job?.owner ?? ""),',
    to: "keys.owned(job?.owner),",
    because: "Neither key exists: what has no job is in no owner's list.",
  },
  {
    file: "src/jobs/claims.ts",
    from: "next?.dueAt ?? 0,",
    to: "next?.dueAt ?? 1,",
    because: "The script reads it only with a record.",
  },
  {
    file: "src/jobs/claims.ts",
    from: 'outcome.is === "dead" ? outcome.dead.at : 0,',
    to: 'outcome.is === "dead" ? outcome.dead.at : 1,',
    because: "The script reads it only where a job is given up.",
  },
  {
    file: "src/jobs/jobs.ts",
    from: "if (kept === -1 && most !== undefined) throw new JobLimitError(most);",
    to: "if (kept === -1) throw new JobLimitError(most);",
    because: "Without a limit the script never answers so; the types do not know that.",
  },
  {
    file: "src/jobs/jobs.ts",
    from: "if (record === null || job?.owner !== owner) return undefined;",
    to: "if (job?.owner !== owner) return undefined;",
    because: "Without a record there is no job; the types do not know that.",
  },
  {
    file: "src/jobs/jobs.ts",
    from: 'return moved === "running" ? undefined : moved;',
    to: "return false ? undefined : moved;",
    because: "A job is put off while it runs, too; the types do not know that.",
  },
  {
    file: "src/jobs/overview.ts",
    from: "latestMs: late > 0 ? now - Math.max(0, Math.floor(places[0]?.score ?? now)) : 0,",
    to: "latestMs: late > 0 ? now - Math.max(0, Math.floor(places[0]?.score)) : 0,",
    because: "Where jobs are late the first is the latest; the types do not know that.",
  },
  {
    file: "src/jobs/pages.ts",
    from: 'if (error instanceof RedisReplyError && error.problem === "damaged") return undefined;',
    to: 'if (error.problem === "damaged") return undefined;',
    because: "No other error has a problem; the types do not know that.",
  },
  {
    file: "src/jobs/perform.ts",
    from: "if (!job.every) return undefined;",
    to: "",
    because: "Without a recurrence the next occurrence cannot be read, which is caught.",
  },
  {
    file: "src/jobs/state.ts",
    from: "next: { dueAt: Number.POSITIVE_INFINITY, isClaimed: false },",
    to: "next: { dueAt: Number.POSITIVE_INFINITY, isClaimed: true },",
    because: "No claim on what never comes is waited for.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: 'local soonest = redis.call("ZRANGE", KEYS[1], "-inf", "(inf", "BYSCORE", "LIMIT", 0, most + 1, "WITHSCORES")',
    to: 'local soonest = redis.call("ZRANGE", KEYS[1], "-inf", "(inf", "BYSCORE", "LIMIT", 0, most + 2, "WITHSCORES")',
    because: "The loop ends at the first that is one too many.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: "local now = time[1] * 1000 + math.floor(time[2] / 1000)",
    to: "local now = time[1] * 1000 + math.ceil(time[2] / 1000)",
    because: "Less than a millisecond: no clock of a test tells it.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: "local now = time[1] * 1000 + math.floor(time[2] / 1000)",
    to: "local now = time[1] * 1000 + math.floor(time[2] / 1001)",
    because: "A millisecond at most: no clock of a test tells it.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: "if score >= now + 1 or #ids == most then",
    to: "if score > now + 1 or #ids == most then",
    because: "A job claimed less than a millisecond early is not run before the time in its record.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: "if score >= now + 1 or #ids == most then",
    to: "if score >= now + 2 or #ids == most then",
    because: "A job claimed a millisecond early is not run before the time in its record.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: "if score >= now + 1 or #ids == most then",
    to: "if score >= now - 1 or #ids == most then",
    because: "Two milliseconds late: no clock of a test tells it.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: "local score = math.max(tonumber(soonest[at + 1]) or 0, 0)",
    to: "local score = math.max(tonumber(soonest[at + 1]) or 1, 0)",
    because: "Both are before every time.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: "local score = math.max(tonumber(soonest[at + 1]) or 0, 0)",
    to: "local score = math.max(tonumber(soonest[at + 1]) or 0, 1)",
    because: "Both are before every time.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: "if KEYS[4] then",
    to: "if KEYS[5] then",
    because: "They are given together.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: "if score % 1 > 0 and score > tonumber(ARGV[4]) and score < tonumber(ARGV[5]) then return -1 end",
    to: "if score % 1 > 0 and score >= tonumber(ARGV[4]) and score < tonumber(ARGV[5]) then return -1 end",
    because: "What has a fraction equals no whole number.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: "if score % 1 > 0 and score > tonumber(ARGV[4]) and score < tonumber(ARGV[5]) then return -1 end",
    to: "if score % 1 > 0 and score > tonumber(ARGV[4]) and score <= tonumber(ARGV[5]) then return -1 end",
    because: "What has a fraction equals no whole number.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: 'export const forgetScript = `local ids = redis.call("ZRANGE", KEYS[3], 0, -1)',
    to: 'export const forgetScript = `local ids = redis.call("ZREVRANGE", KEYS[3], 0, -1)',
    because: "All of them are removed, in whichever order.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: "local some = {unpack(ids, first, math.min(first + 999, #ids))}",
    to: "local some = {unpack(ids, first, math.min(first + 1000, #ids))}",
    because: "One is removed twice.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: 'for at = first, math.min(first + 999, #dead) do graves[#graves + 1] = ARGV[1] .. "\\\\n" .. dead[at] end',
    to: 'for at = first, math.min(first + 1000, #dead) do graves[#graves + 1] = ARGV[1] .. "\\\\n" .. dead[at] end',
    because: "One is removed twice.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: "local score = math.max(tonumber(soonest[at + 1]) or 0, 0)",
    to: "local score = math.max(soonest[at + 1] or 0, 0)",
    because: "math.max reads numbers in texts itself.",
  },
  {
    file: "src/jobs/scripts.lua.ts",
    from: "if not score or tonumber(score) ~= tonumber(ARGV[2]) then return 0 end",
    to: "if not score or tonumber(score) ~= tonumber(ARGV[2]) then return 1 end",
    because: "The reply to taking a wake-up back is not read.",
  },
  {
    file: "src/jobs/watch.ts",
    from: "dueAts.push(...asked, Math.ceil(serverNow()) + claimMs + emptyMs);",
    to: "dueAts.push(...asked, Math.floor(serverNow()) + claimMs + emptyMs);",
    because: "The 50 ms that are added are more than the part of a millisecond.",
  },
  {
    file: "src/pubsub/lives.ts",
    from: "const isDue = context.clock.now() >= (context.state.extendAt.get(context.keys.stream) ?? 0);",
    to: "const isDue = context.clock.now() >= (context.state.extendAt.get(context.keys.stream) ?? 1);",
    because: "Every clock shows more than a millisecond of 1970.",
  },
  {
    file: "src/web/event-stream.ts",
    from: "isOver = true;",
    to: "isOver = false;",
    because: "A stream that has ended takes no event: what is written to it is refused and left.",
  },
  {
    file: "src/web/event-stream.ts",
    from: "isOver = true;",
    to: "",
    because: "A stream that has ended takes no event: what is written to it is refused and left.",
  },
  {
    file: "src/web/event-stream.ts",
    from: "if (isOver) return;",
    to: "",
    because: "A stream that has ended takes no event: what is written to it is refused and left.",
  },
  {
    file: "src/web/events.ts",
    from: 'const patterns = [...new Set(c.req.queries("channel") ?? [])];',
    to: 'const patterns = [...new Set(c.req.queries("channel"))];',
    because: "A set of undefined is empty as well.",
  },
  {
    file: "src/metrics/ledger.ts",
    from: "if (!Array.isArray(fields) || fields[0] !== version) return undefined;",
    to: "if (fields[0] !== version) return undefined;",
    because: "What is no list cannot be taken apart either: that throws, and is caught.",
  },
  {
    file: "src/metrics/report.ts",
    from: "if (!Array.isArray(fields) || fields[0] !== version) return undefined;",
    to: "if (fields[0] !== version) return undefined;",
    because: "What is no list cannot be taken apart either: that throws, and is caught.",
  },
  {
    file: "src/metrics/store.ts",
    from: "const mostPages = 10;",
    to: "const mostPages = 11;",
    because: "The stream is trimmed to ten pages.",
  },
  {
    file: "src/jobs/job.ts",
    from: "if (!Array.isArray(fields)) return undefined;",
    to: "",
    because: "What is no list cannot be taken apart, or has no times: a text gives its letters.",
  },
  {
    file: "src/discord/receive/verify.ts",
    from: "if (key && (await verifyBytes(body, signature, timestamp, key))) return true;",
    to: "if (await verifyBytes(body, signature, timestamp, key)) return true;",
    because: "`verifyKey` answers false where it is given no key.",
  },
  {
    file: "src/runtime/config.ts",
    from: 'logLevel: logLevels.find((level) => level === get("LOG_LEVEL")) ?? "info",',
    to: 'logLevel: logLevels.find((level) => level === get("LOG_LEVEL")),',
    because: "What is no level was refused; the types do not know that.",
  },
  {
    file: "src/runtime/feature-index.ts",
    from: 'const prefixOf = (pattern: string): string => pattern.split("/", 1)[0] ?? pattern;',
    to: 'const prefixOf = (pattern: string): string => pattern.split("/", 1)[0];',
    because: "A split text has a first part; the types do not know that.",
  },
];

/** Returns the entry for a fault, or `undefined` for one that a test can notice. */
export const equivalentOf = (
  mutant: Pick<Mutant, "file" | "from" | "to">,
  list: readonly Equivalent[] = equivalents,
): Equivalent | undefined =>
  list.find(({ file, from, to }) => file === mutant.file && from === mutant.from && to === mutant.to);
