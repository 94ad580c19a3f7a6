import { expect, it } from "vitest";
import { endpoint, signatures, verification, webhookEvents } from "../../../../local/doctor/addresses.ts";
import { listen, startDiscord, unverified } from "../deployment/support.ts";
import { factsOf } from "./support.ts";

const at = "https://bot.test";

it.each<[string, string | null, string | undefined, object]>([
  ["its own", `${at}/interactions`, at, { is: "right", text: `interactions go to ${at}/interactions` }],
  ["the bare address", at, at, { is: "right" }],
  ["the bare address with a slash", `${at}/`, at, { is: "right" }],
  ["any, where the Worker is not known", "https://x.test/y", undefined, { is: "right" }],
  ["none", null, at, { is: "wrong", cure: "npm run setup" }],
  [
    "another's",
    "https://x.test/interactions",
    at,
    {
      is: "wrong",
      text: `interactions go to https://x.test/interactions, not to ${at}/interactions`,
      cure: "npm run setup -- --force",
    },
  ],
  ["another path", `${at}/other`, at, { is: "wrong" }],
])("judges an endpoint that is %s", async (_, url, workerUrl, finding) => {
  const application = { interactions_endpoint_url: url };
  expect(await endpoint.run(factsOf({ application, ...(workerUrl && { workerUrl }) }))).toMatchObject(finding);
});

it("asks the Worker with a wrong, a malformed and no signature", async () => {
  const asked: { path: string; signature: string | null; timestamp: string | null; body: unknown }[] = [];
  const url = await listen(async (request) => {
    asked.push({
      path: `${request.method} ${new URL(request.url).pathname}`,
      signature: request.headers.get("X-Signature-Ed25519"),
      timestamp: request.headers.get("X-Signature-Timestamp"),
      body: await request.json(),
    });
    return new Response("no", { status: 401 });
  });
  expect(await signatures.run(factsOf({ workerUrl: url }))).toMatchObject({ is: "right" });
  expect(asked.map(({ path }) => path)).toEqual(Array.from({ length: 3 }, () => "POST /interactions"));
  expect(asked.map(({ signature }) => signature)).toEqual([expect.stringMatching(/^[0-9a-f]{128}$/), "zz", null]);
  for (const { body } of asked) expect(body).toMatchObject({ type: 1, version: 1 });
  // A signature of another time would be refused for that alone.
  expect(Math.abs(Number(asked[0]?.timestamp) - Date.now() / 1_000)).toBeLessThan(30);
  expect(asked[0]?.timestamp).toMatch(/^\d+$/);
  expect(asked[1]?.timestamp).toBe(asked[0]?.timestamp);
});

it.each([
  ["a wrong signature", 0],
  ["a malformed signature", 1],
  ["no signature", 2],
])("finds a Worker wrong that answers to %s", async (noun, index) => {
  let count = 0;
  const url = await listen(() => new Response("x", { status: count++ === index ? 200 : 401 }));
  expect(await signatures.run(factsOf({ workerUrl: url }))).toEqual({
    is: "wrong",
    text: `${url}/interactions answers HTTP 200 to ${noun}; Discord demands 401`,
    cure: `open ${url}/health, then npm run deploy`,
  });
});

it("cannot try signatures where the Worker is not known", async () => {
  expect(await signatures.run(factsOf())).toMatchObject({ is: "unknown" });
});

it("has Discord test the address that it has, and changes nothing", async () => {
  const url = `${at}/interactions`;
  const { rest, patches, application } = await startDiscord({ interactions_endpoint_url: url });
  const facts = factsOf({ application, rest });
  expect(await verification.run(facts)).toMatchObject({ is: "right" });
  expect(patches).toEqual([{ interactions_endpoint_url: url }]);
});

it("says why Discord does not verify an address, and passes on any other failure", async () => {
  const url = `${at}/interactions`;
  const { rest, refusals } = await startDiscord();
  const facts = factsOf({ application: { interactions_endpoint_url: url }, rest });
  refusals.push(unverified);
  expect(await verification.run(facts)).toEqual({
    is: "wrong",
    text: `Discord tested ${url}: The specified interactions endpoint url could not be verified. Most often the Worker's public key is another's`,
    cure: "npm run setup",
  });
  refusals.push({ status: 403, body: { code: 50_001, message: "Missing Access" } });
  await expect(verification.run(facts)).rejects.toThrow("Missing Access");
});

it("cannot have Discord test an address that it does not have", async () => {
  const facts = factsOf({ application: { interactions_endpoint_url: null } });
  expect(await verification.run(facts)).toMatchObject({ is: "unknown" });
});

const types = ["APPLICATION_AUTHORIZED", "APPLICATION_DEAUTHORIZED"];
const subscribed = {
  event_webhooks_url: `${at}/webhook-events`,
  event_webhooks_status: 2,
  event_webhooks_types: [...types, "QUEST_USER_ENROLLMENT"],
};

it.each<[string, object, string | undefined, object]>([
  ["in order", {}, at, { is: "right", text: `${types.join(", ")} go to ${at}/webhook-events` }],
  ["in order, for all that is known", {}, undefined, { is: "right" }],
  ["without an address", { event_webhooks_url: null }, at, { is: "wrong", text: `no address for ${types.join(", ")}` }],
  [
    "for another program",
    { event_webhooks_url: "https://x.test" },
    at,
    {
      is: "wrong",
      text: `they go to https://x.test, not to ${at}/webhook-events`,
      cure: "npm run setup -- --force",
    },
  ],
  ["off", { event_webhooks_status: 1 }, at, { is: "wrong", text: "they are off", cure: "npm run setup" }],
  [
    "turned off by Discord",
    { event_webhooks_status: 3 },
    at,
    { is: "wrong", text: "Discord has turned them off, as the Worker did not answer" },
  ],
  [
    "not all subscribed to",
    { event_webhooks_types: [types[0]] },
    at,
    { is: "wrong", text: "not subscribed to APPLICATION_DEAUTHORIZED", cure: "npm run setup" },
  ],
  [
    "not subscribed to",
    { event_webhooks_types: undefined },
    at,
    { is: "wrong", text: `not subscribed to ${types.join(", ")}` },
  ],
])("judges webhook events that are %s", async (_, given, workerUrl, finding) => {
  const facts = factsOf({ application: { ...subscribed, ...given }, ...(workerUrl && { workerUrl }) });
  expect(await webhookEvents.run(facts)).toMatchObject(finding);
});
