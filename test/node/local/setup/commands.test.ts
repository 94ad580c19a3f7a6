import { Hono } from "hono";
import { expect, it } from "vitest";
import { commands } from "../../../../local/setup/commands.ts";
import { install } from "../../../../local/setup/install.ts";
import { features } from "../../../../src/bot/features.ts";
import { createRest, createRestState } from "../../../../src/discord/index.ts";
import { commandBodies } from "../../../../src/runtime/index.ts";
import { applicationId } from "../deployment/support.ts";
import { createTools } from "./support.ts";

const declared = commandBodies(features);

function connect(app: Hono) {
  return createRest({
    baseUrl: "http://discord.test",
    applicationId,
    token: "a.b.c",
    state: createRestState(),
    fetch: async (input, init) => app.fetch(new Request(input, init)),
  });
}

it("says a line for each thing that it finds or does", async () => {
  const app = new Hono();
  const created: string[] = [];
  app.get("/applications/:id/commands", (c) =>
    c.json(declared.slice(1).map((body, id) => ({ ...body, id: String(id) }))),
  );
  app.post("/applications/:id/commands", async (c) => {
    const { name } = (await c.req.json()) as { name: string };
    created.push(name);
    return c.json({ id: "9", name }, 201);
  });
  const { tools, said } = createTools();
  await commands.run({ rest: connect(app) }, tools);
  const name = declared[0]?.name ?? "";
  expect(created).toEqual([name]);
  expect(said).toEqual([expect.stringContaining(`+ /${name}`), "Applied 1 change everywhere."]);
});

it("gives the usual cause of a refusal", async () => {
  const app = new Hono();
  app.get("/applications/:id/commands", (c) => c.json({ code: 0, message: "401: Unauthorized" }, 401));
  const { tools } = createTools();
  await expect(commands.run({ rest: connect(app) }, tools)).rejects.toThrow(
    /^Discord does not accept this DISCORD_BOT_TOKEN\..*\n.*HTTP 401/,
  );
});

it("prints the links with which the bot is added to a server and to an account", async () => {
  const { tools, said } = createTools();
  await install.run({ applicationId }, tools);
  expect(said).toEqual([
    expect.stringMatching(/^Add it to a server: https:\/\/discord\.com\/.*integration_type=0$/),
    expect.stringMatching(/^Add it to your account, for use everywhere: https:\/\/discord\.com\/.*integration_type=1$/),
  ]);
});
