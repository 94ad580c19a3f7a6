import { expect, it } from "vitest";
import { startSim } from "../../../local/kit/index.ts";

// The examples in the kit's doc comments.

const sim = await startSim();

it("runs slash commands and completes their options", async () => {
  const shown = await sim.command("/remind me in:10m about:a cup of tea");
  expect(shown.text).toContain("a cup of tea");
  expect(await sim.complete("/help command:re")).toContain("remind me");
});

it("runs commands from the context menus of users and messages", async () => {
  expect((await sim.userCommand("Who is", "linus")).text).toContain("· linus");
  const { id } = await sim.command("/ping");
  const [file] = (await sim.messageCommand("Quote", id)).files;
  expect(await file?.text()).toContain("Pong");
});

it("acts as other people in other channels", async () => {
  expect((await sim.in("dm").command("/ping")).text).toContain("Pong");
  expect((await sim.as("mei_lin", { channel: "#accueil", locale: "fr" }).command("/ping")).text).toContain("Pong");
  await expect(sim.as("stranger").command("/ping")).rejects.toThrow("stranger is not a member of The Harbour.");
});

it("counts a vote", async () => {
  const form = await sim.command("/poll question:Lunch?");
  const poll = await form.submit({ Answers: "Pizza\nSushi" });
  expect((await poll.as("robin").click("Pizza")).text).toContain("1 · 100 %");
});

it("breaks Redis and mends it", async () => {
  await sim.breakRedis({ at: "before", do: "drop" });
  expect((await sim.command("/ping")).text).toContain("Pong");
  await sim.breakRedis();
  await expect.poll(async () => (await sim.command("/ping")).text).toContain("answered in");
  await expect(sim.breakRedis({ at: "before", do: "nothing" as "drop" })).rejects.toThrow("breakRedis: fault 1: ");
});

it("sends requests to the Worker", async () => {
  expect((await sim.fetch("/health")).status).toBe(200);
});
