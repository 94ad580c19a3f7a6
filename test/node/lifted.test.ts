import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { createEngine, createRedisRestServer, type RedisRestServer } from "../../local/redis/index.ts";

// Each part with the parts below it, lifted out of the project into a plain Node process, as beside discord.js.

const root = join(import.meta.dirname, "../..");
const token = "lifted";
let redis: RedisRestServer;

beforeAll(async () => {
  redis = await createRedisRestServer({ token, backend: await createEngine() });
});
afterAll(() => redis.close());

/** The parts that a part imports, and those that they import. */
function partsOf(part: string): Set<string> {
  const found = new Set([part]);
  for (const one of found) {
    for (const file of readdirSync(join(root, "src", one), { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts")) continue;
      const text = readFileSync(join(root, "src", one, file), "utf8");
      for (const [, name = ""] of text.matchAll(/from "(?:\.\.\/)+([\w-]+)\/index\.ts"/g)) found.add(name);
    }
  }
  return found;
}

/** Every program below ends by printing what it got. */
const opening = `
import { createConnection, createRedisState } from "./redis/index.ts";
const connection = createConnection({ url: process.env.URL, token: process.env.TOKEN, state: createRedisState() });
const redis = () => connection.commands;
const waitUntil = () => {};
const prefix = process.env.PREFIX;
`;

it.each([
  ["redis", "", `const got = [await redis().set("lifted", "1"), await redis().get("lifted")];`, ["OK", "1"]],
  [
    "cache",
    `import { cacheKind, createCache, createCacheState } from "./cache/index.ts";`,
    `const users = createCache({ redis, prefix, waitUntil, state: createCacheState() }).of(cacheKind({ name: "user", ttlMs: 60_000 }));
     const got = [await users.get("1", async () => "Ada"), await users.get("1", async () => "Grace")];`,
    ["Ada", "Ada"],
  ],
  [
    "entities",
    `import { createCache, createCacheState } from "./cache/index.ts"; import { createEntities } from "./entities/index.ts";`,
    `const discord = { get: async (route) => ({ id: "1100000000000000011", username: "ada", route }) };
     const cache = createCache({ redis, prefix, waitUntil, state: createCacheState() });
     const got = (await createEntities({ cache, discord, waitUntil }).user("1100000000000000011")).value.username;`,
    "ada",
  ],
  [
    "sessions",
    `import { createSessions, sessionKind } from "./sessions/index.ts"; import * as v from "valibot";`,
    `const cart = sessionKind({ name: "cart", schema: v.array(v.string()), ttlMs: 60_000 });
     const store = createSessions({ redis, prefix, waitUntil }).store(cart);
     const { id } = await store.create(["tea"], { owner: "ada" });
     const got = (await store.get({ id, owner: "ada" })).data;`,
    ["tea"],
  ],
  [
    "pubsub",
    `import { createPubsub, createPubsubState } from "./pubsub/index.ts";`,
    `const bus = createPubsub({ redis, prefix, waitUntil, source: "here", state: createPubsubState() });
     const got = [];
     const other = createPubsub({ redis, prefix, waitUntil, source: "there", state: createPubsubState() });
     bus.subscribe("news", ({ data }) => void got.push(data));
     await bus.poll();
     await other.publish("news", "hello");
     await bus.poll();`,
    ["hello"],
  ],
  [
    "coordination",
    `import { createLease } from "./coordination/index.ts";`,
    `const lease = (holder) => createLease({ redis, prefix, name: "work", holder });
     const got = [(await lease("a").acquire()).held, (await lease("b").acquire()).held];`,
    [true, false],
  ],
  [
    "jobs",
    `import { createJobRunner, createJobs, createJobsState } from "./jobs/index.ts";`,
    `const got = [];
     await createJobs({ redis, prefix }).schedule({ kind: "tea", owner: "ada", data: "green" });
     const handlers = { tea: async ({ data }) => void got.push(data) };
     const runner = createJobRunner({ redis, prefix, handlers, state: createJobsState() });
     await runner.watch({ dueAt: 0, until: Date.now() });`,
    ["green"],
  ],
])("%s works in a Node process with only the parts below it", async (part, imports, program, expected) => {
  const folder = mkdtempSync(join(tmpdir(), "sandpiper-lifted-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const one of partsOf(part)) cpSync(join(root, "src", one), join(folder, one), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  writeFileSync(join(folder, "package.json"), `{"type":"module"}`);
  writeFileSync(join(folder, "program.ts"), `${imports}${opening}${program}\nconsole.log(JSON.stringify(got));\n`);
  const env = { PATH: process.env["PATH"], URL: redis.url, TOKEN: token, PREFIX: `${part}:` };
  const { stdout } = await promisify(execFile)(process.execPath, ["program.ts"], { cwd: folder, env });
  expect(JSON.parse(stdout)).toEqual(expected);
});
