import { expect, it } from "vitest";
import { createEntities, type Entities } from "../../../src/entities/index.ts";
import { createTestIsolate, createTime } from "../cache/support.ts";

const minute = 60_000;

/** Entities on a clock that is moved by hand, and the requests to Discord. */
function createWorld() {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const asked: string[] = [];
  const state = { status: 200 };
  const discord = {
    async get<T>(path: string): Promise<T> {
      asked.push(path);
      if (state.status !== 200) throw Object.assign(new Error(`HTTP ${state.status}`), { status: state.status });
      const one = { id: path.split("/").pop(), name: "x", username: "ada", roles: ["1"], type: 0 };
      return (/\/(roles|channels)$/.test(path) ? [one] : one) as T;
    },
  };
  const open = () =>
    createEntities({ cache: isolate.invocation(), discord, waitUntil: (work) => void work.catch(() => undefined) });
  return { ...isolate, advance, asked, state, open };
}

const reads: [string, (entities: Entities) => Promise<{ source: string; isStale: boolean }>, string, number][] = [
  ["a user", (entities) => entities.user("3"), "user:3", 10],
  ["a guild", (entities) => entities.guild("1"), "guild:1", 10],
  ["a channel", (entities) => entities.channel("2", "1"), "channel:1:2", 10],
  ["roles", (entities) => entities.roles("1"), "roles:1", 5],
  ["a member", (entities) => entities.member("1", "3"), "member:1:3", 5],
];

it.each(reads)(
  "serves %s from memory for a minute, from Redis for its life, and for an hour more while it is refreshed",
  async (_what, read, id, minutes) => {
    const { advance, asked, open, settled, database } = createWorld();
    expect((await read(open())).source).toBe("fetch");
    await settled();
    expect(Math.abs(Number(await database.raw("PTTL", `t:c:${id}`)) - (60 + minutes) * minute)).toBeLessThan(5_000);
    advance(minute - 1);
    expect((await read(open())).source).toBe("L1");
    advance(1);
    expect((await read(open())).source).toBe("redis");
    advance((minutes - 1) * minute - 1);
    expect(await read(open())).toMatchObject({ isStale: false });
    expect(asked).toHaveLength(1);
    advance(1);
    expect(await read(open())).toMatchObject({ isStale: true });
    await settled();
  },
);

it.each([403, 404])("remembers for a minute what Discord answers with %i", async (status) => {
  const { advance, asked, open, settled, state } = createWorld();
  state.status = status;
  expect(await open().user("3")).toMatchObject({ value: undefined });
  await settled();
  advance(minute - 1);
  expect(await open().user("3")).toMatchObject({ value: undefined });
  expect(asked).toHaveLength(1);
  advance(1);
  state.status = 200;
  expect((await open().user("3")).value).toMatchObject({ username: "ada" });
});

it.each([401, 429, 500])("throws what Discord answers with %i, and does not take it for absence", async (status) => {
  const { open, settled, state, database } = createWorld();
  state.status = status;
  await expect(open().user("3")).rejects.toThrow(`HTTP ${status}`);
  await settled();
  // A failure is remembered for a second.
  await database.raw("DEL", "t:c:user:3");
  state.status = 200;
  expect((await open().user("3")).value).toMatchObject({ username: "ada" });
});

it("asks Discord under the entity's path alone, whatever an id holds", async () => {
  const { asked, open } = createWorld();
  const entities = open();
  await Promise.all([entities.user("3"), entities.guild("1"), entities.channel("2", "1"), entities.member("1", "3")]);
  await entities.role("1", "9");
  expect(asked.toSorted()).toEqual([
    "/channels/2",
    "/guilds/1/members/3",
    "/guilds/1/roles",
    "/guilds/1?with_counts=true",
    "/users/3",
  ]);
  await expect(entities.user("../guilds/1")).rejects.toThrow(RangeError);
  expect(asked).toHaveLength(5);
});

it("preloads nothing of a guild that the bot may not see", async () => {
  const { asked, open, settled, state, database } = createWorld();
  state.status = 403;
  await open().preloadGuild("1");
  await settled();
  expect(asked).toHaveLength(3);
  expect(await database.raw("KEYS", "t:c:*")).toEqual([]);
});

it("forgets a guild with all that belongs to it, and nothing of another guild or outside of guilds", async () => {
  const { open, settled, forgetLocally } = createWorld();
  const readAll = (entities: Entities) =>
    Promise.all([
      ...["1", "7"].flatMap((guild) => [
        entities.guild(guild),
        entities.roles(guild),
        entities.channel("2", guild),
        entities.member(guild, "3"),
      ]),
      entities.channel("5"),
      entities.user("3"),
    ]);
  await readAll(open());
  await settled();
  await open().invalidateGuild("");
  await open().invalidateGuild("1");
  const sources = async () => (await readAll(open())).map(({ source }) => source);
  const own = (source: string, others: string) => [...Array(4).fill(source), ...Array(6).fill(others)];
  expect(await sources()).toEqual(own("fetch", "L1"));
  await settled();
  forgetLocally();
  expect(await sources()).toEqual(own("redis", "redis"));
  await settled();
  expect([await open().invalidate("member", "7:3"), await open().invalidate("user", "3")]).toEqual([true, true]);
  expect([(await open().member("7", "3")).source, (await open().user("3")).source]).toEqual(["fetch", "fetch"]);
  await settled();
  await open().clear();
  expect(new Set((await readAll(open())).map(({ source }) => source))).toEqual(new Set(["fetch"]));
});
