import { expect, it } from "vitest";
import { database } from "../../../../local/setup/redis.ts";
import { settingsOf } from "../deployment/support.ts";
import { startServer, token } from "../redis/support.ts";
import { createTools } from "./support.ts";

const run = (env: Record<string, string>, ...answers: string[]) => {
  const { tools, said, asked } = createTools(...answers);
  return { said, asked, outcome: database.run({ settings: settingsOf(env) }, tools) };
};

it("writes a key that expires, and leaves nothing", async () => {
  const commands: unknown[] = [];
  const server = await startServer({ onRequest: ({ commands: of }) => void commands.push(...of) });
  const { said, asked, outcome } = run({ KEY_PREFIX: "t:" }, `${server.url}//`, token);
  expect(await outcome).toEqual({ url: server.url, token });
  expect(said).toEqual([
    expect.stringMatching(new RegExp(`^${new URL(server.url).host} takes writes, and answered in \\d{1,4} ms\\.$`)),
  ]);
  expect(asked).toEqual([
    expect.stringMatching(/^UPSTASH_REDIS_REST_URL: REST address/),
    expect.stringMatching(/^UPSTASH_REDIS_REST_TOKEN: REST token/),
  ]);
  expect(JSON.stringify(commands)).toMatch(/set.*t:setup.*px.*10000.*del.*t:setup/i);
  expect((await server.command("DBSIZE")).result).toBe(0);
});

it.each([
  ["rediss://default:secret@eu1.upstash.io:6379", "That is the address of the TCP endpoint"],
  ["redis://eu1.upstash.io", "That is the address of the TCP endpoint"],
  ["eu1.upstash.io", "That is not an address."],
  ["ftp://eu1.upstash.io", "That is not an address."],
  ["https://default:secret@eu1.upstash.io", "That is not an address."],
])("refuses the address %s before it is asked", async (url, problem) => {
  const { outcome } = run({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token });
  await expect(outcome).rejects.toMatchObject({
    problem: expect.stringContaining(problem),
    cure: expect.stringContaining("Copy UPSTASH_REDIS_REST_URL from the REST part"),
  });
});

it("says that the token is wrong", async () => {
  const server = await startServer();
  const { outcome } = run({ UPSTASH_REDIS_REST_URL: server.url, UPSTASH_REDIS_REST_TOKEN: "other" });
  await expect(outcome).rejects.toMatchObject({ cure: expect.stringContaining("UPSTASH_REDIS_REST_TOKEN") });
});
