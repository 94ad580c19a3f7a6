import { Hono } from "hono";
import type { Simulator } from "../../discord/index.ts";
import type { RequestEvent } from "../../redis/index.ts";
import type { MistakeView, StreamEvent } from "../protocol.ts";
import { createAct } from "./act.ts";
import { createAttribution } from "./attribution.ts";
import { cdnRoutes } from "./cdn.ts";
import { createControls, type RedisControl } from "./controls.ts";
import { createExchanges } from "./exchanges.ts";
import { follow } from "./follow.ts";
import { createForms } from "./forms.ts";
import { createJournal } from "./journal.ts";
import { createLogReader } from "./log-lines.ts";
import { createMessages } from "./message-view.ts";
import { createPage } from "./page.ts";
import { createPending } from "./pending.ts";
import { createPolls } from "./polls.ts";
import { apiRoutes } from "./routes.ts";
import { createTell, createTelling } from "./telling.ts";
import { createUnread } from "./unread.ts";
import type { WorldClock } from "./world-clock.ts";
import { viewWorld } from "./world-view.ts";

export interface PlaygroundOptions {
  simulator: Simulator;
  /** The clock of the simulator. */
  clock: WorldClock;
  /** Whether the Worker marks its requests and its log with the exchange that they belong to. Default: false. */
  isMarked?: boolean;
  /** The Redis server of this world. Default: none, so that neither its faults nor time can be chosen. */
  redis?: RedisControl;
  /** Fires the Worker's cron at a time of the world. Default: there is no cron. */
  fireCron?: (at: number) => void;
  /** How long a fault lasts, in milliseconds. Default: 60,000. */
  faultMs?: number;
}

/** Discord in a browser tab: the page's server. */
export interface Playground {
  /** The page, its files, Discord's CDN and the API, to be mounted at the root of the simulator's app. */
  readonly app: Hono;
  /** Bundles the page before it is asked for. Rejects when it does not compile. */
  prepare(): Promise<void>;
  /** Takes a request to the Redis server. */
  takeRedis(event: RequestEvent): void;
  /** Takes a line that the Worker printed, and returns it without its mark. */
  takeLine(line: string): string;
  /** Shows a mistake in the project over the conversation; `null` ends it. */
  setMistake(mistake: MistakeView | null): void;
  /** Ends streams and faults. */
  close(): void;
}

/**
 * Makes the playground of a simulator.
 *
 * @example
 * const clock = createWorldClock();
 * const simulator = createDiscordSimulator({ interactionsUrl, clock });
 * const playground = createPlayground({ simulator, clock });
 * simulator.app.route("/", playground.app);
 */
export function createPlayground({
  simulator,
  clock,
  isMarked = false,
  redis,
  fireCron,
  faultMs,
}: PlaygroundOptions): Playground {
  const { world } = simulator;
  const closing = new AbortController();
  const journal = createJournal();
  const tell = createTell(journal);
  const tellAll = (event: StreamEvent) => tell(() => true, event);

  const unread = createUnread(world);
  const polls = createPolls(simulator, clock);
  const exchanges = createExchanges({
    world,
    onChange: ({ view }) => tellAll({ type: "exchange", exchange: view }),
  });
  const messages = createMessages({ world, exchanges, polls });
  const attribution = createAttribution({ exchanges, now: clock.now, isMarked });
  const pending = createPending({ world, exchanges, clock, tell });
  const forms = createForms(tell);
  const controls = createControls({
    simulator,
    clock,
    attribution,
    redis,
    fireCron,
    faultMs,
    onChange: () => tellAll({ type: "controls", controls: controls.view() }),
  });
  const telling = createTelling({ simulator, journal, messages, unread });
  const readLine = createLogReader();
  const page = createPage({ pictureHosts: controls.pictureHosts });
  let mistake: MistakeView | null = null;

  const unfollow = follow({ simulator, exchanges, polls, pending, forms, attribution, telling, tell });

  const start = (person: string): StreamEvent[] => [
    { type: "start" },
    { type: "world", world: viewWorld(simulator, unread, person) },
    { type: "controls", controls: controls.view() },
    { type: "mistake", mistake },
    ...exchanges.all().map(({ view }): StreamEvent => ({ type: "exchange", exchange: view })),
  ];

  const act = createAct({
    simulator,
    forms,
    messages,
    pending,
    polls,
    onRead(personId, channelId) {
      unread.read(personId, channelId);
      tell((person) => person === personId, { type: "unread", channelId, ...unread.of(personId, channelId) });
    },
    onHidden: (personId, channelId, messageId) =>
      tell((person) => person === personId, { type: "message-gone", channelId, messageId }),
  });

  const app = new Hono();
  app.route("/", page.app);
  app.route("/cdn", cdnRoutes(world));
  app.route(
    "/playground/api",
    apiRoutes({
      simulator,
      clock,
      journal,
      messages,
      pending,
      exchanges,
      controls,
      start,
      act,
      closing: closing.signal,
      onOpened() {
        unread.clear();
        tellAll({ type: "start" });
        telling.world();
        for (const { view } of exchanges.all()) tellAll({ type: "exchange", exchange: view });
      },
    }),
  );

  controls.refresh();
  return {
    app,
    prepare: page.prepare,
    takeRedis(event) {
      attribution.redis(event);
      controls.refresh();
    },
    takeLine(raw) {
      const { shown, line } = readLine(raw);
      if (line) attribution.log(line);
      return shown;
    },
    setMistake(next) {
      mistake = next;
      tellAll({ type: "mistake", mistake });
    },
    close() {
      unfollow();
      closing.abort();
      controls.close();
    },
  };
}
