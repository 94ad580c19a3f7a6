import type { APIInteraction } from "discord-api-types/v10";
import { type Answer, ephemeral, type Outgoing, toCallback } from "../answer.ts";
import { callbackType, commandType, interactionType } from "../constants.ts";
import { checkCommands } from "../declare/check.ts";
import { commandBody } from "../declare/command-body.ts";
import type { Guard } from "../guards/guard.ts";
import { Interaction, type RawInteraction } from "../interaction/interaction.ts";
import { systemTimers, type Timers, wait } from "../timers.ts";
import { createInteractionWebhook } from "../webhook.ts";
import { type Admission, admit } from "./admit.ts";
import { choices, suggest } from "./autocomplete.ts";
import { createConversation } from "./conversation.ts";
import type { Entry, Found } from "./entry.ts";
import type { Hooks, Stage } from "./hooks.ts";
import type { RouterServices } from "./services.ts";
import { commandsOf, createTable, type Declared } from "./table.ts";

export interface RouterOptions<Services> extends Hooks<Services> {
  /** Everything that was declared: commands, components, modals. */
  handlers: readonly Declared<Services>[];
  /** Asked before every handler. */
  guards?: readonly Guard<Services>[];
  timers?: Timers;
}

/** Finds the handler and turns what it returns, or throws, into Discord's answer. Never throws. */
export type Router<Services> = (interaction: APIInteraction, services: Services) => Outgoing | Promise<Outgoing>;

/** Discord gives up after 3 s, and the way there and back takes its part. */
const deferAfterMs = 2_000;
/** How long Discord has to read an answer before anything may follow it. */
const settleMs = 100;
/** A Worker lives 30 s past its answer; whoever still waits then is told before. */
const lateMs = 25_000;

export function createRouter<Services extends RouterServices>({
  guards = [],
  timers = systemTimers,
  onError,
  onStage,
  handlers,
}: RouterOptions<Services>): Router<Services> {
  checkCommands(commandsOf(handlers).map(commandBody));
  const table = createTable(handlers);

  async function complete(raw: RawInteraction, services: Services): Promise<Outgoing> {
    try {
      const options = table.findOptions(raw);
      return options ? await suggest(options, raw, services) : choices([]);
    } catch (error) {
      onError(error, raw, services);
      return choices([]);
    }
  }

  async function run(raw: RawInteraction, services: Services, entry: Entry<Services>, found: Found): Promise<Outgoing> {
    const { behaviour } = entry;
    const startedAt = services.now();
    const gone = Promise.withResolvers<void>();
    const isPrivate = behaviour.ephemeral ?? false;
    const conversation = createConversation({
      raw,
      webhook: once(() => openWebhook(raw, services, startedAt, timers)),
      deferAs: entry.deferAs(raw),
      isEphemeral: isPrivate,
      left: gone.promise,
    });
    const stage = (name: Stage["stage"], outcome: Stage["outcome"], since: number) =>
      onStage?.({ stage: name, handler: entry.name, outcome, ms: services.now() - since }, raw, services);
    const failed = (error: unknown): Answer => ephemeral(somethingWrong(onError(error, raw, services)));

    const fields = read(entry, raw, found);
    if (!fields) return sorry(outdated);
    const interaction = Object.assign(new Interaction(raw, conversation), fields);

    /** What the handler says, or what the person is told instead. Never throws. */
    async function handle(): Promise<{ answer: Answer | undefined } | { replay: Outgoing }> {
      let admission: Admission;
      try {
        const admitting = admit(entry, guards, interaction, services, (error) => void onError(error, raw, services));
        admission = admitting instanceof Promise ? await admitting : admitting;
        if (admission.may !== "run" || behaviour.load || behaviour.once || behaviour.cooldown) {
          stage("admit", outcomes[admission.may], startedAt);
        }
      } catch (error) {
        stage("admit", "failed", startedAt);
        return { answer: failed(error) };
      }
      if (admission.may === "replay") return { replay: admission.answer };
      if (admission.may === "refuse") return { answer: ephemeral(admission.reply) };
      const ranAt = services.now();
      try {
        const answer = (await behaviour.run(interaction, services, admission.loaded)) ?? undefined;
        stage("run", "ok", ranAt);
        return { answer };
      } catch (error) {
        stage("run", "failed", ranAt);
        return { answer: failed(error) };
      }
    }

    const handling = handle();
    const inTime = (await atOnce(handling)) ?? (await raceDeferral());

    const first = firstOf(inTime);
    if (behaviour.once && !("replay" in inTime)) keep(first);
    if ("deferral" in inTime) services.waitUntil(finish());
    if ("deferral" in inTime || conversation.works.length > 0) services.waitUntil(release());
    if (!("deferral" in inTime) && conversation.works.length > 0) services.waitUntil(afterwards());
    return first;

    async function raceDeferral() {
      const callOff = timers.after(deferAfterMs, () => conversation.deferNow());
      const deferral = conversation.deferred.then((deferral) => ({ deferral }));
      const result = await Promise.race([handling, deferral]);
      callOff();
      return result;
    }

    function firstOf(result: typeof inTime): Outgoing {
      if ("deferral" in result) return result.deferral;
      if ("replay" in result) return result.replay;
      try {
        return conversation.begin(result.answer);
      } catch (error) {
        return conversation.begin(failed(error));
      }
    }

    function keep(answer: Outgoing): void {
      const keeping = services.answers?.keep(raw.id, answer);
      if (keeping) services.waitUntil(keeping);
    }

    async function release(): Promise<void> {
      await wait(timers, settleMs);
      gone.resolve();
    }

    async function finish(): Promise<void> {
      const slow = timers.after(lateMs, () => services.waitUntil(tell(new Error("The handler ran out of time."))));
      const result = await handling;
      slow();
      try {
        await conversation.finish("answer" in result ? result.answer : undefined);
        stage("late", "deferred", startedAt);
      } catch (error) {
        stage("late", "failed", startedAt);
        await tell(error);
      }
      await afterwards();
    }

    /** A last try: the person reads that it failed, in place of what was to come. */
    async function tell(error: unknown): Promise<void> {
      try {
        await conversation.finish(failed(error));
      } catch (second) {
        onError(second, raw, services);
      }
    }

    async function afterwards(): Promise<void> {
      await gone.promise;
      for (const work of conversation.works) {
        const since = services.now();
        try {
          await work();
          stage("after", "ok", since);
        } catch (error) {
          stage("after", "failed", since);
          onError(error, raw, services);
        }
      }
    }
  }

  return (interaction, services) => {
    switch (interaction.type) {
      case interactionType.ping:
        return { type: callbackType.pong };
      case interactionType.autocomplete:
        return complete(interaction, services);
      default: {
        const hit = table.find(interaction);
        return hit ? run(interaction, services, hit.entry, hit.found) : sorry(unknownTo(interaction));
      }
    }
  };
}

