import { Hono } from "hono";
import { expect, it } from "vitest";
import { commands, serverCommands } from "../../../../local/doctor/commands.ts";
import { features } from "../../../../src/bot/features.ts";
import { createRest, createRestState } from "../../../../src/discord/index.ts";
import { commandBodies } from "../../../../src/runtime/index.ts";
import { applicationId } from "../deployment/support.ts";
import { factsOf } from "./support.ts";

const declared = commandBodies(features);
const registered = declared.map((body, index) => ({ ...body, id: String(index) }));
const first = declared[0];

/** Facts of a Discord with these commands: everywhere, and in each server. */
function discordWith(everywhere: object[], servers: Record<string, object[]> = {}) {
  const app = new Hono();
  const queries: string[] = [];
  app.get(`/applications/${applicationId}/commands`, (c) => c.json(everywhere));
  app.get("/users/@me/guilds", (c) => {
    queries.push(new URL(c.req.url).search);
    return c.json(Object.keys(servers).map((id) => ({ id, name: `Server ${id}` })));
  });
  app.get(`/applications/${applicationId}/guilds/:id/commands`, (c) => c.json(servers[c.req.param("id")] ?? []));
  const rest = createRest({
    baseUrl: "http://discord.test",
    applicationId,
    token: "a.b.c",
    state: createRestState(),
    fetch: async (input, init) => app.fetch(new Request(input, init)),
  });
  return { facts: factsOf({ rest }), queries };
}

it("finds commands right that are registered as declared", async () => {
  const { facts } = discordWith(registered);
  expect(await commands.run(facts)).toEqual({ is: "right", text: `${declared.length} registered, as declared` });
});

it("names what is missing, what differs and what is no longer declared, in this order", async () => {
  const [, changed, ...rest] = registered;
  const { facts } = discordWith([
    { id: "99", type: 1, name: "old", description: "Gone" },
    { ...changed, description: "Other" },
    ...rest,
  ]);
  expect(await commands.run(facts)).toEqual({
    is: "wrong",
    text: `missing: /${first?.name}; other than declared: /${changed?.name}; no longer declared: /old`,
    cure: "npm run register",
  });
});

it("names several missing commands with commas between", async () => {
  const { facts } = discordWith(registered.slice(2));
  expect((await commands.run(facts)).text).toMatch(/^missing: \/\S+, \/\S+$/);
});

it("finds servers right that have no commands of their own", async () => {
  const { facts, queries } = discordWith([], { "1": [], "2": [] });
  expect(await serverCommands.run(facts)).toEqual({
    is: "right",
    text: "none in 2 servers: the global ones are the only ones",
  });
  expect(queries).toEqual(["?limit=20"]);
});

it("says how many servers it looked at where there are more", async () => {
  const { facts } = discordWith([], Object.fromEntries(Array.from({ length: 20 }, (_, id) => [String(id + 100), []])));
  expect((await serverCommands.run(facts)).text).toContain("none in the first 20 servers");
});

it("names the servers where people see each command twice", async () => {
  const ofServer = registered.map((body) => ({ ...body, contexts: undefined, integration_types: undefined }));
  const { facts } = discordWith([], { "1": [], "2": ofServer, "3": ofServer });
  expect(await serverCommands.run(facts)).toEqual({
    is: "right",
    text: "as declared in Server 2, Server 3, where people see each command twice",
  });
});

it("names the first server whose commands are other than declared, with its cure", async () => {
  const old = { id: "9", type: 1, name: "old", description: "Gone" };
  const { facts } = discordWith([], { "1": [], "2": [...registered, old], "3": [old] });
  expect(await serverCommands.run(facts)).toEqual({
    is: "wrong",
    text: "in Server 2: no longer declared: /old",
    cure: "npm run register -- --guild 2",
  });
});
