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
import type { RawInteraction, Responses } from "../interaction/interaction.ts";
import type { InteractionWebhook } from "../webhook.ts";

/** How an interaction is deferred: with "thinking…", or quietly, for a change of the message it came from. */
export type DeferAs = "reply" | "update";

export interface ConversationOptions {
  raw: RawInteraction;
  webhook: () => InteractionWebhook;
  deferAs: DeferAs;
  isEphemeral: boolean;
  /** Settles when the first answer is out, and Discord has had time to read it. */
  left: Promise<void>;
}

/** One interaction's answers, in Discord's order: a first one, inline; then edits and follow-ups by REST. */
export interface Conversation extends Responses {
  /** The deferral, once there is one. */
  readonly deferred: Promise<Outgoing>;
  deferNow(isEphemeral?: boolean): void;
  /** The first answer, from what the handler returned in time. */
  begin(answer: Answer | undefined): Outgoing;
  /** What the handler returned after the deferral. */
  finish(answer: Answer | undefined): Promise<void>;
  readonly works: readonly (() => Promise<unknown>)[];
}

export function createConversation({
  raw,
  webhook,
  deferAs,
  isEphemeral: isPrivate,
  left,
}: ConversationOptions): Conversation {
  const deferral = Promise.withResolvers<Outgoing>();
  const works: (() => Promise<unknown>)[] = [];
  /** What Discord shows: nothing yet, a deferral whose message is still to come, or a first answer. */
  let shown: "nothing" | "thinking" | "answer" = "nothing";
  let wasPrivate = isPrivate;

  const own = (message: Message): Message => (isPrivate ? ephemeral(message) : message);

  function deferNow(asEphemeral = isPrivate): void {
    if (shown !== "nothing") return;
    wasPrivate = asEphemeral;
    shown = deferAs === "reply" ? "thinking" : "answer";
    deferral.resolve(
      deferAs === "update"
        ? { type: callbackType.deferredUpdate }
        : {
            type: callbackType.deferredMessage,
            ...(asEphemeral && { data: { flags: messageFlags.ephemeral } }),
          },
    );
  }

  /** An answer by REST needs a first one to follow. */
  async function afterFirst(what: string): Promise<InteractionWebhook> {
    if (shown === "nothing") {
      throw new Error(`${what}() comes after the first answer: await defer() before it, or call it inside after().`);
    }
    await left;
    return webhook();
  }

  return {
    deferred: deferral.promise,
    works,
    deferNow,

    begin(answer) {
      shown = "answer";
      if (answer === undefined) {
        if (!cameFromMessage(raw)) throw new Error("The handler returned nothing. Return a message, or defer first.");
        return { type: callbackType.deferredUpdate };
      }
      checkPairing(raw, answer);
      return toCallback(isCallback(answer) ? answer : own(messageOf(answer)));
    },

    async finish(answer) {
      await left;
      if (answer === undefined) {
        if (shown === "thinking") throw new Error("The handler returned nothing after its deferral.");
        return;
      }
      const isThinking = shown === "thinking";
      shown = "answer";
      if (isCallback(answer)) {
        if (answer.callback !== "update" || deferAs !== "update") {
          throw new Error(`"${answer.callback}" cannot follow a deferral: Discord takes it as a first answer only.`);
        }
        await webhook().edit(answer.message);
        return;
      }
      const message = own(messageOf(answer));
      if (!isThinking) {
        await (deferAs === "reply" ? webhook().edit(message) : webhook().followUp(message));
      } else if (isEphemeral(message) && !wasPrivate) {
        // Whether "thinking…" is private was settled when it was shown: what is meant for one person goes beside it.
        await webhook().remove();
        await webhook().followUp(message);
      } else {
        await webhook().edit(message);
      }
    },

    async defer({ ephemeral: asEphemeral }: { ephemeral?: boolean } = {}) {
      if (shown === "nothing") deferNow(asEphemeral);
      await left;
    },
    async edit(reply: Reply, messageId?: string) {
      const via = await afterFirst("edit");
      if (messageId === undefined) shown = "answer";
      return via.edit(reply, messageId);
    },
    async remove(messageId?: string) {
      const via = await afterFirst("remove");
      if (messageId === undefined) shown = "answer";
      return via.remove(messageId);
    },
    async followUp(reply: Reply) {
      const via = await afterFirst("followUp");
      // Discord would let the first follow-up take the place of "thinking…".
      if (shown === "thinking") throw new Error("followUp() comes after the answer: edit() the deferral first.");
      return via.followUp(own(messageOf(reply)));
    },
    after: (work) => void works.push(work),
  };
}

// --- Internal helpers ---

/** Buttons, menus, and forms that one of them opened. */
const cameFromMessage = (raw: RawInteraction): boolean =>
  raw.type === interactionType.component || (raw.type === interactionType.modal && raw.message !== undefined);

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type */
function checkPairing(raw: RawInteraction, answer: Answer): void {
  if (!isCallback(answer)) return;
  if (answer.callback === "update" && !cameFromMessage(raw)) {
    throw new Error("updateMessage() answers buttons, menus, and forms that one of them opened.");
  }
  if (answer.callback === "modal" && raw.type === interactionType.modal) {
    throw new Error("A form cannot open another form: answer with a button that does.");
  }
}
