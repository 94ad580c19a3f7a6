import type { APIMessage } from "discord-api-types/v10";
import { expect, it } from "vitest";
import { startBot } from "../support.ts";

const [ada, linus, sailors] = ["1100000000000000011", "1100000000000000013", "1100000000000000102"];
const loud = `<@${ada}> <@!${linus}> <@&${sailors}> @here`;

/** Posts a message in a channel and as an answer, and edits both; returns whom each pings. */
async function pings(body: object) {
  const bot = await startBot(() => Response.json({ type: 4, data: body }));
  const path = "/channels/1100000000000000111/messages";
  const posted = (await bot.api("POST", path, body)).body as APIMessage;
  const { messages, interaction } = await bot.simulator.command("/ping");
  const webhook = `/webhooks/${bot.simulator.applicationId}/${interaction.token}/messages`;
  const edited = [`${path}/${posted.id}`, `${webhook}/@original`].map(
    async (at) => (await bot.api("PATCH", at, body)).body as APIMessage,
  );
  return [posted, messages[0], ...(await Promise.all(edited))].map(
    (message) =>
      message && {
        users: message.mentions.map(({ id }) => id),
        roles: message.mention_roles,
        everyone: message.mention_everyone,
      },
  );
}

const none = { users: [], roles: [], everyone: false };
const all = { users: [ada, linus], roles: [sailors], everyone: true };
const people = { ...none, users: [ada, linus] };

it.each<[string, object | undefined, object, object]>([
  ["nothing about it", undefined, all, people],
  ["that it pings no people", { parse: [] }, none, none],
  ["that it pings all", { parse: ["users", "roles", "everyone"] }, all, all],
  ["that it pings everyone", { parse: ["everyone"] }, { ...none, everyone: true }, { ...none, everyone: true }],
  ["whom it pings", { users: [linus] }, { ...none, users: [linus] }, { ...none, users: [linus] }],
  ["which role it pings", { roles: [sailors] }, { ...none, roles: [sailors] }, { ...none, roles: [sailors] }],
  ["that it pings a person who is not in it", { users: ["1100000000000000012"] }, none, none],
])(
  "a message that says %s pings those in a channel, and those as an answer",
  async (_name, mentions, posted, answered) => {
    const allowed = mentions && { allowed_mentions: mentions };
    expect(await pings({ content: loud, ...allowed })).toEqual([posted, answered, posted, answered]);
    const inComponents = { flags: 32_768, components: [{ type: 17, components: [{ type: 10, content: loud }] }] };
    expect(await pings({ ...inComponents, ...allowed })).toEqual([posted, answered, posted, answered]);
  },
);

it.each(["@everyone", "@here"])("%s pings all who can read a channel", async (content) => {
  const every = { ...none, everyone: true };
  expect(await pings({ content })).toEqual([every, none, every, none]);
});
