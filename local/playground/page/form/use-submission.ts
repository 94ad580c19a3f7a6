import { useState } from "preact/hooks";
import type { Act } from "../../protocol.ts";
import type { Files } from "../client/api.ts";
import type { OpenForm } from "../client/state.ts";
import { useClient } from "../client/use-client.ts";

export interface Submission {
  submit(act: Act, files: Files): Promise<void>;
  isWaiting: boolean;
  /** Why the last submission failed, once it has. */
  failure: OpenForm["failure"];
}

const retry = "Something went wrong. Try again.";

/** Submits an open form. The stream closes it, or tells why the Worker did not take it. */
export function useSubmission({ failure }: OpenForm): Submission {
  const client = useClient();
  // The failure that was known when the form was submitted last is not the answer to that.
  const [sent, setSent] = useState<{ before: OpenForm["failure"] }>();
  const [refusal, setRefusal] = useState<string>();
  const isAnswered = sent !== undefined && failure !== sent.before;
  return {
    async submit(act, files) {
      setRefusal(undefined);
      setSent({ before: failure });
      const { error } = await client.act(act, files);
      if (error === undefined) return;
      setSent(undefined);
      setRefusal(error);
    },
    isWaiting: sent !== undefined && !isAnswered,
    failure: refusal === undefined ? (isAnswered ? failure : undefined) : { text: retry, reasons: [refusal] },
  };
}
