import { expect, it } from "vitest";
import type { Guild } from "../../../../../local/discord/index.ts";
import { startRest } from "../support.ts";
import { among, idText, listed, type Rule, words } from "../validate/support.ts";

const harbour = "1100000000000000100";
const [sailors, moderators] = ["1100000000000000102", "1100000000000000101"];
const linus = "1100000000000000013";
const unknown = "1999999999999999999";
const own = "1100000000000000103";
const member = `/guilds/${harbour}/members/${linus}`;

/** A simulator whose bot's role holds these permissions in the harbour. */
function startWith(permissions: bigint) {
  const rest = startRest();
  const guild = rest.simulator.world.guilds.get(harbour) as Guild;
  const grant = (bits: bigint) => {
    const role = guild.roles.get(own);
    if (role) guild.roles.set(own, { ...role, permissions: String(bits) });
  };
  grant(permissions);
  return { ...rest, guild, grant };
}
const administrator = 1n << 3n;

it("counts a guild's members only where it is asked", async () => {
  const { api } = startRest();
  const plain = (await api("GET", `/guilds/${harbour}`)).body;
  expect(plain).not.toHaveProperty("approximate_member_count");
  expect(plain.roles).toHaveLength(4);
  expect((await api("GET", `/guilds/${harbour}?with_counts=1`)).body).toMatchObject({
    approximate_member_count: 6,
    approximate_presence_count: 6,
  });
});

it.each([10, 11, 12])("leaves threads of type %i out of a guild's channels", async (type) => {
  const { api, simulator } = startRest();
  const channels = simulator.world.guilds.get(harbour)?.channels;
  const count = async () => (await api("GET", `/guilds/${harbour}/channels`)).body.length;
  const before = await count();
  channels?.set("5", { id: "5", type } as never);
  expect(await count()).toBe(before);
  channels?.set("5", { id: "5", type: type === 12 ? 13 : 9 } as never);
  expect(await count()).toBe(before + 1);
});

it("pages members by ID: one at a time unless told otherwise, a thousand at most", async () => {
  const { api, simulator } = startRest();
  const members = simulator.world.guilds.get(harbour)?.members;
  const ids = async (query: string) =>
    (await api("GET", `/guilds/${harbour}/members${query}`)).body.map(({ user }: { user: { id: string } }) => user.id);
  const [first] = await ids("");
  expect(await ids("")).toHaveLength(1);
  const all = await ids("?limit=1000");
  expect(all).toEqual([...(members?.keys() ?? [])].toSorted((a, b) => Number(BigInt(a) - BigInt(b))));
  expect([all[0], await ids(`?limit=2&after=${first}`)]).toEqual([first, all.slice(1, 3)]);
  const [one] = members?.values() ?? [];
  if (!one) throw new Error("The harbour has no members.");
  for (let at = 0; at < 1_000; at++) members?.set(`${at}`, { ...one, user: { ...one.user, id: `${at}` } });
  expect(await ids("?limit=2000")).toHaveLength(1_000);
});

it.each<[string, object, object]>([
  ["a nickname", { nick: "Finn" }, { nick: "Finn" }],
  ["an empty nickname", { nick: "" }, { nick: null }],
  ["no nickname", { nick: null }, { nick: null }],
  ["roles", { roles: [moderators] }, { roles: [moderators] }],
  ["no roles", { roles: [] }, { roles: [] }],
  ["nulls", { roles: null, mute: null }, { roles: [sailors], mute: false }],
  ["mute", { mute: true }, { mute: true, deaf: false }],
  ["deaf", { deaf: true }, { deaf: true, mute: false }],
  ["flags", { flags: 4 }, { flags: 4 }],
  [
    "a time-out",
    { communication_disabled_until: "2026-07-01T00:00:00Z" },
    { communication_disabled_until: "2026-07-01T00:00:00Z" },
  ],
  ["the end of a time-out", { communication_disabled_until: null }, { communication_disabled_until: null }],
  ["a voice channel", { channel_id: "5" }, { roles: [sailors] }],
])("changes %s of a member", async (_name, change, expected) => {
  const { api, simulator } = startWith(administrator);
  await api("PATCH", member, { nick: "Before", communication_disabled_until: "2026-06-02T00:00:00Z" });
  let told = 0;
  simulator.on(({ type }) => void (told += type === "world" ? 1 : 0));
  expect((await api("PATCH", member, change)).body).toMatchObject(expected);
  const { body } = await api("GET", member);
  expect(body).toMatchObject({ user: { id: linus }, ...expected });
  expect(body).not.toHaveProperty("channel_id");
  if (!("nick" in change)) expect(body.nick).toBe("Before");
  if (!("communication_disabled_until" in change))
    expect(body.communication_disabled_until).toBe("2026-06-02T00:00:00Z");
  expect(told).toBe(1);
});

