import { expect, it } from "vitest";
import { health } from "../../../../local/setup/health.ts";
import { listen } from "../deployment/support.ts";
import { createTools } from "./support.ts";

/** Waits for a Worker that answers with these in turn, then with the last of them. */
async function wait(answers: (object | string)[], withinMs = 0) {
  const left = [...answers];
  let asked = 0;
  const url = await listen(() => {
    asked += 1;
    const answer = left.length > 1 ? left.shift() : left[0];
    return typeof answer === "string" ? new Response(answer) : Response.json(answer);
  });
  const { tools, said } = createTools();
  const worker = { url, versionId: "1", tag: "new" };
  return { url, said, asked: () => asked, outcome: health.run({ worker, withinMs }, tools) };
}

const version = (tag: string) => ({ version: { id: "1", tag, timestamp: "" } });
const well = { ok: true, redis: { ok: true }, ...version("new") };

it.each([
  ["in this version", well],
  ["without a version, as outside of Cloudflare", { ok: true }],
])("goes on once the Worker answers %s", async (_, answer) => {
  const { said, asked, outcome } = await wait([answer]);
  await outcome;
  expect(said).toEqual(["The Worker answers, and reaches Redis."]);
  expect(asked()).toBe(1);
});

it("waits a second at a time for a new address, another version and Redis", async () => {
  const startedAt = Date.now();
  const { said, asked, outcome } = await wait(
    ["not yet", { ...well, ...version("old") }, { ...well, redis: { ok: false } }, well],
    60_000,
  );
  await outcome;
  expect([asked(), said.length]).toEqual([4, 1]);
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(2_900);
});

it.each<[string, object | string, string, string]>([
  ["another program", "Hello", 'answers HTTP 200 "Hello": this is not the bot.', "another `name` in wrangler.toml"],
  ["an earlier version", { ...well, ...version("old") }, "still answers with an earlier version.", "Wait a minute"],
  ["a mistake", { ...well, error: "X is missing." }, "The Worker says: X is missing.", "Correct it"],
  ["Redis", { ...well, redis: { ok: false, reason: "no" } }, "The Worker does not reach Redis: no", "IP allow-list"],
  ["Redis alone", { ...well, redis: { ok: false } }, "does not reach Redis: no reason given", "IP allow-list"],
  ["a mistake of an earlier version", { ok: false, error: "X", ...version("old") }, "an earlier version.", "Wait"],
])("gives up in the end with what is wrong: %s", async (_, answer, problem, cure) => {
  const { said, outcome } = await wait([answer], -1);
  await expect(outcome).rejects.toMatchObject({
    problem: expect.stringContaining(problem),
    cure: expect.stringContaining(cure),
  });
  expect(said).toEqual([]);
});

it("does not wait for a Worker that names what it lacks", async () => {
  const { asked, outcome } = await wait([{ ok: false, error: "X is missing.", ...version("new") }], 60_000);
  await expect(outcome).rejects.toMatchObject({ problem: "The Worker says: X is missing." });
  expect(asked()).toBe(1);
});

it("waits on where an earlier version lacks something", async () => {
  const { asked, outcome } = await wait([{ ok: false, error: "X is missing.", ...version("old") }, well], 60_000);
  await outcome;
  expect(asked()).toBe(2);
});

it("says where to look when no answer comes", async () => {
  const { tools } = createTools();
  const worker = { url: "http://127.0.0.1:1", versionId: "1", tag: "new" };
  await expect(health.run({ worker, withinMs: -1 }, tools)).rejects.toMatchObject({
    problem: expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/health does not answer: fetch failed/),
    cure: expect.stringContaining("in a browser"),
  });
});
