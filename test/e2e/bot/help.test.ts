import { expect, it } from "vitest";
import { startSim } from "../../../local/kit/index.ts";
import { features } from "../../../src/bot/features.ts";
import { commandBodies } from "../../../src/runtime/index.ts";

const sim = await startSim();

it("lists every declared command in /help", async () => {
  const { text, isEphemeral } = await sim.command("/help");
  expect(isEphemeral).toBe(true);
  for (const { name } of commandBodies(features)) expect(text).toContain(name);
});

it("explains one command, whose name Discord completes", async () => {
  expect(await sim.complete("/help command:/wh")).toEqual(["whois"]);
  expect(await sim.complete("/help command:")).toContain("help");
  expect((await sim.command("/help command:/poll")).text).toContain("question What to ask (string, optional)");
});

it("says that /help knows no such command", async () => {
  expect((await sim.command("/help command:`nope`")).text).toContain("There is no command 'nope'.");
});
