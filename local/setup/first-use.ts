import { startWrangler } from "../deployment/wrangler.ts";
import type { Step } from "./step.ts";

const withinMs = 15 * 60_000;

export const firstUse: Step<{ root: string; workerUrl: string; isWaited: boolean }, void> = {
  title: "First use",
  does: "Watches the Worker's live log (wrangler tail) until the bot is used for the first time. Ctrl-C ends the wait.",
  async run({ root, workerUrl, isWaited }, { say }) {
    if (!isWaited) return say("Not waited for. Say /ping in the server.");
    say("Say /ping in the server now.");
    const outcome = await waitForInteraction(root);
    if (outcome === "answered") return say("The bot was used, and it answered. Done.");
    if (outcome === "failed") return say("The bot was used, and failed: npx wrangler tail shows why the next time.");
    say(`Not seen yet. ${workerUrl}/health and npm run doctor say whether all is well.`);
  },
};

/** Returns how the Worker took the first interaction that the live log tells of; `unseen` when it ends before. */
async function waitForInteraction(root: string): Promise<"answered" | "failed" | "unseen"> {
  const tail = startWrangler(root, ["tail", "--format", "json"]);
  // Ctrl-C reaches both: this process goes on, and says how to go on.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  const timer = setTimeout(() => tail.kill(), withinMs);
  try {
    return await new Promise((resolve) => {
      const read = createEventReader((event) => {
        const outcome = outcomeOf(event);
        if (outcome) resolve(outcome);
      });
      tail.stdout?.on("data", (chunk: Buffer) => read(chunk.toString()));
      tail.stderr?.resume();
      tail.once("error", () => resolve("unseen"));
      tail.once("close", () => resolve("unseen"));
    });
  } finally {
    clearTimeout(timer);
    process.off("SIGINT", ignore);
    tail.kill();
  }
}

// --- Internal helpers ---

/** The part of a line of the live log that matters here. */
interface TailEvent {
  event?: { request?: { url: string; method: string }; response?: { status: number } } | null;
}

/** Returns how the Worker took the interaction that an event tells of; `undefined` for an event of anything else. */
export function outcomeOf({ event }: TailEvent): "answered" | "failed" | undefined {
  if (event?.request?.method !== "POST") return undefined;
  if (!/^\/(interactions)?$/.test(URL.parse(event.request.url)?.pathname ?? "")) return undefined;
  const status = event.response?.status;
  // Discord sends bad signatures at any time, to see that they are refused.
  if (status === 401) return undefined;
  return status === 200 ? "answered" : "failed";
}

/** Makes what reads JSON objects from pieces of text, on one line each or indented over several. */
export function createEventReader(onEvent: (event: TailEvent) => void): (text: string) => void {
  let rest = "";
  let object = "";
  return (text) => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      object += line;
      if (!/\}\s*$/.test(line)) continue;
      try {
        const event = JSON.parse(object) as TailEvent;
        object = "";
        onEvent(event);
      } catch {
        // The object goes on.
      }
    }
  };
}
