import { setTimeout as sleep } from "node:timers/promises";
import { DiscordApiError, type DiscordRest } from "../../src/discord/index.ts";
import {
  type Application,
  addressesAt,
  handledEvents,
  installSettings,
  readApplication,
} from "../deployment/application.ts";
import { explain, Failure } from "../deployment/failures.ts";
import type { Step } from "./step.ts";

const tries = 3;
const enabled = 2;

export interface AddressesInput {
  rest: DiscordRest;
  workerUrl: string;
  /** Takes over the addresses from the program that has them now. */
  isForced: boolean;
  /** How long to wait before a refused address is tried again. Default: 3,000. */
  pauseMs?: number;
}

export const addresses: Step<AddressesInput, void> = {
  title: "Addresses",
  does: "Enters the Worker's addresses for interactions and webhook events at Discord, which tests both with good and bad signatures.",
  async run({ rest, workerUrl, isForced, pauseMs = 3_000 }, { say }) {
    const application = await readApplication(rest);
    const wanted = addressesAt(workerUrl);
    if (!isForced) for (const name of names) refuseForeign(name, application, workerUrl);
    const body = {
      ...wanted,
      event_webhooks_status: enabled,
      event_webhooks_types: [...new Set([...(application.event_webhooks_types ?? []), ...handledEvents()])],
      integration_types_config: installSettings(application.integration_types_config),
    };
    await enter(rest, body, { workerUrl, pauseMs });
    for (const name of names) say(`${nouns[name]} go to ${wanted[name]}.`);
  },
};

// --- Internal helpers ---

const nouns = { interactions_endpoint_url: "Interactions", event_webhooks_url: "Webhook events" } as const;
type Name = keyof typeof nouns;
const names = Object.keys(nouns) as Name[];

function refuseForeign(name: Name, application: Application, workerUrl: string): void {
  const present = application[name];
  if (!present || URL.parse(present)?.origin === new URL(workerUrl).origin) return;
  throw new Failure(
    `${nouns[name]} of ${application.name} go to ${present}: another program answers them.`,
    "Is that program to be replaced, run npm run setup -- --force. Otherwise create another application at https://discord.com/developers/applications, and give its token.",
  );
}

/** Discord refuses an address that is not known everywhere yet: a new one is tried again. */
async function enter(
  rest: DiscordRest,
  body: object,
  { workerUrl, pauseMs }: { workerUrl: string; pauseMs: number },
): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      await rest.patch("/applications/@me", { body, isFresh: true });
      return;
    } catch (error) {
      const isRefused = error instanceof DiscordApiError && error.status === 400;
      if (!isRefused) throw explain(error);
      if (tried === tries) {
        throw new Failure(
          `Discord does not accept ${workerUrl}: ${error.fields.map(({ message }) => message).join(" ") || error.message}`,
          "npm run doctor says what it answers. A new address may need another minute: then run npm run setup again.",
          { cause: error },
        );
      }
      await sleep(pauseMs);
    }
  }
}
