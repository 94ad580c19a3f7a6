import {
  type Answer,
  ephemeral,
  isCallback,
  isEphemeral,
  type Message,
  messageOf,
  type Outgoing,
  type Reply,
  toCallback,
} from "../answer.ts";
import { callbackType, interactionType, messageFlags } from "../constants.ts";
import type { RawInteraction } from "../interaction/base.ts";
import type { Responses } from "../interaction/interaction.ts";
import type { InteractionWebhook } from "../send/webhook.ts";

/** How an interaction is deferred: with "thinking…", or quietly, to change the message it came from. */
export type DeferAs = "reply" | "update";

export interface ConversationOptions {
  raw: RawInteraction;
  /** Opens the interaction's webhook. Called once, when the first request goes to Discord. */
  openWebhook(): InteractionWebhook;
  deferAs: DeferAs;
  isEphemeral: boolean;
}

/**
 * One interaction's answers, in Discord's order: the first as the response, then edits and follow-ups by REST. A class, so
 * that an interaction that ends with its first answer, as most do, pays for nothing else.
 */
export class Conversation implements Responses {
  /** The work that runs once the first answer is out. */
  readonly works: (() => Promise<unknown>)[] = [];
  readonly #options: ConversationOptions;
  readonly #ask = deferred<Outgoing>();
  readonly #out = deferred<void>();
  #webhook: InteractionWebhook | undefined;
  /** Discord shows nothing yet, a deferral whose message is still to come, or a first answer. */
  #shown: "nothing" | "thinking" | "answer" = "nothing";
  #wasPrivate: boolean;
  /** The interaction has no answer to edit: a deferred click shows another answer's message, or the handler deleted its own. */
  #isBeside: boolean;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#wasPrivate = options.isEphemeral;
    this.#isBeside = options.deferAs === "update";
  }

  /** Resolves to the deferral, if the interaction is deferred. */
  get deferral(): Promise<Outgoing> {
    return this.#ask().promise;
  }
  /** Resolves when the first answer is out, and Discord has had time to read it. */
  get isOut(): Promise<void> {
    return this.#out().promise;
  }
  markOut(): void {
    this.#out().resolve();
  }

  deferNow(isPrivate = this.#options.isEphemeral): void {
    if (this.#shown !== "nothing") return;
    const isReply = this.#options.deferAs === "reply";
    this.#wasPrivate = isPrivate;
    this.#shown = isReply ? "thinking" : "answer";
    const data = isPrivate && { data: { flags: messageFlags.ephemeral } };
    this.#ask().resolve(
      isReply ? { type: callbackType.deferredMessage, ...data } : { type: callbackType.deferredUpdate },
    );
  }

  /** Returns the first answer, from the result of a handler that was in time. Throws when the two do not fit. */
  begin(answer: Answer | undefined): Outgoing {
    const { raw } = this.#options;
    this.#shown = "answer";
    if (answer === undefined) {
      if (!cameFromMessage(raw)) throw new Error("The handler returned nothing. Return a message, or defer first.");
      return { type: callbackType.deferredUpdate };
    }
    if (!isCallback(answer)) return toCallback(this.#own(messageOf(answer)));
    checkPairing(raw, answer);
    return toCallback(answer);
  }

  /**
   * Sends the result of a handler that was deferred. A private answer to a message that all see goes beside it, but for the sentence
   * of a failure, which takes its place. Throws when the result cannot follow a deferral.
   */
  async finish(answer: Answer | undefined, { isFailure = false } = {}): Promise<void> {
    await this.isOut;
    const isThinking = this.#shown === "thinking";
    if (answer === undefined) {
      if (isThinking) throw new Error("The handler returned nothing after its deferral.");
      return;
    }
    this.#shown = "answer";
    const { deferAs } = this.#options;
    const webhook = this.#open();
    if (isCallback(answer)) {
      if (answer.callback !== "update" || deferAs !== "update") {
        this.#shown = isThinking ? "thinking" : "answer";
        throw new Error(`"${answer.callback}" cannot follow a deferral: Discord takes it as a first answer only.`);
      }
      await webhook.edit(answer.message);
      return;
    }
    const message = this.#own(messageOf(answer));
    // An edit cannot make private what was shown to all.
    const wouldShowAll = isEphemeral(message) && !this.#wasPrivate;
    if (!isThinking) {
      const goesBeside = this.#isBeside || (wouldShowAll && !isFailure);
      await (goesBeside ? webhook.followUp(message) : webhook.edit(message));
    } else if (wouldShowAll) {
      await webhook.remove();
      this.#isBeside = true;
      await webhook.followUp(message);
    } else {
      await webhook.edit(message);
    }
  }

  async defer({ ephemeral: isPrivate }: { ephemeral?: boolean } = {}): Promise<void> {
    this.deferNow(isPrivate);
    await this.isOut;
  }
  async edit(reply: Reply, messageId?: string) {
    const webhook = await this.#afterFirst("edit");
    if (messageId === undefined) this.#shown = "answer";
    return webhook.edit(reply, messageId);
  }
  async remove(messageId?: string): Promise<void> {
    const webhook = await this.#afterFirst("remove");
    if (messageId === undefined) {
      this.#shown = "answer";
      this.#isBeside = true;
    }
    return webhook.remove(messageId);
  }
  async followUp(reply: Reply) {
    const webhook = await this.#afterFirst("followUp");
    // Discord would let the first follow-up take the place of "thinking…".
    if (this.#shown === "thinking") throw new Error("followUp() comes after the answer: edit() the deferral first.");
    return webhook.followUp(this.#own(messageOf(reply)));
  }
  after(work: () => Promise<unknown>): void {
    this.works.push(work);
  }

  /** Waits for the first answer. Throws when there is none to follow. */
  async #afterFirst(what: string): Promise<InteractionWebhook> {
    if (this.#shown === "nothing") {
      throw new Error(`${what}() comes after the first answer: await defer() before it, or call it inside after().`);
    }
    await this.isOut;
    return this.#open();
  }

  #open(): InteractionWebhook {
    return (this.#webhook ??= this.#options.openWebhook());
  }

  #own(message: Message): Message {
    return this.#options.isEphemeral ? ephemeral(message) : message;
  }
}

// --- Internal helpers ---

/** Makes a promise when it is first asked for. */
function deferred<T>(): () => PromiseWithResolvers<T> {
  let made: PromiseWithResolvers<T> | undefined;
  return () => (made ??= Promise.withResolvers<T>());
}

/** Is it a click, a choice, or a form that one of them opened? */
const cameFromMessage = (raw: RawInteraction): boolean =>
  raw.type === interactionType.component || (raw.type === interactionType.modal && raw.message !== undefined);

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type */
function checkPairing(raw: RawInteraction, answer: Exclude<Answer, Reply>): void {
  if (answer.callback === "update" && !cameFromMessage(raw)) {
    throw new Error("updateMessage() answers buttons, menus, and forms that one of them opened.");
  }
  if (answer.callback === "modal" && raw.type === interactionType.modal) {
    throw new Error("A form cannot open another form: answer with a button that does.");
  }
}
