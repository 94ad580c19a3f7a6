import { expect, it } from "vitest";
import { Failure } from "../../../../local/deployment/failures.ts";
import { examine } from "../../../../local/doctor/examine.ts";
import { createFacts, type FactsOptions } from "../../../../local/doctor/facts.ts";
import { applicationId, botToken, listen, settingsOf, startDiscord } from "../deployment/support.ts";
import { startServer, token } from "../redis/support.ts";
import { factsOf } from "./support.ts";

const factsFrom = (env: Record<string, string>, options: Partial<FactsOptions> = {}) =>
  createFacts({ root: "/root", settings: settingsOf(env), url: undefined, waitMs: 7, ...options });

it("asks Discord once, and finds the Worker where interactions go", async () => {
  let asked = 0;
  const worker = await listen(() => {
    asked += 1;
    return Response.json({ ok: true });
  });
  const discord = await startDiscord({ interactions_endpoint_url: `${worker}/interactions?a=b` });
  const env = { DISCORD_API_URL: discord.url, DISCORD_BOT_TOKEN: botToken, DISCORD_APPLICATION_ID: applicationId };
  const facts = factsFrom(env);
  expect(await facts.application()).toMatchObject({ name: "Sandpiper" });
  expect(await facts.workerUrl()).toBe(worker);
  await Promise.all([facts.health(), facts.health()]);
  expect(await facts.health()).toMatchObject({ is: "read", health: { ok: true } });
  expect([discord.state.asked, asked]).toEqual([1, 1]);
  expect(facts.rest()).toBe(facts.rest());
  expect(facts.rest().applicationId).toBe(applicationId);
  expect([facts.root, facts.waitMs]).toEqual(["/root", 7]);
});

it("takes the address that is given, and asks Discord for none then", async () => {
  const discord = await startDiscord({ interactions_endpoint_url: "https://other.test/interactions" });
  const facts = factsFrom({ DISCORD_API_URL: discord.url, DISCORD_BOT_TOKEN: botToken }, { url: "https://bot.test" });
  expect(await facts.workerUrl()).toBe("https://bot.test");
  expect(discord.state.asked).toBe(0);
});

it.each<[string, Record<string, string>, object]>([
  ["without a token", {}, { interactions_endpoint_url: "https://bot.test/interactions" }],
  ["with a token that Discord refuses", { DISCORD_BOT_TOKEN: "x.y.z" }, {}],
  ["where Discord has no address", { DISCORD_BOT_TOKEN: botToken }, { interactions_endpoint_url: null }],
])("does not know where the Worker is %s", async (_, env, application) => {
  const discord = await startDiscord(application);
  const facts = factsFrom({ DISCORD_API_URL: discord.url, ...env });
  expect(await facts.workerUrl()).toBeUndefined();
  expect(await facts.health()).toBeUndefined();
});

it("connects to Redis once, with the token of the settings", async () => {
  const server = await startServer();
  const facts = factsFrom({ UPSTASH_REDIS_REST_URL: server.url, UPSTASH_REDIS_REST_TOKEN: token });
  expect(facts.redis()).toBe(facts.redis());
  expect(await facts.redis().commands.exec<unknown>(["PING"])).toBe("PONG");
});

const check = (run: () => Promise<never>, needs?: string[]) => ({ name: "x", ...(needs && { needs }), run });

it("leaves out a check whose variables are missing, and names them", async () => {
  const ran = check(() => expect.unreachable("It is not to run."), ["A", "B", "C"]);
  expect(await examine(ran, factsOf({ env: { B: "1" } }))).toEqual({ is: "unknown", text: "skipped without A, C" });
});

it("takes a failure for a finding, with its cure", async () => {
  expect(await examine({ name: "x", run: async () => ({ is: "right", text: "ok" }) }, factsOf())).toEqual({
    is: "right",
    text: "ok",
  });
  const failing = (error: unknown) =>
    examine(
      check(async () => {
        throw error;
      }),
      factsOf(),
    );
  expect(await failing(new Failure("It is broken.", "mend it"))).toEqual({
    is: "wrong",
    text: "It is broken.",
    cure: "mend it",
  });
  const again = { is: "wrong", cure: "npm run doctor again in a minute" };
  expect(await failing(new Error("boom"))).toEqual({ ...again, text: "could not be checked: boom" });
  expect(await failing("text")).toEqual({ ...again, text: "could not be checked: text" });
});
