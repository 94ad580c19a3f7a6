import type { APIMessage } from "discord-api-types/v10";
import type { Clock } from "../../platform/index.ts";
import type { Reply } from "../answer.ts";
import { BaseInteraction, type RawInteraction } from "./base.ts";

/** The ways to respond besides returning an answer. */
export interface Responses {
  /**
   * Shows "thinking…" (for a button: nothing) until the handler returns its answer. Resolves when Discord has the deferral,
   * so that `edit` and `followUp` can come next. Happens without a call once a handler takes two seconds.
   *
   * `ephemeral`: the answer is for the person's eyes only. Default: the handler's own `ephemeral`.
   *
   * @example
   * async run(interaction) {
   *   await interaction.defer({ ephemeral: true });
   *   return `The report: ${await writeReport()}`;
   * }
   */
  defer(options?: { ephemeral?: boolean }): Promise<void>;
  /**
   * Changes the first answer, or a follow-up by its id. Comes after a deferral, or inside `after`.
   *
   * @example
   * await interaction.defer();
   * await interaction.edit("Halfway there.");
   *
   * Cost: 1 request to Discord.
   */
  edit(reply: Reply, messageId?: string): Promise<APIMessage>;
  /**
   * Deletes the first answer, or a follow-up by its id. Comes after a deferral, or inside `after`.
   * Cost: 1 request to Discord.
   */
  remove(messageId?: string): Promise<void>;
  /**
   * Sends another message. Comes after the first answer, so inside `after`.
   *
   * @example
   * interaction.after(() => interaction.followUp(ephemeral("Only you can read this.")));
   *
   * Cost: 1 request to Discord.
   */
  followUp(reply: Reply): Promise<APIMessage>;
  /**
   * Has `work` run once the first answer is out.
   *
   * @example
   * run(interaction) {
   *   interaction.after(async () => interaction.edit(await translate("Good morning")));
   *   return "Good morning";
   * }
   */
  after(work: () => Promise<unknown>): void;
}

/** An interaction as handlers get it: the payload, its common fields by name, and the ways to respond. */
export class Interaction<Raw extends RawInteraction = RawInteraction>
  extends BaseInteraction<Raw>
  implements Responses
{
  readonly #responses: Responses;

  constructor(raw: Raw, clock: Pick<Clock, "now">, responses: Responses) {
    super(raw, clock);
    this.#responses = responses;
  }

  defer(options?: { ephemeral?: boolean }): Promise<void> {
    return this.#responses.defer(options);
  }
  edit(reply: Reply, messageId?: string): Promise<APIMessage> {
    return this.#responses.edit(reply, messageId);
  }
  remove(messageId?: string): Promise<void> {
    return this.#responses.remove(messageId);
  }
  followUp(reply: Reply): Promise<APIMessage> {
    return this.#responses.followUp(reply);
  }
  after(work: () => Promise<unknown>): void {
    this.#responses.after(work);
  }
}
