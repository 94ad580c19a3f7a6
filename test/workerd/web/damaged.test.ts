import { beforeEach, expect, it, vi } from "vitest";
import { readFleetStatus } from "../../../src/web/index.ts";
import { adminToken, createConsole, type TestConsole } from "./console.ts";

// Values in Redis that no version of the bot wrote: each page and each answer of the API stays of use.

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));

const ada = "1100000000000000011";
const pages = ["", "/jobs", "/dead-jobs", "/dead-letters", "/dead-letters?group=feeds", "/logins"];
const reads = ["status", "metrics", "jobs", "dead-jobs", "audit", "dead-letters/feeds"];
/** No `Date` shows it. */
const noTime = 8_999_999_999_999_999;

/** A console with something of each kind in Redis, and a login. */
async function createFullConsole() {
  const world = await createConsole();
  const { raw } = world.database;
  const dueAt = Date.now() + 3_600_000;
  const record = JSON.stringify(["a", "remind", ada, dueAt, 0, Date.now(), { about: "tea" }]);
  await raw("HSET", "sp:j:jobs", "a", record);
  await raw("ZADD", "sp:j:due", dueAt, "a");
  await raw("HSET", `sp:j:dead:${ada}`, "d", JSON.stringify([1, "no", record]));
  await raw("ZADD", "sp:j:dead", 1, `${ada}\nd`);
  const fields = ["c", "feed.news", "t", "message", "d", "1", "s", "x", "b", "1-1", "r", "no", "n", 5];
  await raw("XADD", "sp:bd:main:feeds", "*", "i", "m", ...fields);
  await world.api("events/shop", { a: 1 });
  await world.api("actions/invalidate", { everything: "yes" });
  await raw("HSET", "sp:m:main", "i1", JSON.stringify([Date.now(), Date.now(), "v1"]));
  await world.api("status");
  return { ...world, login: await world.logIn() };
}

async function readAll({ get }: TestConsole, cookie: string): Promise<[string, number, string][]> {
  const answers: [string, number, string][] = [];
  for (const page of pages) {
    const answer = await get(`/admin${page}`, { Cookie: cookie });
    answers.push([`/admin${page}`, answer.status, await answer.text()]);
  }
  for (const path of reads) {
    const answer = await get(`/admin/api/${path}`, { Authorization: `Bearer ${adminToken}` });
    answers.push([path, answer.status, await answer.text()]);
  }
  return answers;
}

it.each([
  ["a:audit", "audit"],
  ["b:main", "status"],
  ["bd:main:feeds", "dead-letters/feeds"],
  ["j:dead", "dead-jobs"],
  [`j:dead:${ada}`, "dead-jobs"],
  ["j:due", "jobs"],
  ["j:jobs", "jobs"],
  ["l:main", "status"],
  ["le:main", "status"],
  ["m:main", "status"],
  ["mt:ledger", "metrics"],
  ["mt:reports", "metrics"],
])("a value of another type at %s takes no other page along, and says what it is", async (name) => {
  const world = await createFullConsole();
  const { raw } = world.database;
  const key = `sp:${name}`;
  const type = await raw("TYPE", key);
  await raw("DEL", key);
  await (type === "string" ? raw("LPUSH", key, "x") : raw("SET", key, "x"));
  const answers = await readAll(world, world.login.cookie);
  const bad = answers.filter(([, status]) => status !== 200);
  expect(bad.map(([path]) => path).filter((path) => /^\/admin$|^status$|^metrics$|logins/.test(path))).toEqual([]);
  expect(bad.length).toBeLessThanOrEqual(3);
  for (const [, status, text] of bad) {
    expect(status).toBe(503);
    expect(text).toContain("cannot read what it kept for this");
  }
});

it("times that no calendar shows leave every page as it was, but for the time", async () => {
  const world = await createFullConsole();
  const { raw } = world.database;
  const farOf = (text: unknown) =>
    String(text)
      .replaceAll(/\b1\d{12}\b/g, String(noTime))
      .replaceAll(/\b2\d{7}\b/g, String(noTime));
  const [audited] = (await raw("XRANGE", "sp:a:audit", "-", "+")) as [string, string[]][];
  await raw("XADD", "sp:a:audit", `${noTime}-1`, ...(audited?.[1] ?? []));
  const [reported] = (await raw("XRANGE", "sp:mt:reports", "-", "+")) as [string, string[]][];
  await raw("XADD", "sp:mt:reports", "*", "r", farOf(reported?.[1][1]).replace('"', '"x'));
  await raw("HSET", "sp:m:main", "i1", `[1e300,-1e300,""]`);
  const [grave = ""] = (await raw("HVALS", `sp:j:dead:${ada}`)) as string[];
  await raw("HSET", `sp:j:dead:${ada}`, "d", grave.replace("[1,", "[1e300,"));
  for (const [score, id] of [
    ["-inf", "a"],
    ["+inf", "b"],
    ["1e300", "c"],
  ] as const)
    await raw("ZADD", "sp:j:due", score, id);
  const own = /\.([\w-]{22})\./.exec(world.login.cookie)?.[1] ?? "";
  const session = String(await raw("GET", `sp:s:${own}`));
  await raw("SET", `sp:s:${own}`, farOf(session));
  await raw("SET", "sp:mt:ledger", farOf(await raw("GET", "sp:mt:ledger")));
  const answers = await readAll(world, world.login.cookie);
  expect(answers.map(([path, status]) => [path, status])).toEqual(answers.map(([path]) => [path, 200]));
  const textOf = (path: string) => answers.find(([one]) => one === path)?.[2] ?? "";
  for (const path of ["/admin", "/admin/dead-jobs", "/admin/logins"]) expect(textOf(path)).toContain("unknown");
});

it("a reason of any length leaves room for the rest of a message", async () => {
  const fails = () => Promise.reject(new Error("ERR ".repeat(2_000)));
  const { sentence, missing } = await readFleetStatus({
    clock: { now: () => 1 },
    self: { id: "i1", startedAt: 1, breaker: "closed" },
    counts: fails,
    cluster: fails,
    bus: fails,
    jobs: fails,
    hasHandler: () => true,
    spent: () => 0,
  });
  expect(missing.map(({ reason }) => reason.length)).toEqual([201, 201, 201, 201]);
  expect(sentence.length).toBeLessThan(400);
});
