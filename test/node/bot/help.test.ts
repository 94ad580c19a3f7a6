import { expect, it } from "vitest";
import { features } from "../../../src/bot/features.ts";
import { commandBodies } from "../../../src/runtime/index.ts";
import { startTown } from "./support.ts";

const town = await startTown();

it("lists every declared command in /help", async () => {
  const { text, isEphemeral } = await town.command("/help");
  expect(isEphemeral).toBe(true);
  expect(text).toMatch(/In the menu of a person: Who is\s+In the menu of a message: Quote/);
  for (const { name } of commandBodies(features)) expect(text).toContain(name);
});

it("explains one command, whose name Discord completes", async () => {
  expect(await town.complete("/help command:/WH")).toEqual(["whois"]);
  expect(await town.complete("/help command:")).toContain("ping");
  expect(await town.complete("/help command:hel")).toContain("help");
  expect((await town.command("/help command:/poll")).text).toContain("question What to ask (string, optional)");
  expect((await town.command("/help command:remind me")).text).toContain("about What to remind you of (string)");
});

it("says that /help knows no such command", async () => {
  expect((await town.command("/help command:`nope`")).text).toContain("There is no command 'nope'.");
});
