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
    file: "local/redis/resp/decode.ts",
    from: "let neededBytes = 0;",
    to: "let neededBytes = 1;",
    because: "Every value needs more than a byte.",
  },
  {
    file: "local/redis/resp/decode.ts",
    from: "neededBytes = 0;",
    to: "neededBytes = 1;",
    because: "Every value needs more than a byte.",
  },
  {
    file: "local/redis/resp/decode.ts",
    from: "const safeDigits = 15;",
    to: "const safeDigits = 14;",
    because: "The slower way reads an integer of 15 digits as well.",
  },
  {
    file: "local/redis/engine/engine.ts",
    from: "if (isStepScheduled) return;",
    to: "",
    because: "A further turn finds nothing to do.",
  },
  {
    file: "local/redis/engine/engine.ts",
    from: "isStepScheduled = true;",
    to: "",
    because: "A further turn finds nothing to do.",
  },
  {
    file: "local/redis/engine/engine.ts",
    from: "isStepScheduled = true;",
    to: "isStepScheduled = false;",
    because: "A further turn finds nothing to do.",
  },
  {
    file: "local/redis/rest/database.ts",
    from: "hasDelex: Array.isArray(delex) && Array.isArray(delex[0]),",
    to: "hasDelex: Array.isArray(delex[0]),",
    because: "An error has no first entry either.",
  },
  {
    file: "local/render/markdown/inline.ts",
    from: "if (run) return textPart(run[0], at + run[0].length);",
    to: "",
    because: "A shortcut: the same text is read one character at a time.",
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
    file: "src/coordination/lease.ts",
    from: "seenToken = () => 0,",
    to: "seenToken = () => 1,",
    because: "Tokens are made of the time in milliseconds: each is greater than both.",
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
    file: "src/jobs/job.ts",
    from: "if (!Array.isArray(fields)) return undefined;",
    to: "",
    because: "What is no list cannot be taken apart, or has no times: a text gives its letters.",
  },
  {
    file: "src/runtime/feature-index.ts",
    from: 'const prefixOf = (pattern: string): string => pattern.split("/", 1)[0] ?? pattern;',
    to: 'const prefixOf = (pattern: string): string => pattern.split("/", 1)[0];',
    because: "A split text has a first part; the types do not know that.",
  },
  {
    file: "src/pubsub/channels.ts",
    from: 'const tail = rest.pop() ?? "";',
    to: "const tail = rest.pop();",
    because: "A pattern has a part behind its last star; the types do not know that.",
  },
  {
    file: "src/pubsub/create-pubsub.ts",
    from: 'if (!(error instanceof RedisReplyError) || error.reply !== "WRONGTYPE") throw error;',
    to: 'if (error.reply !== "WRONGTYPE") throw error;',
    because: "Only Redis' replies have such a code; the types ask for the class.",
  },
  {
    file: "src/pubsub/group/claim-stale.ts",
    from: "deliveries: deliveries.get(entry.streamId) ?? 1,",
    to: "deliveries: deliveries.get(entry.streamId),",
    because: "What is claimed was pending; the types do not know that.",
  },
  {
    file: "src/pubsub/group/claim-stale.ts",
    from: "deliveries: deliveries.get(entry.streamId) ?? 1,",
    to: "deliveries: deliveries.get(entry.streamId) ?? 2,",
    because: "What is claimed was pending; the types do not know that.",
  },
  {
    file: "src/pubsub/group/claim-stale.ts",
    from: 'const left = await Promise.all(missing.map((id) => pubsub.exec<RawEntry[] | null>("XRANGE", stream, id, id)));',
    to: 'const left = await Promise.all(missing.map((id) => pubsub.exec<RawEntry[] | null>("XREVRANGE", stream, id, id)));',
    because: "One entry is the same in either order.",
  },
  {
    file: "src/pubsub/group/context.ts",
    from: "error instanceof RedisReplyError && error.reply === reply;",
    to: "error.reply === reply;",
    because: "Only Redis' replies have such a code; the types ask for the class.",
  },
  {
    file: "src/pubsub/group/dead-letters.ts",
    from: "? await Promise.all(ids.map((id) => read(id, id, 1)))",
    to: "? await Promise.all(ids.map((id) => read(id, id, 2)))",
    because: "One entry has this id.",
  },
  {
    file: "src/pubsub/group/retry-stale.ts",
    from: "pubsub.reportGap({ reader, after: first, before: trimmed.at(-1) ?? first, missed: trimmed.length });",
    to: "pubsub.reportGap({ reader, after: first, before: trimmed.at(-1), missed: trimmed.length });",
    because: "A list with a first has a last; the types do not know that.",
  },
  {
    file: "src/pubsub/group/retry-stale.ts",
    from: "const delivered = await handleAll(group, entries, (streamId) => deliveriesOf.get(streamId) ?? 1);",
    to: "const delivered = await handleAll(group, entries, (streamId) => deliveriesOf.get(streamId));",
    because: "The deliveries of each entry were noted; the types do not know that.",
  },
  {
    file: "src/pubsub/group/retry-stale.ts",
    from: "const delivered = await handleAll(group, entries, (streamId) => deliveriesOf.get(streamId) ?? 1);",
    to: "const delivered = await handleAll(group, entries, (streamId) => deliveriesOf.get(streamId) ?? 2);",
    because: "The deliveries of each entry were noted; the types do not know that.",
  },
  {
    file: "src/pubsub/invalidations.ts",
    from: 'typeof data === "object" &&\ndata !== null &&\n"names" in data &&',
    to: '(typeof data === "object" &&\ndata !== null) &&',
    because: "What has no names has no list of them either; the types ask for it.",
  },
  {
    file: "src/pubsub/lives.ts",
    from: "state.extendAt.set(keys.stream, isExtended ? now + extendMs : 0);",
    to: "state.extendAt.set(keys.stream, isExtended ? now + extendMs : 1);",
    because: "Every clock shows more than a millisecond of 1970.",
  },
  {
    file: "src/pubsub/poller.ts",
    from: "const left = handlers.count() === 0 || !place.cursor ? undefined : gapAfter(place.cursor, page);",
    to: "const left = handlers.count() === 0 ? undefined : gapAfter(place.cursor, page);",
    because: "With handlers there is a place once a page was read; the types do not know that.",
  },
  {
    file: "src/pubsub/reader.ts",
    from: "if (!first || !last) return { entries, cursor, gap: undefined, isFull: false };",
    to: "if (!first) return { entries, cursor, gap: undefined, isFull: false };",
    because: "A list with a first has a last; the types do not know that.",
  },
  {
    file: "src/pubsub/reader.ts",
    from: "if (!first || !last) return { entries, cursor, gap: undefined, isFull: false };",
    to: "if (!last) return { entries, cursor, gap: undefined, isFull: false };",
    because: "A list with a first has a last; the types do not know that.",
  },
  {
    file: "src/pubsub/reader.ts",
    from: "const first = cursor.ordinal === undefined ? undefined : cursor.ordinal - entries.length + 1;",
    to: "const first = false ? undefined : cursor.ordinal - entries.length + 1;",
    because: "Where the number of a page is not known, that of its gap is not either.",
  },
  {
    file: "src/pubsub/reader.ts",
    from: "if (error instanceof RedisReplyError && /no such key/i.test(error.message)) return undefined;",
    to: "if (/no such key/i.test(error.message)) return undefined;",
    because: "Only Redis' replies say that; the types ask for the class.",
  },
  {
    file: "src/pubsub/state.ts",
    from: "export const createPlace = (memorySize: number): Place => ({ memory: createMemory(memorySize), polledAt: 0 });",
    to: "export const createPlace = (memorySize: number): Place => ({ memory: createMemory(memorySize), polledAt: 1 });",
    because: "Every clock shows more than a millisecond of 1970.",
  },
  {
    file: "src/pubsub/state.ts",
    from: "getOrCreate(subscribers, name, () => ({ renewedAt: 0 }));",
    to: "getOrCreate(subscribers, name, () => ({ renewedAt: 1 }));",
    because: "It is read only where a cursor is known, which sets it.",
  },
  {
    file: "src/pubsub/subscriber.ts",
    from: "if (!(error instanceof WrongTypeError) || error.key !== key) throw error;",
    to: "if (error.key !== key) throw error;",
    because: "Only this error names a key; the types ask for the class.",
  },
  {
    file: "src/pubsub/subscriber.ts",
    from: "if (!Array.isArray(stored)) return undefined;",
    to: "",
    because: "What is no list cannot be taken apart either, or has no id: that throws, and is caught.",
  },
  {
    file: "src/cache/entry.ts",
    from: 'value: (source === "L1" && copy ? copy() : value) as T | undefined,',
    to: "value: (copy ? copy() : value) as T | undefined,",
    because: "It hands out a copy more of a value that no other reader gets.",
  },
  {
    file: "src/cache/envelope.ts",
    from: 'if (split < 0 || !isHead(head)) return { kind: "unreadable", text };',
    to: 'if (split <= 0 || !isHead(head)) return { kind: "unreadable", text };',
    because: "An empty first line is no JSON: that throws, and is caught.",
  },
  {
    file: "src/cache/envelope.ts",
    from: 'if (split < 0 || !isHead(head)) return { kind: "unreadable", text };',
    to: 'if (split < 1 || !isHead(head)) return { kind: "unreadable", text };',
    because: "An empty first line is no JSON: that throws, and is caught.",
  },
  {
    file: "src/cache/envelope.ts",
    from: "Array.isArray(head) &&\nhead.length === 6 &&",
    to: "(head.length === 6) &&",
    because: "What is no list cannot be taken apart either: that throws, and is caught.",
  },
  {
    file: "src/cache/keep.ts",
    from: "if (known && known.storedAt > storedAt) return;",
    to: "if (known && known.storedAt >= storedAt) return;",
    because: "Of two values of the same millisecond neither is the newer one.",
  },
  {
    file: "src/cache/keep.ts",
    from: "state.entries.set(key, { value, ...times, tags, sequence, ...(copy && { copy }) }, text.length);",
    to: "state.entries.set(key, { value, ...times, tags, sequence, ...({ copy }) }, text.length);",
    because: "A copy that is undefined counts as none; the types tell them apart.",
  },
  {
    file: "src/cache/l1.ts",
    from: "sequence: 0,",
    to: "sequence: 1,",
    because: "Only the order of the numbers counts.",
  },
  {
    file: "src/cache/l2.ts",
    from: 'if (error instanceof RedisReplyError && error.reply === "WRONGTYPE") {',
    to: 'if (error.reply === "WRONGTYPE") {',
    because: "Only Redis' replies have such a code; the types ask for the class.",
  },
  {
    file: "src/cache/l2.ts",
    from: 'return after.stored.kind === "claim" && after.stored.text === claim ? { ...after, claim } : after;',
    to: "return after.stored.text === claim ? { ...after, claim } : after;",
    because: "Only a claim has the text of one.",
  },
  {
    file: "src/cache/load-once.ts",
    from: "for (let waitedMs = 0; waitedMs < longestMs; ) {",
    to: "for (let waitedMs = 0; waitedMs <= longestMs; ) {",
    because: "What was waited by chance is never a second to the last digit.",
  },
  {
    file: "src/cache/load.ts",
    from: 'return stored.kind === "value" && stored.generations === generations && clock.now() < stored.serveUntil;',
    to: "return (stored.generations === generations) && clock.now() < stored.serveUntil;",
    because: "Nothing but a value has a time until which it is served.",
  },
  {
    file: "src/cache/remember.ts",
    from: 'if (stored.kind === "value" && stored.generations === generations && now < stored.freshUntil) return;',
    to: "if ((stored.generations === generations) && now < stored.freshUntil) return;",
    because: "Nothing but a value has a time until which it is fresh.",
  },
  {
    file: "src/cache/remember.ts",
    from: 'const { stored, generations = "" } = found[index] ?? {};',
    to: 'const { stored, generations = "" } = found[index];',
    because: "Each key has a reply; the types do not know that.",
  },
  {
    file: "src/cache/remember.ts",
    from: 'if (!stored || stored.kind === "claim") return;',
    to: 'if (stored.kind === "claim") return;',
    because: "Each key has a reply; the types do not know that.",
  },
  {
    file: "src/cache/wait-for-fill.ts",
    from: 'if (!found) throw new Error(`The poll for "${wanted.key}" left before it was added.`);',
    to: "",
    because: "It is added in the turn in which the poll begins, or before it leaves; the types do not know that.",
  },
  {
    file: "src/cache/without-redis.ts",
    from: "for (let waitedMs = 0; countRunning(context) >= maxUnclaimed; waitedMs += 25) {",
    to: "for (let waitedMs = 1; countRunning(context) >= maxUnclaimed; waitedMs += 25) {",
    because: "It waits in steps of 25 ms.",
  },
  {
    file: "src/metrics/ledger.ts",
    from: 'const fields: unknown = JSON.parse(text ?? "");',
    to: "const fields: unknown = JSON.parse(text);",
    because: "No text is read as null, which is no list.",
  },
  {
    file: "src/metrics/reporter.ts",
    from: "if (!pending) return;",
    to: "",
    because: "It is called only with a report that is pending; the types do not know that.",
  },
  {
    file: "src/metrics/reporter.ts",
    from: "if (state.pending) await attempt();",
    to: "if (true) await attempt();",
    because: "A second attempt finds nothing to report.",
  },
  {
    file: "src/metrics/state.ts",
    from: "const [oldest = 0, second = 0] = [...minutes.keys()].toSorted((a, b) => a - b);",
    to: "const [oldest = 1, second = 0] = [...minutes.keys()].toSorted((a, b) => a - b);",
    because: "There are more than ten minutes; the types do not know that.",
  },
  {
    file: "src/metrics/state.ts",
    from: "const [oldest = 0, second = 0] = [...minutes.keys()].toSorted((a, b) => a - b);",
    to: "const [oldest = 0, second = 1] = [...minutes.keys()].toSorted((a, b) => a - b);",
    because: "There are more than ten minutes; the types do not know that.",
  },
  {
    file: "src/metrics/state.ts",
    from: "if (from && to) addAll(to, from);",
    to: "if (from) addAll(to, from);",
    because: "There are more than ten minutes; the types do not know that.",
  },
  {
    file: "src/metrics/state.ts",
    from: "if (from && to) addAll(to, from);",
    to: "if (to) addAll(to, from);",
    because: "There are more than ten minutes; the types do not know that.",
  },
  {
    file: "src/metrics/state.ts",
    from: "if (from && to) addAll(to, from);",
    to: "if (true) addAll(to, from);",
    because: "There are more than ten minutes; the types do not know that.",
  },
  {
    file: "src/tracing/index.ts",
    from: 'const tracing: PlatformTracing | undefined = "tracing" in platform ? platform.tracing : undefined;',
    to: "const tracing: PlatformTracing | undefined = true ? platform.tracing : undefined;",
    because: "What a module does not have is undefined; the types ask for it.",
  },
];

/** Returns the entry for a fault, or `undefined` for one that a test can notice. */
export const equivalentOf = (
  mutant: Pick<Mutant, "file" | "from" | "to">,
  list: readonly Equivalent[] = equivalents,
): Equivalent | undefined =>
  list.find(({ file, from, to }) => file === mutant.file && from === mutant.from && to === mutant.to);
