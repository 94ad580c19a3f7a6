import { InteractionType } from "discord-api-types/v10";
import { canView, type InteractionRecord, type Outcome, type World } from "../../discord/index.ts";
import type { PendingView } from "../protocol.ts";
import type { Exchanges } from "./exchanges.ts";
import { viewPerson } from "./people-views.ts";
import type { Tell } from "./telling.ts";
import type { WorldClock } from "./world-clock.ts";

export interface PendingOptions {
  world: World;
  exchanges: Exchanges;
  clock: WorldClock;
  tell: Tell;
}

/** The lines in a channel that are not messages: interactions that wait, or failed in one of Discord's ways. */
export interface Pending {
  /** Takes a change of an interaction. */
  take(record: InteractionRecord): void;
  /** Takes the end of an exchange. */
  end(exchange: string, outcome: Outcome): void;
  in(personId: string, channelId: string): PendingView[];
  /** Removes a failure that the person sees. Returns whether there was one. */
  dismiss(personId: string, id: string): boolean;
}

/** An interaction's token can be used for so long. */
const tokenLifeMs = 15 * 60_000;

export function createPending({ world, exchanges, clock, tell }: PendingOptions): Pending {
  const waiting = new Map<string, { view: PendingView; record: InteractionRecord }>();
  const shownForms = new Set<string>();

  const isSeenBy = ({ state, isEphemeral, person, channelId }: PendingView) => {
    const isPublic = state === "thinking" && !isEphemeral;
    return (id: string) => id === person.id || (isPublic && canView(world, id, channelId));
  };

  function set(record: InteractionRecord, change: Partial<PendingView>): void {
    const before = waiting.get(record.exchange)?.view ?? begin(record);
    if (!before) return;
    const view = { ...before, ...change };
    waiting.set(record.exchange, { view, record });
    // Others saw the bot think; only the person who acted sees that it failed.
    if (before.state === "thinking" && view.state === "failed")
      tell(isSeenBy(before), { type: "pending-gone", id: before.id });
    tell(isSeenBy(view), { type: "pending", pending: view });
  }

  function remove(id: string): void {
    const view = waiting.get(id)?.view;
    waiting.delete(id);
    if (view) tell(isSeenBy(view), { type: "pending-gone", id });
  }

  function begin(record: InteractionRecord): PendingView | undefined {
    const { exchange: id, channelId, userId, sourceId, type } = record;
    const user = world.users.get(userId ?? "");
    const payload = exchanges.get(id)?.payload ?? {};
    if (!user || channelId === undefined) return undefined;
    const isComponent = type === InteractionType.MessageComponent;
    const customId = payload.data?.custom_id;
    return {
      id,
      channelId,
      ...(sourceId !== undefined && { messageId: sourceId }),
      ...(isComponent && customId !== undefined && { customId }),
      // Others may see it: without the values of options.
      title: exchanges.cause(record.id)?.title || (exchanges.get(id)?.view.title ?? ""),
      state: "sending",
      isEphemeral: true,
      person: viewPerson(world, user),
      text: isComponent ? "" : "Sending command…",
      reasons: [],
    };
  }

  function fail(record: InteractionRecord, reasons: readonly string[]): void {
    set(record, { state: "failed", isEphemeral: true, text: failures[record.type] ?? failures[2] ?? "", reasons });
  }

  async function untilExpired(record: InteractionRecord): Promise<void> {
    await clock.sleep(record.sentAt + tokenLifeMs - clock.now());
    if (record.answer.kind !== "deferred") return;
    fail(record, [
      "The answer was deferred, and no message followed within 15 minutes: the interaction's token has expired.",
    ]);
  }

  /** A new attempt replaces the failures shown below the same message. */
  function clearFailures({ sourceId, userId, exchange }: InteractionRecord): void {
    if (sourceId === undefined) return;
    for (const [id, { view }] of waiting) {
      if (id !== exchange && view.messageId === sourceId && view.person.id === userId && view.state === "failed")
        remove(id);
    }
  }

  function showForm({ exchange, token, userId, answer }: InteractionRecord): void {
    if (answer.kind !== "modal" || shownForms.has(exchange)) return;
    shownForms.add(exchange);
    tell((person) => person === userId, { type: "form", exchange, token, form: answer.modal });
  }

  return {
    take(record) {
      if (record.type === InteractionType.ApplicationCommandAutocomplete || record.type === InteractionType.Ping)
        return;
      const { answer, exchange } = record;
      if (answer.kind === "none") {
        clearFailures(record);
        // A form waits in its own window.
        if (record.type !== InteractionType.ModalSubmit) set(record, {});
        return;
      }
      if (answer.kind === "deferred") {
        if (waiting.get(exchange)?.view.state === "thinking") return;
        const name = viewPerson(world, world.bot).name;
        set(record, { state: "thinking", isEphemeral: answer.isEphemeral, text: `${name} is thinking…` });
        return void untilExpired(record);
      }
      remove(exchange);
      showForm(record);
    },
    end(id, { problems }) {
      const record = waiting.get(id)?.record;
      if (record?.answer.kind === "none" && problems.length > 0) fail(record, problems);
    },
    in: (personId, channelId) =>
      [...waiting.values()].flatMap(({ view }) =>
        view.channelId === channelId && isSeenBy(view)(personId) ? [view] : [],
      ),
    dismiss(personId, id) {
      const found = waiting.get(id)?.view;
      if (found?.state !== "failed" || found.person.id !== personId) return false;
      remove(id);
      return true;
    },
  };
}

// --- Internal helpers ---

/** Discord's words for a failure, by type of interaction. */
const failures: Partial<Record<InteractionType, string>> = {
  [InteractionType.ApplicationCommand]: "The application did not respond",
  [InteractionType.MessageComponent]: "This interaction failed",
  [InteractionType.ModalSubmit]: "Something went wrong. Try again.",
};
