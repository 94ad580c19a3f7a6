import { useEffect, useState } from "preact/hooks";
import type { Act } from "../../protocol.ts";
import type { Files } from "../client/api.ts";
import { useClient, useSelected } from "../client/use-client.ts";

export interface Submission {
  submit(act: Act, files: Files): Promise<void>;
  isWaiting: boolean;
  /** Why the last submission failed, once it has. */
  failure: readonly string[] | undefined;
}

/** Submits a form, and calls back once the Worker has accepted it. A form that failed stays open. */
export function useSubmission(onDone: () => void): Submission {
  const client = useClient();
  const [sent, setSent] = useState<string>();
  const [refusal, setRefusal] = useState<readonly string[]>();
  const exchange = useSelected(({ exchanges }) => exchanges.find(({ id }) => id === sent));
  const isAnswered = exchange !== undefined && (exchange.response !== undefined || exchange.problems.length > 0);
  const isDone = isAnswered && exchange.problems.length === 0;
  useEffect(() => {
    if (isDone) onDone();
  }, [isDone]);
  return {
    async submit(act, files) {
      setRefusal(undefined);
      const answer = await client.act(act, files);
      if (answer.error !== undefined) setRefusal([answer.error]);
      else if (answer.exchange === undefined) onDone();
      else setSent(answer.exchange);
    },
    isWaiting: sent !== undefined && !isAnswered,
    failure: refusal ?? (isAnswered && !isDone ? exchange.problems : undefined),
  };
}