// --- Internal helpers ---

const outcomes = { run: "ok", refuse: "refused", replay: "duplicate" } as const;
const outdated = "This was changed since your Discord loaded it. Please try again in a moment.";
const somethingWrong = (reference: string): string =>
  `Something went wrong. If you tell the bot's developers, mention \`${reference}\`.`;

const sorry = (text: string): Outgoing => toCallback(ephemeral(text));

function unknownTo(interaction: RawInteraction): string {
  if (interaction.type !== interactionType.command) return "This button, menu or form is not available any more.";
  // Discord's names hold no backticks, but a signed body may: the text is cut and cannot leave its code span.
  const name = interaction.data.name.replaceAll("`", "'").slice(0, 32);
  const shown = interaction.data.type === commandType.chatInput ? `/${name}` : name;
  return `This bot has no command \`${shown}\`. It may have been removed or renamed since you last saw it.`;
}

/** A payload that is signed but not as Discord documents it must not become more than an answer. */
function read<Services>(entry: Entry<Services>, raw: RawInteraction, found: Found): object | undefined {
  try {
    return entry.read(raw, found);
  } catch {
    return undefined;
  }
}

function openWebhook(raw: RawInteraction, { discord, now }: RouterServices, receivedAt: number, timers: Timers) {
  const owners = Object.keys(raw.authorizing_integration_owners ?? {});
  const isUserInstall = owners.length === 1 && owners[0] === "1";
  return createInteractionWebhook({ rest: discord, token: raw.token, receivedAt, isUserInstall, now, timers });
}

/** What a promise holds when it needs no I/O: a timer in workerd costs more than the rest of an answer that does not wait. */
async function atOnce<T>(promise: Promise<T>): Promise<T | undefined> {
  const held: { value?: T } = {};
  void promise.then((value) => (held.value = value));
  for (let turn = 0; turn < quietTurns; turn++) {
    await Promise.resolve();
    if ("value" in held) break;
  }
  return held.value;
}
const quietTurns = 20;

function once<T>(create: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= create());
}
