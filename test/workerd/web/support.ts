import { createEventsApp, type EventsOptions } from "../../../src/web/index.ts";
import { createTestIsolate } from "../pubsub/support.ts";

export const token = "a-token-of-at-least-24-characters";
export const authorised = { Authorization: `Bearer ${token}` };

/** The routes of an isolate. `pace`: how often they poll; empty for what they do when not told. */
export function createTestApp(
  options: Partial<EventsOptions> = {},
  pace: Partial<EventsOptions> = { fastMs: 5, slowMs: 10 },
) {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation({ ...(options.clock && { clock: options.clock }) });
  const app = createEventsApp({ pubsub: () => pubsub, adminToken: () => token, ...pace, ...options });
  return {
    ...isolate,
    pubsub,
    get: (query: string, headers: Record<string, string> = {}) =>
      app.request(`/?${query}`, { headers: { ...authorised, ...headers } }),
    post: (channel: string, body: string, headers: Record<string, string> = {}) =>
      app.request(`/${channel}`, { method: "POST", body, headers: { ...authorised, ...headers } }),
    app,
  };
}

export interface Received {
  id?: string;
  event?: string;
  data?: { data?: unknown; [name: string]: unknown };
  comment?: string;
}

/** Reads blocks of a `text/event-stream` one by one, as a browser would. */
export function createReader(response: Response) {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  async function block(): Promise<Received | undefined> {
    while (!text.includes("\n\n")) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) return undefined;
      text += decoder.decode(value, { stream: true });
    }
    const end = text.indexOf("\n\n");
    const lines = text.slice(0, end).split("\n");
    text = text.slice(end + 2);
    const received: Record<string, unknown> = {};
    for (const line of lines) {
      const at = line.indexOf(": ");
      const value = line.slice(at + 2);
      received[line.slice(0, at) || "comment"] = line.startsWith("data") ? JSON.parse(value) : value;
    }
    return received;
  }
  return {
    block,
    /** Returns the next block with data. */
    async event(): Promise<Received | undefined> {
      for (let one = await block(); one; one = await block()) if (one.data) return one;
      return undefined;
    },
    cancel: () => reader?.cancel(),
  };
}
