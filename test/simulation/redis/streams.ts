import { never, type Pending, Refusal, type Reply, type Store, type StreamEntry, type Value } from "./store.ts";

// Streams and their groups, as far as the project uses them; `model.test.ts` holds them beside the real ones.

type Words = readonly string[];
type Stream = Extract<Value, { type: "stream" }>;
type Place = [ms: number, sequence: number];

/** What `~` leaves alone: Valkey trims whole nodes, which hold so many entries. */
const nodeSize = 100;

export const streamCommands: Readonly<Record<string, (store: Store, words: Words) => Reply>> = {
  XADD(store, [key = "", ...rest]) {
    const [rule, [id = "", ...fields]] = ruleOf(rest);
    if (fields.length === 0 || fields.length % 2 === 1) {
      throw new Refusal("ERR wrong number of arguments for 'xadd' command");
    }
    const given = id === "*" ? undefined : placeOf(id);
    if (given && given[0] === 0 && given[1] === 0) {
      throw new Refusal("ERR The ID specified in XADD must be greater than 0-0");
    }
    const stream = store.find(key, "stream");
    const last = placeOf(stream?.lastId ?? "0-0");
    const next: Place = store.now > last[0] ? [store.now, 0] : [last[0], last[1] + 1];
    const place = given ?? next;
    if (compare(place, last) <= 0) {
      throw new Refusal("ERR The ID specified in XADD is equal or smaller than the target stream top item");
    }
    const standing = stream ?? create(store, key);
    standing.lastId = place.join("-");
    standing.added += 1;
    standing.entries.push({ id: standing.lastId, fields });
    if (rule) trim(standing, rule);
    return standing.lastId;
  },
  XTRIM(store, [key = "", ...rest]) {
    const [rule] = ruleOf(rest);
    if (!rule) throw syntax();
    const stream = store.find(key, "stream");
    return stream ? trim(stream, rule) : 0;
  },
  XLEN: (store, [key = ""]) => store.find(key, "stream")?.entries.length ?? 0,
  XDEL(store, [key = "", ...ids]) {
    const stream = store.find(key, "stream");
    if (!stream) return 0;
    const gone = new Set(ids.map((id) => placeOf(id).join("-")));
    const before = stream.entries.length;
    stream.entries = stream.entries.filter(({ id }) => !gone.has(id));
    return before - stream.entries.length;
  },
  XRANGE: (store, [key = "", from = "", to = "", ...limit]) => range(store, key, from, to, limit),
  XREVRANGE: (store, [key = "", to = "", from = "", ...limit]) => range(store, key, from, to, limit, true),
  XREAD(store, words) {
    const [counted, count, streams, key = "", id = "", ...more] = words;
    if (!isWord(counted, "count") || !isWord(streams, "streams") || more.length > 0) throw syntax();
    const after = id === "$" ? undefined : placeOf(id);
    const stream = store.find(key, "stream");
    // `$` is where the stream ends when this is asked: whoever does not wait there finds nothing.
    if (!stream || !after) return null;
    const found = stream.entries.filter((one) => compare(placeOf(one.id), after) > 0).slice(0, Number(count));
    return found.length === 0 ? null : [[key, found.map(replyOf)]];
  },
  XINFO(store, [what, key = ""]) {
    if (!isWord(what, "stream")) throw syntax();
    const stream = store.find(key, "stream");
    if (!stream) throw new Refusal("ERR no such key");
    const { entries, lastId, added, groups } = stream;
    const [first, last] = [entries[0], entries.at(-1)];
    return [
      "length",
      entries.length,
      "last-generated-id",
      lastId,
      "entries-added",
      added,
      "groups",
      groups.size,
      "first-entry",
      first ? replyOf(first) : null,
      "last-entry",
      last ? replyOf(last) : null,
    ];
  },

  XGROUP(store, [what, key = "", name = "", id = "", make]) {
    if (!isWord(what, "create") || (make !== undefined && !isWord(make, "mkstream"))) throw syntax();
    const standing = store.find(key, "stream");
    if (!standing && make === undefined) throw new Refusal("ERR The XGROUP subcommand requires the key to exist.");
    const stream = standing ?? create(store, key);
    if (stream.groups.has(name)) throw new Refusal("BUSYGROUP Consumer Group name already exists");
    stream.groups.set(name, {
      lastId: id === "$" ? stream.lastId : placeOf(id).join("-"),
      pending: new Map<string, Pending>(),
    });
    return { status: "OK" };
  },
  XREADGROUP(store, [, name = "", consumer = "", , count, , key = "", id]) {
    if (id !== ">") throw syntax();
    const { stream, group } = groupOf(store, key, name);
    const after = placeOf(group.lastId);
    const found = stream.entries.filter((one) => compare(placeOf(one.id), after) > 0).slice(0, Number(count));
    for (const one of found) group.pending.set(one.id, { consumer, at: store.now, count: 1 });
    group.lastId = found.at(-1)?.id ?? group.lastId;
    return found.length === 0 ? null : [[key, found.map(replyOf)]];
  },
  XACK(store, [key = "", name = "", ...ids]) {
    const group = store.find(key, "stream")?.groups.get(name);
    return group ? ids.filter((id) => group.pending.delete(placeOf(id).join("-"))).length : 0;
  },
  XPENDING(store, [key = "", name = "", idle, ms = "0", from = "", to = "", count = "0"]) {
    if (!isWord(idle, "idle")) throw syntax();
    const { group } = groupOf(store, key, name);
    const isWithin = within(from, to);
    return pendingOf(group.pending)
      .filter(([id, { at }]) => isWithin(id) && store.now - at >= Number(ms))
      .slice(0, Number(count))
      .map(([id, one]) => [id, one.consumer, store.now - one.at, one.count]);
  },
  XCLAIM(store, [key = "", name = "", consumer = "", ms = "0", ...ids]) {
    const { stream, group } = groupOf(store, key, name);
    const claimed: StreamEntry[] = [];
    for (const id of ids.map((one) => placeOf(one).join("-"))) {
      const standing = group.pending.get(id);
      const entry = stream.entries.find((one) => one.id === id);
      if (!entry) group.pending.delete(id);
      if (!standing || !entry || store.now - standing.at < Number(ms)) continue;
      group.pending.set(id, { consumer, at: store.now, count: standing.count + 1 });
      claimed.push(entry);
    }
    return claimed.map(replyOf);
  },
};