it.each<[string, Rule]>([
  ["nick", words(0, 32)],
  ["roles", { takes: [], refuses: listed(0, 250, () => sailors).refuses }],
  ["roles.0", { takes: [], refuses: idText.refuses }],
  ["mute", among([true], ["x"], "BOOLEAN_TYPE_CONVERT")],
  ["deaf", among([true], ["x"], "BOOLEAN_TYPE_CONVERT")],
  ["channel_id", idText],
  ["communication_disabled_until", among([null], ["soon"], "DATE_TIME_TYPE_PARSE")],
  ["flags", { takes: [0], refuses: new Map([[-1, "NUMBER_TYPE_MIN"]]) }],
])("holds a change of %s to Discord's bounds", async (path, { takes, refuses }) => {
  const { api } = startWith(administrator);
  const [field = "", item] = path.split(".");
  const change = (value: unknown) => api("PATCH", member, { [field]: item === undefined ? value : [value] });
  for (const value of takes) expect((await change(value)).status).toBe(200);
  for (const [value, code] of refuses) {
    const errors =
      item === undefined ? { [field]: { _errors: [{ code }] } } : { [field]: { [item]: { _errors: [{ code }] } } };
    expect((await change(value)).body).toMatchObject({ code: 50_035, errors });
  }
});

it("takes 250 roles of one member", async () => {
  const { api } = startWith(administrator);
  expect((await api("PATCH", member, { roles: Array.from({ length: 250 }, () => sailors) })).status).toBe(200);
});

it("refuses unknown roles, users and those who are no members", async () => {
  const { api } = startRest();
  const codes = [
    await api("PATCH", member, { roles: [sailors, unknown] }),
    await api("DELETE", `${member}/roles/${unknown}`),
    await api("GET", `/guilds/${harbour}/members/${unknown}`),
    await api("GET", `/guilds/${harbour}/members/1100000000000000016`),
  ];
  expect(codes.map(({ body }) => body.code)).toEqual([10_011, 10_011, 10_013, 10_007]);
  expect((await api("GET", member)).body.roles).toEqual([sailors]);
});

it("gives and takes a role once, and tells it", async () => {
  const { api, simulator } = startRest();
  let told = 0;
  simulator.on(({ type }) => void (told += type === "world" ? 1 : 0));
  const roles = async () => (await api("GET", member)).body.roles;
  for (let index = 0; index < 2; index++) await api("PUT", `${member}/roles/${moderators}`);
  expect(await roles()).toEqual([sailors, moderators]);
  await api("DELETE", `${member}/roles/${sailors}`);
  expect([await roles(), told]).toEqual([[moderators], 3]);
});

it.each<[string, bigint, object]>([
  ["nick", 1n << 27n, { nick: "Finn" }],
  ["roles", 1n << 28n, { roles: [] }],
  ["mute", 1n << 22n, { mute: true }],
  ["deaf", 1n << 23n, { deaf: true }],
  ["channel_id", 1n << 24n, { channel_id: null }],
  ["communication_disabled_until", 1n << 40n, { communication_disabled_until: null }],
  ["flags", 1n << 5n, { flags: 4 }],
])("lets the bot change %s of a member with the permission for it alone", async (_field, bit, change) => {
  const { api, grant } = startWith(0n);
  const missing = { status: 403, body: { code: 50_013, message: "Missing Permissions" } };
  expect(await api("PATCH", member, change)).toMatchObject(missing);
  grant(bit);
  expect((await api("PATCH", member, change)).status).toBe(200);
});

it("lets the bot give and take the roles below its own, and no others", async () => {
  const { api, grant } = startWith(0n);
  const change = async (method: string, role: string) => (await api(method, `${member}/roles/${role}`)).status;
  expect([await change("PUT", moderators), await change("DELETE", sailors)]).toEqual([403, 403]);
  grant(1n << 28n);
  expect([await change("PUT", moderators), await change("DELETE", sailors)]).toEqual([204, 204]);
  expect([await change("PUT", own), await change("DELETE", own)]).toEqual([403, 403]);
  expect(await api("PATCH", member, { roles: [own] })).toMatchObject({ status: 403, body: { code: 50_013 } });
  expect((await api("GET", member)).body.roles).toEqual([moderators]);
});
