import type { RestCall } from "../../discord/index.ts";
import type { RequestEvent } from "../../redis/index.ts";
import type { ExchangeView } from "../protocol.ts";
import type { Exchange, Exchanges } from "./exchanges.ts";
import { redisText } from "./redis-text.ts";

export interface AttributionOptions {
  exchanges: Exchanges;
  /** Returns the world's time. */
  now(): number;
  /** Whether the Worker marks its requests and its log. Without a mark they then belong to no exchange. */
  isMarked: boolean;
}

/** Finds the exchange that a Redis request, a REST call or a line of the log belongs to. */
export interface Attribution {
  redis(event: RequestEvent): void;
  rest(call: RestCall): void;
  log(line: { exchange: string | undefined; level: string; text: string }): void;
  /** Keeps a tick of the cron from now on, with what is known of it. */
  tick(id: string, title: string): void;
}

/** An exchange counts as over so long after its last sign of life, where time alone tells. */
const restMs = 2_000;
const maxEntries = 500;
const maxTicks = 10;

/**
 * A mark is certain, and so is an interaction's token in the path of a REST call. Without either, time tells: the exchange
 * that is open, or was last. Where several are, what is found is uncertain, and says so.
 */
export function createAttribution({ exchanges, now, isMarked }: AttributionOptions): Attribution {
  /** Ticks that did nothing worth showing so far. Most never do. */
  const ticks = new Map<string, Exchange>();

  function byMark(mark: string, isWorthShowing: boolean): Exchange | undefined {
    const known = exchanges.get(mark);
    if (known || !mark.startsWith("cron-")) return known;
    const tick = ticks.get(mark) ?? createTick(mark, "cron", now());
    ticks.set(mark, tick);
    const [oldest] = ticks.keys();
    if (ticks.size > maxTicks && oldest !== undefined) ticks.delete(oldest);
    if (isWorthShowing) {
      ticks.delete(mark);
      exchanges.add(tick);
    }
    return tick;
  }

  function byTime(at: number): Exchange | undefined {
    const open = exchanges.all().filter(({ view }) => {
      const endsAt = view.ms === undefined ? Number.POSITIVE_INFINITY : view.at + view.ms + restMs;
      return view.at <= at && at <= endsAt;
    });
    const exchange = open.at(-1);
    if (exchange && open.length > 1) exchange.view.isCertain = false;
    return exchange;
  }

  const find = (mark: string | undefined, at: number, isWorthShowing: boolean): Exchange | undefined => {
    if (mark !== undefined) return byMark(mark, isWorthShowing);
    return isMarked ? undefined : byTime(at);
  };

  const isBehind = ({ at, ms }: ExchangeView, startedAt: number): boolean => ms !== undefined && startedAt >= at + ms;

  function put<K extends "redis" | "rest" | "logs">(
    exchange: Exchange,
    list: K,
    entry: Exchange["view"][K][number],
  ): void {
    const entries = exchange.view[list] as (typeof entry)[];
    if (entries.length >= maxEntries) return;
    entries.push(entry);
    exchanges.changed(exchange);
  }

  return {
    redis({ exchange: mark, ms, commands, billed }) {
      if (commands.length === 0) return;
      const at = now() - Math.round(ms);
      const exchange = find(mark, at, false);
      if (!exchange) return;
      const entry = { at, ms: Math.round(ms), commands: commands.map(redisText), billed };
      put(exchange, "redis", { ...entry, isBehind: isBehind(exchange.view, at) });
    },
    rest({ exchange: mark, record, at, ms, method, path, status }) {
      const exchange = find(mark ?? record?.exchange, at, true);
      if (!exchange) return;
      put(exchange, "rest", { at, ms, method, path, status, isBehind: isBehind(exchange.view, at) });
    },
    log({ exchange: mark, level, text }) {
      const exchange = find(mark, now(), true);
      if (exchange) put(exchange, "logs", { at: now(), level, text });
    },
    tick(id, title) {
      const tick = ticks.get(id) ?? createTick(id, title, now());
      ticks.delete(id);
      tick.view.title = title;
      if (!exchanges.get(id)) exchanges.add(tick);
    },
  };
}

// --- Internal helpers ---

const createTick = (id: string, title: string, at: number): Exchange => ({
  payload: {},
  view: {
    id,
    kind: "cron",
    title,
    at,
    request: { headers: {}, body: "" },
    limits: [],
    problems: [],
    redis: [],
    rest: [],
    logs: [],
    isCertain: true,
  },
});
