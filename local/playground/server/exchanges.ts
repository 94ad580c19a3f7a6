import { type SimulatorEvent, type Usage, usageOf, type World } from "../../discord/index.ts";
import type { BodyView, ExchangeView } from "../protocol.ts";
import { kindOf, type Payload, personIn, readPayload } from "./payload.ts";
import { viewPerson } from "./people-views.ts";
import { commandOf, titleOf } from "./titles.ts";

/** A request to the Worker and all that is known of it. */
export interface Exchange {
  view: Mutable<ExchangeView>;
  payload: Payload;
  /** The whole body of the request; absent in an exchange of a saved session. */
  body?: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** How a message came to be. */
export interface Cause {
  title: string;
  exchange: string;
}

/** The last exchanges, oldest first. */
export interface Exchanges {
  all(): readonly Exchange[];
  get(id: string): Exchange | undefined;
  /** Returns the exchange that carried an interaction; the last one where it was sent again. */
  ofInteraction(interactionId: string): Exchange | undefined;
  /** Returns how a message came to be, by the interaction that it answers: also of exchanges that are no longer kept. */
  cause(interactionId: string): Cause | undefined;
  /** Takes what the simulator tells of requests and answers. */
  take(event: SimulatorEvent): void;
  add(exchange: Exchange): void;
  /** Tells that something of an exchange changed. */
  changed(exchange: Exchange): void;
  /** Forgets all, and keeps others in their place. */
  replace(views: readonly ExchangeView[]): void;
}

export interface ExchangesOptions {
  world: World;
  /** Called with a changed exchange, once for all changes of a turn. */
  onChange(exchange: Exchange): void;
  /** Default: 200. */
  size?: number;
}

/** A longer body is cut for the page. */
const maxBodyLength = 262_144;
const maxCauses = 5_000;

export function createExchanges({ world, onChange, size = 200 }: ExchangesOptions): Exchanges {
  let kept: Exchange[] = [];
  const causes = new Map<string, Cause>();
  const dirty = new Set<Exchange>();

  function changed(exchange: Exchange): void {
    if (dirty.size === 0) setImmediate(flush);
    dirty.add(exchange);
  }

  function flush(): void {
    for (const exchange of dirty) if (kept.includes(exchange)) onChange(exchange);
    dirty.clear();
  }

  function add(exchange: Exchange): void {
    kept.push(exchange);
    if (kept.length > size) kept.shift();
    const { id } = exchange.payload;
    const title = safely(() => commandOf(exchange.payload), "");
    if (id !== undefined) causes.set(id, { title, exchange: exchange.view.id });
    const [oldest] = causes.keys();
    if (causes.size > maxCauses && oldest !== undefined) causes.delete(oldest);
    changed(exchange);
  }

  const get = (id: string) => kept.findLast(({ view }) => view.id === id);

  return {
    all: () => kept,
    get,
    ofInteraction: (id) => kept.findLast(({ payload }) => payload.id === id),
    cause: (id) => causes.get(id),
    add,
    changed,
    take(event) {
      if (event.type === "request") return add(begin(event, world));
      if (event.type === "message") {
        // The message may have come by REST, or changed since.
        const answered = kept.findLast(({ payload }) => payload.id === event.message.interaction_metadata?.id);
        if (!answered || event.message.interaction_metadata === undefined) return;
        answered.view.limits = usageOf(event.message);
        return changed(answered);
      }
      const exchange = "exchange" in event && event.exchange !== undefined ? get(event.exchange) : undefined;
      if (!exchange) return;
      const { view } = exchange;
      if (event.type === "response") {
        view.response = cut(event.headers, event.body);
        view.limits = limitsIn(event.body);
        view.status = event.status;
        view.ms = event.at - view.at;
      } else if (event.type === "delivered") {
        const { status, ms, problems } = event.outcome;
        if (status > 0) view.status = status;
        // An answer by REST comes after the HTTP response; one in the response came with it, however long it took to check.
        if (view.ms === undefined || status === 202) view.ms = ms;
        view.problems = [...problems];
      } else return;
      changed(exchange);
    },
    replace(views) {
      kept = views.slice(-size).map((view) => ({
        view: {
          ...view,
          problems: [...view.problems],
          limits: [...view.limits],
          redis: [...view.redis],
          rest: [...view.rest],
          logs: [...view.logs],
        },
        payload: readPayload(view.request.body),
      }));
    },
  };
}

/** Returns an exchange about which nothing is known but its request. */
export function begin(
  { exchange, at, headers, body }: Extract<SimulatorEvent, { type: "request" }>,
  world: World,
): Exchange {
  const payload = readPayload(body);
  const user = world.users.get(safely(() => personIn(payload), undefined) ?? "");
  return {
    payload,
    body,
    view: {
      id: exchange,
      kind: kindOf(payload),
      title: safely(() => titleOf(payload, world).slice(0, 300), "an edited request"),
      ...(user && { person: viewPerson(world, user) }),
      ...(payload.channel_id !== undefined && { channelId: payload.channel_id }),
      at,
      request: cut(headers, body),
      limits: [],
      problems: [],
      redis: [],
      rest: [],
      logs: [],
      isCertain: true,
    },
  };
}

// --- Internal helpers ---

/** A developer may have edited the request into anything. */
function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

const cut = (headers: Readonly<Record<string, string>>, body: string): BodyView =>
  body.length <= maxBodyLength
    ? { headers, body }
    : { headers, body: body.slice(0, maxBodyLength), cutFrom: body.length };

/** Returns how much of Discord's limits an answer uses, one that Discord refuses included. */
function limitsIn(body: string): Usage[] {
  const { data } = readPayload(body);
  return usageOf(data);
}
