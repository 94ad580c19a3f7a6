import { DiscordApiError } from "../../src/discord/index.ts";
import { addressesAt, handledEvents } from "../deployment/application.ts";
import { ofDiscord } from "./application.ts";
import { type Check, right, unknown, wrong } from "./check.ts";

export const endpoint: Check = {
  name: "endpoint",
  needs: ofDiscord,
  async run({ application, workerUrl }) {
    const { interactions_endpoint_url: present } = await application();
    if (!present) return wrong("Discord has no address to send interactions to", "npm run setup");
    const at = await workerUrl();
    const wanted = at === undefined ? present : addressesAt(at).interactions_endpoint_url;
    // The bare address is answered, too.
    if (present === wanted || present.replace(/\/$/, "") === at) return right(`interactions go to ${present}`);
    return wrong(`interactions go to ${present}, not to ${wanted}`, "npm run setup -- --force");
  },
};

export const signatures: Check = {
  name: "signatures",
  async run({ workerUrl }) {
    const at = await workerUrl();
    if (at === undefined) return unknown("it is not known where the Worker is: give --url");
    const url = addressesAt(at).interactions_endpoint_url;
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const probes: [string, Record<string, string>][] = [
      ["a wrong signature", { "X-Signature-Ed25519": "ab".repeat(64), "X-Signature-Timestamp": timestamp }],
      ["a malformed signature", { "X-Signature-Ed25519": "zz", "X-Signature-Timestamp": timestamp }],
      ["no signature", {}],
    ];
    for (const [noun, headers] of probes) {
      const status = await post(url, headers);
      if (status !== 401) {
        return wrong(
          `${url} answers HTTP ${status} to ${noun}; Discord demands 401`,
          `open ${at}/health, then npm run deploy`,
        );
      }
    }
    return right("wrong, malformed and missing ones are refused with 401");
  },
};

export const verification: Check = {
  name: "verification",
  needs: ofDiscord,
  async run({ application, rest }) {
    const { interactions_endpoint_url: url } = await application();
    if (!url) return unknown("Discord has no address to test");
    try {
      // The address that it has already: Discord tests it all the same, with a PING that only Discord can sign.
      await rest().patch("/applications/@me", { body: { interactions_endpoint_url: url }, isFresh: true });
      return right("Discord sent a signed PING and a badly signed one, and takes both answers");
    } catch (error) {
      if (!(error instanceof DiscordApiError) || error.status !== 400) throw error;
      const reason = error.fields.map(({ message }) => message).join(" ");
      return wrong(`Discord tested ${url}: ${reason} Most often the Worker's public key is another's`, "npm run setup");
    }
  },
};

const enabled = 2;

export const webhookEvents: Check = {
  name: "webhook-events",
  needs: ofDiscord,
  async run({ application, workerUrl }) {
    const { event_webhooks_url: url, event_webhooks_status: status, event_webhooks_types: types } = await application();
    const wanted = handledEvents();
    if (wanted.length === 0) return right("no feature handles any");
    if (!url) return wrong(`no address for ${wanted.join(", ")}`, "npm run setup");
    const at = await workerUrl();
    if (at !== undefined && url !== addressesAt(at).event_webhooks_url) {
      return wrong(`they go to ${url}, not to ${addressesAt(at).event_webhooks_url}`, "npm run setup -- --force");
    }
    if (status !== enabled) {
      const reason =
        Number(status) === 3 ? "Discord has turned them off, as the Worker did not answer" : "they are off";
      return wrong(reason, "npm run setup");
    }
    const missing = wanted.filter((type) => !(types as string[] | undefined)?.includes(type));
    if (missing.length > 0) return wrong(`not subscribed to ${missing.join(", ")}`, "npm run setup");
    return right(`${wanted.join(", ")} go to ${url}`);
  },
};

// --- Internal helpers ---

/** Posts a PING, and returns the status. */
async function post(url: string, headers: Record<string, string>): Promise<number> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ type: 1, id: "0", application_id: "0", token: "", version: 1 }),
    signal: AbortSignal.timeout(10_000),
  });
  await response.body?.cancel();
  return response.status;
}
