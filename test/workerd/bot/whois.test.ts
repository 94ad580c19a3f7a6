import { expect, it } from "vitest";
import { whois } from "../../../src/bot/whois.ts";

const id = "1100000000000000011";
const [slash, menu] = whois.handlers as unknown as readonly [Handler, Handler];
type Handler = { run(interaction: object, services: object): Promise<Card | string> };
interface Card {
  content: string;
  embeds: {
    title: string;
    description: string;
    thumbnail: { url: string };
    fields: { name: string; value: string; inline?: boolean }[];
    footer: { text: string };
  }[];
}

/** What is asked of the entities, and the card of a person. */
async function show(user: object | undefined, member?: object, interaction: object = {}, handler = slash) {
  const asked: unknown[] = [];
  const entry = (value: unknown) => ({ value, source: "redis", ageMs: 12_400, isStale: false });
  const entities = {
    user: async (userId: string) => (asked.push(userId), entry(user)),
    member: async (guildId: string, userId: string) => (asked.push([guildId, userId]), entry(member)),
  };
  const shown = await handler.run({ options: {}, user: { id }, guildId: "7", ...interaction }, { entities });
  const card = typeof shown === "string" ? undefined : shown.embeds[0];
  return { asked, shown, card: card as Card["embeds"][0] };
}

const ada = { username: "ada", global_name: "Ada", avatar: null, bot: false };

it("shows a person as Discord knows them here", async () => {
  const member = { nick: "The *Countess*", roles: ["101", "102"], joined_at: "2026-01-01T00:00:00.999Z" };
  const { shown, asked } = await show({ ...ada, username: "a_da", bot: true, avatar: "abc" }, member);
  expect(asked).toEqual([id, ["7", id]]);
  expect(shown).toEqual({
    content: "-# from Redis, 12 s old",
    embeds: [
      {
        title: String.raw`The \*Countess\*`,
        description: String.raw`<@${id}> · a\_da · a bot`,
        thumbnail: { url: `https://cdn.discordapp.com/avatars/${id}/abc.png` },
        fields: [
          { name: "On Discord since", value: "<t:1682330837:D>", inline: true },
          { name: "Here since", value: "<t:1767225600:D>", inline: true },
          { name: "Roles", value: "<@&101> <@&102>" },
        ],
        footer: { text: id },
      },
    ],
  });
});

it("shows a person who is no member without roles, by the name that they chose or their user name", async () => {
  const { card } = await show(ada);
  expect([card.title, card.description]).toEqual(["Ada", `<@${id}> · ada`]);
  expect(card.fields.slice(1)).toEqual([{ name: "Here", value: "Not a member", inline: true }]);
  expect((await show({ ...ada, global_name: null })).card.title).toBe("ada");
  expect((await show(ada, { nick: null, roles: [], joined_at: null })).card).toMatchObject({
    title: "Ada",
    fields: [{}, { value: "Not a member" }],
  });
});

it.each([
  [id, 1],
  ["0", 0],
  [String(7n << 22n), 1],
])("shows one of six pictures where the person %s has none: %i", async (personId, picture) => {
  const { card } = await show(ada, undefined, { options: { person: { id: personId } } });
  expect(card.thumbnail.url).toBe(`https://cdn.discordapp.com/embed/avatars/${picture}.png`);
});

it("keeps long names and lists of roles within Discord's limits, and says how many are left out", async () => {
  const named = async (name: string) => (await show({ ...ada, global_name: name })).card.title;
  expect([await named("x".repeat(256)), await named("x".repeat(257))]).toEqual([
    "x".repeat(256),
    `${"x".repeat(255)}…`,
  ]);
  expect((await named("*".repeat(200))).length).toBe(256);
  expect((await show({ ...ada, username: "x".repeat(101) })).card.description).toBe(`<@${id}> · ${"x".repeat(99)}…`);
  // Each takes 24 characters and a blank: 41 of them have 1,024.
  const roles = (count: number) =>
    Array.from({ length: count }, (_, index) => `${10 ** 18 + index * 1_000}0`.slice(0, 20));
  const listed = async (count: number) => (await show(ada, { roles: roles(count) })).card.fields[2]?.value ?? "";
  expect([(await listed(41)).length, (await listed(41)).includes("more")]).toEqual([1_024, false]);
  expect(await listed(42)).toMatch(/^(<@&\d{20}> ){40}and 2 more$/);
  expect(await listed(250)).toMatch(/^(<@&\d{20}> ){40}and 210 more$/);
});

it("looks up whom it is asked about, and no member outside of servers", async () => {
  const person = { options: { person: { id: "5" } } };
  expect((await show(ada, undefined, person)).asked).toEqual(["5", ["7", "5"]]);
  expect((await show(ada, undefined, { guildId: undefined })).asked).toEqual([id]);
  expect((await show(ada, undefined, { target: { id: "6" } }, menu)).asked).toEqual(["6", ["7", "6"]]);
  expect((await show(undefined)).shown).toBe("Discord does not know this person any more.");
});
