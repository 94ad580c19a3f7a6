import { after } from "../after.ts";
import { type Answer, ephemeral, type Outgoing, toCallback } from "../answer.ts";
import type { Guard } from "../guards/guard.ts";
import type { RawInteraction } from "../interaction/base.ts";
import { Interaction } from "../interaction/interaction.ts";
import { createInteractionWebhook } from "../send/webhook.ts";
import { type Admission, type AdmissionListener, admit } from "./admit.ts";
import { type Answered, finish, release, runAfter } from "./after-answer.ts";
import { Conversation } from "./conversation.ts";
import type { Entry, Found } from "./entry.ts";
import type { Done, Hooks, Stage } from "./hooks.ts";
import type { RouterServices } from "./services.ts";
import type { Stores } from "./stores.ts";

/** Discord gives up after 3 s, the network's time included. */
const deferAfterMs = 2_000;

/** The parts of a router that are the same for every interaction. */
export interface Surroundings<Services> extends Hooks<Services>, Stores<Services> {
  guards: readonly Guard<Services>[];
}

/** The handler's answer, or that of the first delivery of the same interaction. */
type Handled = { answer: Answer | undefined } | { replay: Outgoing };

/**
 * One interaction on its way through its handler, from the guards to the first answer. A class that is its own listener, so
 * that an answer without a promise makes few objects.
 */
export class Exchange<Services extends RouterServices> implements AdmissionListener, Answered {
  readonly services: Services;
  readonly conversation: Conversation;
  readonly startedAt: number;
  readonly #raw: RawInteraction;
  readonly #entry: Entry<Services>;
  readonly #around: Surroundings<Services>;
  #isClaimed = false;
  #outcome: Done["outcome"] = "ok";
  #answeredAt = 0;
  #isDone = false;

  constructor(raw: RawInteraction, services: Services, entry: Entry<Services>, around: Surroundings<Services>) {
    this.#raw = raw;
    this.services = services;
    this.#entry = entry;
    this.#around = around;
    this.startedAt = services.clock.now();
    this.conversation = new Conversation({
      raw,
      openWebhook: () => openWebhook(raw, services, this.startedAt),
      deferAs: entry.deferAs(raw),
      isEphemeral: entry.behaviour.ephemeral ?? false,
    });
  }

  get hasFailed(): boolean {
    return this.#outcome === "failed";
  }

