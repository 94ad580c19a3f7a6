import type { InteractionRecord, Outcome } from "../../discord/index.ts";
import type { Tell } from "./telling.ts";

/** The forms that were submitted and wait for the Worker. */
export interface Forms {
  /** Remembers that an exchange submits the form that answered an interaction. */
  submitted(exchange: string, form: InteractionRecord): void;
  /** Takes the end of an exchange: a form closes, or can be submitted again. */
  end(exchange: string, outcome: Outcome): void;
}

export function createForms(tell: Tell): Forms {
  const waiting = new Map<string, InteractionRecord>();
  return {
    submitted: (exchange, form) => void waiting.set(exchange, form),
    end(exchange, { problems }) {
      const form = waiting.get(exchange);
      if (!form) return;
      waiting.delete(exchange);
      const failure = problems.length > 0 && { text: "Something went wrong. Try again.", reasons: problems };
      if (failure) form.isSubmitted = false;
      tell((person) => person === form.userId, {
        type: "form-ended",
        exchange: form.exchange,
        token: form.token,
        ...failure,
      });
    },
  };
}
