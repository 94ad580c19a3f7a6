import type { Simulator } from "../../../discord/index.ts";
import type { CopiedView } from "../../protocol.ts";
import type { Exchange, Exchanges } from "../exchanges.ts";
import { asSend } from "./as-send.ts";
import { asTest, type ReadFile } from "./as-test.ts";
import { chainTo } from "./chain.ts";

/** Returns an exchange as a test for the kit, and as a line for the terminal. */
export async function copyExchange(
  simulator: Simulator,
  exchanges: Exchanges,
  exchange: Exchange,
): Promise<CopiedView> {
  const { view, payload } = exchange;
  if (view.kind === "ping" || view.kind === "event" || view.kind === "cron") {
    return { reason: "Only what a person does can be repeated by a test or from the terminal." };
  }
  const steps = chainTo(simulator, exchanges, exchange);
  const parent = typeof steps === "string" ? undefined : steps.at(-1)?.parent;
  const send = asSend(simulator, exchange, parent);
  if (typeof steps === "string") return { ...(send !== undefined && { send }), reason: steps };
  if (payload.data?.type === 4 && view.kind === "command") {
    return { reason: "The kit has no line for the entry point command." };
  }
  return { test: await asTest(simulator, steps, readerOf(simulator)), ...(send !== undefined && { send }) };
}

// --- Internal helpers ---

const readerOf =
  ({ app }: Simulator): ReadFile =>
  async ({ filename = "file", url = "" }) => {
    const path = URL.parse(url, "http://127.0.0.1")?.pathname ?? "/";
    const response = await app.request(path);
    const type = response.headers.get("Content-Type") ?? "";
    return response.ok ? { name: filename, type, data: new Uint8Array(await response.arrayBuffer()) } : undefined;
  };
