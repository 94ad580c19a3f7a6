import { useEffect, useState } from "preact/hooks";
import type { OptionValue } from "../../protocol.ts";
import { useClient } from "../client/use-client.ts";
import type { Choice } from "../components/select-view.ts";
import { type CommandDraft, givenOf } from "./draft.ts";
import { toGiven } from "./leaves.ts";

export type Completion =
  | { state: "idle" | "loading" }
  | { state: "ready"; choices: readonly CompletedChoice[] }
  | { state: "failed"; reasons: readonly string[] };

/** A choice of the Worker. Its `value` names it in the list; `given` is sent. */
export type CompletedChoice = Choice & { given: OptionValue };

const pauseMs = 150;

/** Returns the Worker's choices for the text of an option, asked for once typing pauses. */
export function useCompletion(draft: CommandDraft, name: string, isAsked: boolean): Completion {
  const client = useClient();
  const [completion, setCompletion] = useState<Completion>({ state: "idle" });
  const text = draft.entries[name]?.text ?? "";
  useEffect(() => {
    if (!isAsked) return undefined;
    let isOld = false;
    setCompletion({ state: "loading" });
    const timer = setTimeout(async () => {
      const options = toGiven(draft.leaf, givenOf(draft, name).options);
      const answer = await client.complete({ do: "complete", commandId: draft.leaf.commandId, options });
      if (!isOld) setCompletion(read(answer));
    }, pauseMs);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
    // Another option's change asks again only when this option is typed in.
  }, [isAsked, text]);
  return completion;
}

// --- Internal helpers ---

type Answer = Awaited<ReturnType<ReturnType<typeof useClient>["complete"]>>;

function read(answer: Answer): Completion {
  if (answer.error !== undefined) return { state: "failed", reasons: [answer.error] };
  if (!answer.choices) return { state: "failed", reasons: answer.reasons ?? [] };
  const choices = answer.choices.map(({ name, value }, index) => ({ value: `${index}`, label: name, given: value }));
  return { state: "ready", choices };
}