export const streamReads = ["XLEN", "XRANGE", "XREVRANGE", "XREAD", "XINFO", "XPENDING"] as const;

// --- Internal helpers ---

const syntax = () => new Refusal("ERR syntax error");
const isWord = (word: string | undefined, wanted: string): boolean => word?.toLowerCase() === wanted;
const replyOf = ({ id, fields }: StreamEntry): Reply => [id, [...fields]];

/** The largest sequence there is, 2^64 - 1, is no exact double: nothing comes near it. */
function placeOf(id: string, sequence = 0): Place {
  const found = /^(\d{1,19})(?:-(\d{1,20}))?$/.exec(id);
  if (!found) throw new Refusal("ERR Invalid stream ID specified as stream command argument");
  return [Number(found[1]), found[2] === undefined ? sequence : Number(found[2])];
}

const compare = (a: Place, b: Place): number => a[0] - b[0] || a[1] - b[1];

function create(store: Store, key: string): Stream {
  const stream: Stream = { type: "stream", entries: [], lastId: "0-0", added: 0, groups: new Map(), endsAt: never };
  store.values.set(key, stream);
  return stream;
}

const beyond: Place = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

/** `-`, `+`, or an id that is not itself within behind `(`; without a sequence it is the first or last of its millisecond. */
function within(from: string, to: string): (id: string) => boolean {
  const bound = (text: string, sequence: number): { isOpen: boolean; place: Place } => {
    if (text === "-" || text === "+") return { isOpen: false, place: text === "-" ? [0, 0] : beyond };
    return { isOpen: text.startsWith("("), place: placeOf(text.replace(/^\(/, ""), sequence) };
  };
  const [least, most] = [bound(from, 0), bound(to, Number.MAX_SAFE_INTEGER)];
  return (id) => {
    const place = placeOf(id);
    const [above, below] = [compare(place, least.place), compare(most.place, place)];
    return above >= (least.isOpen ? 1 : 0) && below >= (most.isOpen ? 1 : 0);
  };
}

function range(store: Store, key: string, from: string, to: string, limit: Words, isReverse = false): Reply {
  if (limit.length > 0 && (limit.length !== 2 || !isWord(limit[0], "count"))) throw syntax();
  const isWithin = within(from, to);
  const found = (store.find(key, "stream")?.entries ?? []).filter(({ id }) => isWithin(id));
  if (isReverse) found.reverse();
  return found.slice(0, limit.length === 0 ? undefined : Number(limit[1])).map(replyOf);
}

interface Rule {
  by: "length" | "id";
  bound: string;
  isRough: boolean;
}

/** A trimming rule at the front, and the rest. */
function ruleOf([word, ...rest]: Words): [rule: Rule | undefined, rest: Words] {
  const by = isWord(word, "maxlen") ? "length" : isWord(word, "minid") ? "id" : undefined;
  if (!by) return [undefined, word === undefined ? rest : [word, ...rest]];
  const isSigned = rest[0] === "~" || rest[0] === "=";
  const [bound = "", ...more] = isSigned ? rest.slice(1) : rest;
  return [{ by, bound, isRough: rest[0] === "~" }, more];
}

function trim(stream: Stream, { by, bound, isRough }: Rule): number {
  const least = by === "id" ? placeOf(bound) : undefined;
  const kept = least ? stream.entries.findIndex(({ id }) => compare(placeOf(id), least) >= 0) : -1;
  const over = least
    ? kept === -1
      ? stream.entries.length
      : kept
    : Math.max(0, stream.entries.length - Number(bound));
  const count = isRough && over < stream.entries.length ? Math.floor(over / nodeSize) * nodeSize : over;
  stream.entries.splice(0, count);
  return count;
}

function groupOf(store: Store, key: string, name: string) {
  const stream = store.find(key, "stream");
  const group = stream?.groups.get(name);
  if (!stream || !group) throw new Refusal(`NOGROUP No such key '${key}' or consumer group '${name}'`);
  return { stream, group };
}

const pendingOf = (pending: ReadonlyMap<string, Pending>) =>
  [...pending].toSorted(([a], [b]) => compare(placeOf(a), placeOf(b)));
