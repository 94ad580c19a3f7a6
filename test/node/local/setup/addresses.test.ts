import { expect, it } from "vitest";
import { addresses } from "../../../../local/setup/addresses.ts";
import { startDiscord, unverified } from "../deployment/support.ts";
import { createTools } from "./support.ts";

const workerUrl = "https://bot.test";

async function enter(application: object, { isForced = false, refusals = [] as (typeof unverified)[] } = {}) {
  const discord = await startDiscord(application);
  discord.refusals.push(...refusals);
  const { tools, said } = createTools();
  const outcome = addresses.run({ rest: discord.rest, workerUrl, isForced, pauseMs: 1 }, tools);
  return { discord, said, outcome };
}

const entered = {
  interactions_endpoint_url: `${workerUrl}/interactions`,
  event_webhooks_url: `${workerUrl}/webhook-events`,
  event_webhooks_status: 2,
  event_webhooks_types: ["APPLICATION_AUTHORIZED", "APPLICATION_DEAUTHORIZED"],
};

it("enters the Worker's addresses, its events, and how it is installed", async () => {
  const { discord, said, outcome } = await enter({});
  await outcome;
  expect(discord.patches).toEqual([
    {
      ...entered,
      integration_types_config: {
        "0": { oauth2_install_params: { scopes: ["applications.commands", "bot"], permissions: "3072" } },
        "1": { oauth2_install_params: { scopes: ["applications.commands"], permissions: "0" } },
      },
    },
  ]);
  expect(said).toEqual([
    `Interactions go to ${workerUrl}/interactions.`,
    `Webhook events go to ${workerUrl}/webhook-events.`,
  ]);
});

it("keeps the events that are subscribed to already, each once", async () => {
  const { discord, outcome } = await enter({
    event_webhooks_types: ["QUEST_USER_ENROLLMENT", "APPLICATION_AUTHORIZED"],
  });
  await outcome;
  expect(discord.patches).toMatchObject([
    { event_webhooks_types: ["QUEST_USER_ENROLLMENT", "APPLICATION_AUTHORIZED", "APPLICATION_DEAUTHORIZED"] },
  ]);
});

it.each([
  ["interactions_endpoint_url", "Interactions"],
  ["event_webhooks_url", "Webhook events"],
])("leaves %s of another program alone, unless it is forced", async (name, noun) => {
  const foreign = { [name]: "https://other.test/interactions" };
  const { discord, outcome } = await enter(foreign);
  await expect(outcome).rejects.toMatchObject({
    problem: `${noun} of Sandpiper go to https://other.test/interactions: another program answers them.`,
    cure: expect.stringContaining("npm run setup -- --force"),
  });
  expect(discord.patches).toEqual([]);
  const forced = await enter(foreign, { isForced: true });
  await forced.outcome;
  expect(forced.discord.patches).toMatchObject([entered]);
});

it("corrects another path of its own address", async () => {
  const { discord, outcome } = await enter({
    interactions_endpoint_url: `${workerUrl}/old`,
    event_webhooks_url: workerUrl,
  });
  await outcome;
  expect(discord.patches).toMatchObject([entered]);
});

it("tries an address again that Discord does not know everywhere yet", async () => {
  const { discord, outcome } = await enter({}, { refusals: [unverified, unverified] });
  await outcome;
  expect(discord.patches).toHaveLength(3);
});

it("gives up after three times, with what Discord said", async () => {
  const { discord, said, outcome } = await enter({}, { refusals: [unverified, unverified, unverified] });
  await expect(outcome).rejects.toMatchObject({
    problem: `Discord does not accept ${workerUrl}: The specified interactions endpoint url could not be verified.`,
    cure: expect.stringContaining("npm run doctor says what it answers."),
    cause: expect.any(Error),
  });
  expect(discord.patches).toHaveLength(3);
  expect(said).toEqual([]);
});

it("gives Discord's own words where it names no field", async () => {
  const bare = { status: 400, body: { code: 50_035, message: "Invalid Form Body" } } as typeof unverified;
  const { outcome } = await enter({}, { refusals: [bare, bare, bare] });
  await expect(outcome).rejects.toMatchObject({ problem: expect.stringMatching(/: PATCH .*Invalid Form Body/) });
});

it("does not try again what Discord forbids", async () => {
  const forbidden = { status: 403, body: { code: 50_001, message: "Missing Access" } } as unknown as typeof unverified;
  const { discord, outcome } = await enter({}, { refusals: [forbidden] });
  await expect(outcome).rejects.toMatchObject({ name: "Failure", cure: expect.stringContaining("same application?") });
  expect(discord.patches).toHaveLength(1);
});
