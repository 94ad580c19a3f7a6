import * as v from "valibot";
import { expect, it } from "vitest";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createSessions, sessionKind } from "../../../src/sessions/index.ts";
import { ids, startTown } from "./support.ts";

const town = await startTown();
const grace = town.as("grace.h");

it("shows a person's sessions alone, with when they began and end, and ends one or all of them", async () => {
  const begunAt = Math.floor(town.clock.now() / 1_000);
  await grace.command("/setup");
  const listed = await grace.command("/session list");
  expect(listed.isEphemeral).toBe(true);
  const { content = "" } = listed.raw.messages[0] ?? {};
  const [, started, expires] = /started <t:(\d+):R>, expires <t:(\d+):R> unless used/.exec(content) ?? [];
  expect(content).toMatch(/^\*\*Your sessions\*\* \(1\)\nSetting up a server, started/);
  expect([Number(started) - begunAt <= 5, Number(expires) > Number(started) + 60]).toEqual([true, true]);
  await town.pass(3 * 60_000 + 40_000);
  expect(await grace.complete("/session end session:SETTING")).toEqual(["Setting up a server, started 4 min ago"]);
  expect(await grace.complete("/session end session:other")).toEqual([]);

  const { answer } = await town.discord.autocomplete("/session end session:set", { user: "grace.h" });
  const [id = ""] = /[\w-]{22}/.exec(JSON.stringify(answer)) ?? [];
  expect(id).not.toBe("");
  const byAnother = await town.as("robin").command(`/session end session:${id}`);
  expect([byAnother.isEphemeral, byAnother.text]).toEqual([true, expect.stringContaining("You have no such session.")]);
  await town.as("robin").command("/session end-all");
  expect((await grace.command("/session list")).text).toContain("(1)");
  expect((await grace.command(`/session end session:${id}`)).text).toContain("Ended.");
  expect((await grace.command("/session list")).text).toContain("You have no sessions.");

  await grace.command("/setup");
  const ended = await grace.command("/session end-all");
  expect([ended.isEphemeral, ended.text]).toEqual([true, expect.stringContaining("Ended all your sessions.")]);
  expect((await grace.command("/session list")).text).toContain("You have no sessions.");
});

it("calls a session by its kind where it has no other name", async () => {
  const { UPSTASH_REDIS_REST_URL: url = "", UPSTASH_REDIS_REST_TOKEN: token = "" } = town.env;
  const { commands } = createConnection({ url, token, state: createRedisState() });
  const sessions = createSessions({ redis: () => commands, prefix: "sp:", waitUntil: () => {}, clock: town.clock });
  await sessions.store(sessionKind({ name: "note", schema: v.string() })).create("", { owner: ids.linus });
  const listed = await town.as("linus").command("/session list");
  expect(listed.text).toMatch(/Your sessions \(1\)\s+note, started/);
});
