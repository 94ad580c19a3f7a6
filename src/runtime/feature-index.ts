import {
  asksGuards,
  type CommandBody,
  checkHandlers,
  commandBody,
  commandsOf,
  DeclarationError,
  type Declared,
  guarded,
  type WebhookEventHandler,
} from "../discord/index.ts";
import type { Feature, FeatureDuty, FeatureJobs, Feeds, Order } from "./feature.ts";
import type { Invocation } from "./invocation.ts";

/** All that a bot's features bring, merged: the runtime looks things up here. */
export interface FeatureIndex {
  readonly handlers: readonly Declared<Invocation>[];
  readonly events: readonly WebhookEventHandler<Invocation>[];
  readonly jobs: FeatureJobs;
  readonly duties: ReadonlyMap<string, FeatureDuty>;
  readonly orders: ReadonlyMap<string, Order>;
  readonly feeds: Feeds;
  /** Each feature's `forgetGuild`. */
  readonly forgetGuild: readonly NonNullable<Feature["forgetGuild"]>[];
}

/**
 * Merges features. Throws a `DeclarationError` that names both features where two bring a thing of one name, and for a
 * component or modal that leaves open what its feature's commands guard.
 */
export function indexFeatures(features: readonly Feature[]): FeatureIndex {
  const owners = new Map<string, string>();

  /** `claim("job kind", "remind", feature)`: the name belongs to one feature. */
  function claim(what: string, name: string, { name: owner }: Feature): void {
    const key = `${what} "${name}"`;
    const other = owners.get(key);
    if (other !== undefined && other !== owner) {
      throw new DeclarationError(`The features "${other}" and "${owner}" both bring the ${key}. Rename one of them.`);
    }
    owners.set(key, owner);
  }

  function merge<T>(what: string, select: (one: Feature) => Readonly<Record<string, T>> | undefined): Map<string, T> {
    const merged = new Map<string, T>();
    for (const one of features) {
      for (const [name, value] of Object.entries(select(one) ?? {})) {
        claim(what, name, one);
        merged.set(name, value);
      }
    }
    return merged;
  }

  const names = new Set<string>();
  for (const one of features) {
    if (names.has(one.name)) throw new DeclarationError(`Two features are called "${one.name}". Rename one of them.`);
    names.add(one.name);
    checkGuards(one);
    for (const { customId } of customIdsOf(one)) claim("custom_id prefix", prefixOf(customId.pattern), one);
    for (const command of commandsOf(one.handlers ?? [])) claim(commandNouns[command.kind], command.name, one);
  }
  return {
    handlers: features.flatMap(({ handlers = [], guards = [] }) => handlers.map((one) => guarded(guards, one))),
    events: features.flatMap(({ events = [] }) => events),
    jobs: merge("job kind", ({ jobs }) => jobs),
    duties: merge("duty", ({ duties }) => duties),
    orders: merge("order", ({ orders }) => orders),
    feeds: merge("feed", ({ feeds }) => feeds),
    forgetGuild: features.flatMap(({ forgetGuild }) => forgetGuild ?? []),
  };
}

/**
 * Throws a `DeclarationError` that names what cannot work: what `indexFeatures` refuses, and what Discord would refuse of
 * commands and forms. For tests: an isolate that starts checks only the former.
 *
 * @example
 * it("declares only what Discord accepts", () => checkFeatures(features));
 */
export const checkFeatures = (features: readonly Feature[]): void => checkHandlers(indexFeatures(features).handlers);

/** Returns the commands of all features as Discord takes them. Throws as `checkFeatures`. */
export function commandBodies(features: readonly Feature[]): CommandBody[] {
  checkFeatures(features);
  return commandsOf(features.flatMap(({ handlers = [] }) => handlers)).map(commandBody);
}

// --- Internal helpers ---

const commandNouns = {
  slash: "command",
  tree: "command",
  user: "user command",
  message: "message command",
  "entry-point": "entry-point command",
} as const;

/** A custom_id outlives the check of the command that showed it. */
function checkGuards({ name, guards, handlers = [] }: Feature): void {
  const command = commandsOf(handlers).find(asksGuards);
  const open = customIdsOf({ name, handlers }).find((handler) => handler.guards === undefined);
  if (guards || !command || !open) return;
  throw new DeclarationError(
    `The feature "${name}": the command "${command.name}" asks guards, but the ${open.kind} "${open.customId.pattern}" does not. Give the guards to the feature, or the ${open.kind} its own: \`guards: []\` opens it to all.`,
  );
}

const customIdsOf = ({ handlers = [] }: Feature) =>
  handlers.filter((handler) => handler.kind === "component" || handler.kind === "modal");

/** `poll` of `poll/vote/:choice`. */
const prefixOf = (pattern: string): string => pattern.split("/", 1)[0] ?? pattern;
