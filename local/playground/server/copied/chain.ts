import type { InteractionRecord, Simulator } from "../../../discord/index.ts";
import type { Exchange, Exchanges } from "../exchanges.ts";

/** An exchange to be repeated, after the one whose message or form it acts on. */
export interface Step {
  exchange: Exchange;
  record: InteractionRecord;
  parent?: Step;
}

/** How many steps back the answer is worth repeating. */
const maxSteps = 40;

/**
 * Returns the steps that lead to an exchange, the first one first: the command that posted the message, each click that
 * changed it since, and the exchange. Returns a sentence when they are not all known.
 */
export function chainTo(simulator: Simulator, exchanges: Exchanges, last: Exchange): Step[] | string {
  const steps: Step[] = [];

  function add(exchange: Exchange): Step | string {
    const known = steps.find((step) => step.exchange === exchange);
    if (known) return known;
    const record = simulator.interactions.get(exchange.payload.token ?? "");
    if (!record) return "The interaction is from a saved session.";
    const needed = parentOf(exchange, record);
    if (typeof needed === "string") return needed;
    const parent = needed && add(needed);
    if (typeof parent === "string") return parent;
    const step = { exchange, record, ...(parent && { parent }) };
    steps.push(step);
    return steps.length > maxSteps ? `More than ${maxSteps} steps lead here.` : step;
  }

  function parentOf({ view, payload }: Exchange, record: InteractionRecord): Exchange | string | undefined {
    const all = exchanges.all();
    const earlier = all
      .slice(
        0,
        all.findIndex((one) => one.view.id === view.id),
      )
      .toReversed();
    const recordOf = (one: Exchange) => simulator.interactions.get(one.payload.token ?? "");
    if (view.kind === "form") {
      const opener = earlier.find((one) => {
        const { answer, userId } = recordOf(one) ?? {};
        return (
          answer?.kind === "modal" && userId === record.userId && answer.modal["custom_id"] === payload.data?.custom_id
        );
      });
      return opener ?? "The interaction that opened the form is no longer kept.";
    }
    const isOnMessage = payload.data?.type === 3 && view.kind === "command";
    const messageId =
      view.kind === "component" ? payload.message?.id : isOnMessage ? payload.data?.target_id : undefined;
    if (messageId === undefined) return undefined;
    const author = earlier.find((one) => {
      const { originalId, followUps = [] } = recordOf(one) ?? {};
      return originalId === messageId || followUps.includes(messageId);
    });
    return author ?? "No command that is still kept posted the message: start from the command.";
  }

  const outcome = add(last);
  return typeof outcome === "string" ? outcome : steps;
}
