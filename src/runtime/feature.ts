import type { Duty } from "../coordination/index.ts";
import type { Declared, Guard, WebhookEventHandler } from "../discord/index.ts";
import type { Job, Run } from "../jobs/index.ts";
import type { Group } from "../pubsub/index.ts";
import type { Invocation } from "./invocation.ts";

/**
 * One thing a bot can do, as a value: everything that belongs to it, wherever it runs. A bot is a list of these. Names of
 * jobs, orders, duties and feeds, commands, and the first segment of custom_ids belong to one feature each.
 */
export interface Feature {
  /** Names the feature in error messages. Unique in a bot. */
  readonly name: string;
  /**
   * Asked before the guards of each handler, a component's and a form's as well: a click may come from another person, another
   * server, or after a permission was lost. A handler that reads `guildId` as a string names `guildOnly` among its own guards.
   * Default: none.
   */
  readonly guards?: readonly Guard<Invocation>[];
  /**
   * Commands, components and modals; a wizard's `handlers` are spread into it. Where a command asks guards and the feature
   * has none, each component and modal states its own, `[]` to be open to all.
   */
  readonly handlers?: readonly Declared<Invocation>[];
  /** Scheduled work by kind: `services.jobs.schedule({ kind: "close-poll", … })` has it run. */
  readonly jobs?: Readonly<Record<string, JobWork>>;
  /** Handlers of Discord's webhook events. Several features may handle the same event. */
  readonly events?: readonly WebhookEventHandler<Invocation>[];
  /** Work of the cron tick that has no due time in Redis, by name. */
  readonly duties?: Readonly<Record<string, FeatureDuty>>;
  /** Orders that the leader can give to every instance, by name. */
  readonly orders?: Readonly<Record<string, Order>>;
  /** Groups of workers that deliver messages from the bus, by the name of their group. */
  readonly feeds?: Readonly<Record<string, Feed>>;
  /** Forgets what the feature keeps for a server that removed the application. */
  readonly forgetGuild?: (services: Invocation, guildId: string) => Promise<unknown>;
}

/** Does a job. Called at least once for each due time: make visible effects depend on `run.nonce`. Throw to be called again. */
export type JobWork = (job: Job, services: Invocation, run: Run) => Promise<void>;

/** The jobs of all features, by kind. */
export type FeatureJobs = ReadonlyMap<string, JobWork>;

/** The feeds of all features, by name. */
export type Feeds = ReadonlyMap<string, Feed>;

/**
 * Makes the duty for one cron tick.
 *
 * @example
 * const sweep: FeatureDuty = ({ clock }) => ({
 *   isLeaderOnly: true,
 *   async run({ left }) {
 *     if (left() > 10) await sweepNow();
 *     return clock.now() + 3_600_000;
 *   },
 * });
 */
export type FeatureDuty = (services: Invocation) => Omit<Duty, "name">;

/**
 * An order that the leader can give to every instance.
 *
 * @example
 * const lightsOut: Order = { description: "Switch all lamps off", run: ({ log }) => log("info", "lights out", {}) };
 */
export interface Order {
  /** For people, in a list of choices: up to 100 characters. */
  readonly description: string;
  /** Runs in every instance that hears it, the leader included. `data` comes from the bus: check it before use. */
  run(services: Invocation, data: unknown, from: string): void | Promise<void>;
}

/**
 * Messages of the bus that a group of workers delivers, each at least once.
 *
 * @example
 * const mail: Feed = {
 *   channels: "mail.*",
 *   open({ pubsub, discord }) {
 *     const group = pubsub.group("mail");
 *     group.subscribe("mail.*", ({ data }) => discord.sendDirect(userId, { body: { content: String(data) } }));
 *     return group;
 *   },
 * };
 */
export interface Feed {
  /** Channels of the bus, with `*` for any run of characters: what other systems publish to them is delivered at once. */
  readonly channels: string;
  /** Makes the group and subscribes its handlers, for one invocation. */
  open(services: Invocation): Group;
}

/**
 * Declares a feature: returns it as it is, typed.
 *
 * @example
 * export const poll = feature({
 *   name: "poll",
 *   guards: [guildOnly],
 *   handlers: [command, form, vote],
 *   jobs: { "close-poll": closePoll },
 * });
 */
export const feature = (definition: Feature): Feature => definition;