  /** Returns the first answer: without a promise where the handler needs none, else within two seconds. Never throws. */
  answer(found: Found): Outgoing | Promise<Outgoing> {
    const fields = read(this.#entry, this.#raw, found);
    if (!fields) {
      this.#outcome = "refused";
      this.#around.onMisfit?.(`${this.#entry.name} ${unlike}`, this.#raw, this.services);
      this.done();
      return toCallback(ephemeral(outdated));
    }
    const interaction = Object.assign(new Interaction(this.#raw, this.services.clock, this.conversation), fields);
    const handled = this.#handle(interaction);
    return handled instanceof Promise ? this.#wait(handled) : this.#first(handled);
  }

  onClaimed(): void {
    this.#isClaimed = true;
  }
  onStoreError(error: unknown): void {
    this.note(error);
  }
  report(stage: Stage["stage"], outcome: Stage["outcome"], since: number): void {
    const { onStage } = this.#around;
    onStage?.(
      { stage, handler: this.#entry.name, outcome, ms: this.services.clock.now() - since },
      this.#raw,
      this.services,
    );
  }
  tell(error: unknown): Answer {
    this.#outcome = "failed";
    const what = this.#around.explain?.(error) ?? "Something went wrong.";
    const reference = this.#around.onError(error, this.#raw, this.services);
    return ephemeral(`${what} If you tell the bot's developers, mention \`${reference}\`.`);
  }
  note(error: unknown): void {
    this.#around.onError(error, this.#raw, this.services);
  }

  done(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    const ms = this.services.clock.now() - this.startedAt;
    const answerMs = this.#answeredAt === 0 ? ms : this.#answeredAt - this.startedAt;
    const { name, kind } = this.#entry;
    this.#around.onDone?.({ handler: name, kind, outcome: this.#outcome, answerMs, ms }, this.#raw, this.services);
  }

  #handle(interaction: Interaction): Handled | Promise<Handled> {
    try {
      const admission = admit(this.#entry, this.#around, interaction, this.services, this);
      if (!(admission instanceof Promise)) return this.#run(interaction, admission);
      return admission.then(
        (later) => this.#run(interaction, later),
        (error: unknown) => this.#fail("admit", error, this.startedAt),
      );
    } catch (error) {
      return this.#fail("admit", error, this.startedAt);
    }
  }

  #run(interaction: Interaction, admission: Admission): Handled | Promise<Handled> {
    if (admission.may !== "run" || admission.waited) this.report("admit", outcomes[admission.may], this.startedAt);
    if (admission.may !== "run") this.#outcome = outcomes[admission.may];
    if (admission.may === "replay") return { replay: admission.answer };
    if (admission.may === "refuse") return { answer: ephemeral(admission.reply) };
    const ranAt = this.services.clock.now();
    const succeed = (answer: Answer | undefined | void): Handled => {
      this.report("run", "ok", ranAt);
      return { answer: answer ?? undefined };
    };
    try {
      const answer = this.#entry.behaviour.run(interaction, this.services, admission.loaded);
      if (!(answer instanceof Promise)) return succeed(answer);
      return answer.then(succeed, (error: unknown) => this.#fail("run", error, ranAt));
    } catch (error) {
      return this.#fail("run", error, ranAt);
    }
  }

  #fail(stage: Stage["stage"], error: unknown, since: number): Handled {
    this.report(stage, "failed", since);
    return { answer: this.tell(error) };
  }

  /**
   * Waits for the answer, or for the deferral. A handler without I/O is done within some turns, which cost less than a
   * timer.
   */
  async #wait(handling: Promise<Handled>): Promise<Outgoing> {
    const held: { value?: Handled } = {};
    void handling.then((value) => (held.value = value));
    for (let turn = 0; turn < quietTurns; turn++) {
      await Promise.resolve();
      if (held.value) return this.#first(held.value);
    }
    const { conversation, services } = this;
    const callOff = after(services.clock, deferAfterMs, () => conversation.deferNow());
    const deferral = conversation.deferral.then((deferral) => ({ deferral }));
    const inTime = await Promise.race([handling, deferral]);
    callOff();
    if (!("deferral" in inTime)) return this.#first(inTime);
    this.#answeredAt = services.clock.now();
    this.#keep(inTime.deferral);
    services.waitUntil(finish(this, handling.then(answerOf)));
    services.waitUntil(release(this));
    return inTime.deferral;
  }

  #first(handled: Handled): Outgoing {
    if ("replay" in handled) {
      this.done();
      return handled.replay;
    }
    const first = this.#begin(handled.answer);
    this.done();
    this.#keep(first);
    if (this.conversation.works.length > 0) {
      this.services.waitUntil(release(this));
      this.services.waitUntil(runAfter(this));
    }
    return first;
  }

  #begin(answer: Answer | undefined): Outgoing {
    try {
      return this.conversation.begin(answer);
    } catch (error) {
      return this.conversation.begin(this.tell(error));
    }
  }

  /** Keeps the answer for duplicates, if this delivery holds the claim. */
  #keep(first: Outgoing): void {
    const keeping = this.#isClaimed && this.#around.answers?.(this.services).keep(this.#raw.id, first);
    if (keeping) this.services.waitUntil(keeping);
  }
}

// --- Internal helpers ---

const quietTurns = 20;
const outcomes = { run: "ok", refuse: "refused", replay: "duplicate" } as const;
const unlike = "is declared otherwise: a command or form that changed, or a menu whose component names no type";
const outdated = "This was changed since your Discord loaded it. Please try again in a moment.";

const answerOf = (handled: Handled): Answer | undefined => ("answer" in handled ? handled.answer : undefined);

/** Never throws, whatever a signed payload that is not as Discord documents it makes of `entry.read`. */
function read<Services>(entry: Entry<Services>, raw: RawInteraction, found: Found): object | undefined {
  try {
    return entry.read(raw, found);
  } catch {
    return undefined;
  }
}

function openWebhook(raw: RawInteraction, { discord, clock }: RouterServices, receivedAt: number) {
  const owners = Object.keys(raw.authorizing_integration_owners ?? {});
  const isUserInstall = owners.length === 1 && owners[0] === "1";
  return createInteractionWebhook({ rest: discord, token: raw.token, receivedAt, isUserInstall, clock });
}
