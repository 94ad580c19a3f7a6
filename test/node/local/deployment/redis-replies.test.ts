import { Hono } from "hono";
import { expect, it } from "vitest";
import { connectRedis } from "../../../../local/deployment/clients.ts";
import { hiddenBy } from "../../../../local/deployment/redis-replies.ts";
import { replies } from "../../../../local/doctor/redis.ts";
import { database } from "../../../../local/setup/redis.ts";
import { factsOf } from "../doctor/support.ts";
import { startServer, token } from "../redis/support.ts";
import { createTools } from "../setup/support.ts";
import { listen, settingsOf } from "./support.ts";

type Reply = { result?: unknown; error?: string };

/** The local Redis, whose commands and replies are changed on their way. */
async function startChanged(change: (command: string[], reply: Reply) => Reply, word = (given: string) => given) {
  const server = await startServer();
  const app = new Hono();
  app.post("*", async (c) => {
    const sent: unknown[][] = await c.req.json();
    const commands = sent.map((command) => command.map((one) => word(String(one))));
    const answer = await fetch(`${server.url}${c.req.path}`, {
      method: "POST",
      headers: { Authorization: c.req.header("Authorization") ?? "" },
      body: JSON.stringify(commands),
    });
    const given = (await answer.json()) as Reply[];
    return c.json(given.map((reply, index) => change(commands[index] ?? [], reply)));
  });
  return { server, url: await listen(app.fetch) };
}

const has = (command: string[], ...words: string[]): boolean =>
  words.every((word) => command.some((one) => one.toUpperCase() === word));

it.each<[string, string | undefined, (command: string[], reply: Reply) => Reply]>([
  ["as Redis 8.4", undefined, (_command, reply) => reply],
  [
    "with null to a rival's NX GET",
    "SET … NX GET",
    (command, reply) => (has(command, "NX", "GET") ? { result: null } : reply),
  ],
  [
    "with null to a rival's IFEQ GET",
    "SET … IFEQ … GET",
    (command, reply) => (has(command, "SET", "IFEQ", "GET", "0") ? { result: null } : reply),
  ],
  [
    "with OK to IFEQ GET",
    "SET … IFEQ … GET",
    (command, reply) => (has(command, "SET", "IFEQ", "GET", "1") ? { result: "OK" } : reply),
  ],
  ["with 1 to every DELEX", "DELEX … IFEQ", (command, reply) => (has(command, "DELEX") ? { result: 1 } : reply)],
])("tells whether a database that answers %s hides the stored value", async (_how, hiding, change) => {
  const { server, url } = await startChanged(change);
  expect(await hiddenBy(connectRedis(url, token).commands, "t:probe")).toBe(hiding);
  expect(await server.command("PTTL", "t:probe")).toEqual({ result: hiding ? expect.any(Number) : -2 });
});

it("takes a database without IFEQ and DELEX, for which scripts stand in", async () => {
  const { url } = await startChanged(
    (_command, reply) => reply,
    (word) => (["IFEQ", "DELEX"].includes(word) ? "UNHEARD" : word),
  );
  expect(await hiddenBy(connectRedis(url, token).commands, "t:probe")).toBeUndefined();
});

it("finds a database wrong, and refuses it in setup, where two isolates would get the same lease", async () => {
  const { server, url } = await startChanged((command, reply) =>
    has(command, "NX", "GET") ? { result: null } : reply,
  );
  const env = { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token, KEY_PREFIX: "t:" };
  expect(await replies.run(factsOf({ env, redis: connectRedis(url, token) }))).toEqual({
    is: "wrong",
    text: "SET … NX GET does not tell the stored value where its condition fails",
    cure: expect.stringContaining("the same lease"),
  });
  const { tools } = createTools();
  await expect(database.run({ settings: settingsOf(env) }, tools)).rejects.toMatchObject({
    problem: `${new URL(url).host} does not tell the stored value to SET … NX GET.`,
    cure: expect.stringContaining("the same lease"),
  });
  const right = await replies.run(factsOf({ env, redis: connectRedis(server.url, token) }));
  expect(right).toMatchObject({ is: "right" });
  expect(replies.needs).toEqual(["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"]);
});
