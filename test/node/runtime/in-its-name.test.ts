import type { APITeam } from "discord-api-types/v10";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Transcript } from "../../../local/discord/index.ts";
import { createWorld } from "../../../local/kit/world.ts";

// The whole Worker: what it says in its own name, where, and on whose word.

const minute = 60_000;
const guildId = "1100000000000000100";
const general = "1100000000000000111";
const linus = { user: "linus" };
const sendMessages = String(1 << 11);
const masked = "[Nitro](https://example.com/gift)";

async function openWorld() {
  const world = await createWorld();
  onTestFinished(() => world.close());
  const { discord } = world;
  const say = async (line: string, from: object = linus) => world.run(discord.command(line, from));
  return {
    ...world,
    say,
    textOf: ({ messages }: Transcript): string => JSON.stringify(messages),
    /** The messages of the bot that all people in the channel see, without the answers to commands. */
    posts: () =>
      discord.visibleMessages({ channel: general }).filter(({ interaction_metadata: by }) => by === undefined),
    closeDirectMessages: () => discord.setRestFault({ status: 403, times: 1_000, path: "/users/@me/channels" }),
    /** Takes the right to write in the channel from all but the owner of the server. */
    mute: () => {
      const channel = discord.world.guilds.get(guildId)?.channels.get(general);
      Object.assign(channel ?? {}, {
        permission_overwrites: [{ id: guildId, type: 0, allow: "0", deny: sendMessages }],
      });
    },
  };
}

describe("a reminder of a person who takes no direct messages", () => {
  it("is not posted in a channel where they may not write, and /remind list says so", async () => {
    const { say, posts, mute, closeDirectMessages, pass, textOf } = await openWorld();
    mute();
    closeDirectMessages();
    await say(`/remind me in:1m about:${masked}`);
    await pass(3 * minute);
    expect(posts()).toEqual([]);
    const listed = textOf(await say("/remind list"));
    expect(listed).toContain("Not delivered");
    expect(listed).toContain("You do not accept direct messages from this bot.");
    expect(listed).not.toContain("](https");
    expect(textOf(await say("/remind list", { user: "robin" }))).not.toContain("Not delivered");
  });

  it("is posted where they may write: links as typed, no previews, and only their own mention", async () => {
    const { say, posts, closeDirectMessages, pass } = await openWorld();
    closeDirectMessages();
    await say(`/remind me in:1m about:${masked} @everyone <@1100000000000000012>`);
    await pass(3 * minute);
    const [post] = posts();
    expect(posts()).toHaveLength(1);
    expect(post?.content).toContain(String.raw`<@1100000000000000013> ⏰ [Nitro]\(https://example.com/gift) @everyone`);
    expect(post?.mentions.map(({ id }) => id)).toEqual(["1100000000000000013"]);
    expect([post?.mention_everyone, (post?.flags ?? 0) & 4]).toEqual([false, 4]);
  });

  it("is posted nowhere while it repeats, stays in the list, and comes once they take messages", async () => {
    const { say, posts, closeDirectMessages, pass, textOf, discord } = await openWorld();
    closeDirectMessages();
    await say(`/remind me every:hour about:${masked}`);
    await pass(125 * minute);
    expect(posts()).toEqual([]);
    const listed = textOf(await say("/remind list"));
    expect(listed).toContain("Your reminders** (1)");
    expect(listed).toContain("Not delivered last time: You do not accept direct messages from this bot.");
    discord.setRestFault(undefined);
    await pass(60 * minute);
    expect(discord.visibleMessages({ channel: "dm", ...linus })).toHaveLength(1);
    expect(textOf(await say("/remind list"))).not.toContain("Not delivered");
  });

  it("is not posted by a click on another person's reminder in a channel where the clicker may not write", async () => {
    const { say, run, posts, mute, closeDirectMessages, pass, discord } = await openWorld();
    closeDirectMessages();
    await say(`/remind me in:1m about:${masked}`);
    await pass(3 * minute);
    mute();
    await run(discord.click(posts()[0]?.id ?? "", { label: "Again in 10 min" }, { user: "robin" }));
    await pass(15 * minute);
    expect(posts()).toHaveLength(1);
  });
});

it("mentions no people when a timed poll closes", async () => {
  const { say, run, pass, discord } = await openWorld();
  const form = await say("/poll question:Lunch? closes:10s");
  const poll = await run(discord.submit(form.interaction.token, { Answers: "Pizza\nSoup" }, linus));
  await pass(2 * minute);
  const closed = discord.message(poll.messages[0]?.id ?? "");
  expect(JSON.stringify(closed)).toContain("Closed");
  expect(JSON.stringify(closed)).toContain("asked by <@1100000000000000013>");
  expect(closed?.mentions).toEqual([]);
});

it("gives orders for a team's owner, admins and developers, not for invited members or those who may only read", async () => {
  const { say, discord, textOf } = await openWorld();
  const { users } = discord.world;
  const member = (id: string, role: string, membership_state = 2) => ({
    user: users.get(id),
    role,
    membership_state,
    team_id: "1",
    permissions: ["*"],
  });
  discord.world.team = {
    id: "1",
    name: "Harbour crew",
    icon: null,
    owner_user_id: "1100000000000000011",
    members: [
      member("1100000000000000011", ""),
      member("1100000000000000012", "admin"),
      member("1100000000000000013", "read_only"),
      member("1100000000000000014", "developer"),
      member("1100000000000000015", "admin", 1),
    ],
  } as unknown as APITeam;
  const outcomes: Record<string, boolean> = {};
  for (const user of ["ada", "grace.h", "linus", "mei_lin", "robin"]) {
    const text = textOf(await say("/broadcast order:note note:hello", { user }));
    outcomes[user] = !text.includes("Only the bot's owner");
  }
  expect(outcomes).toEqual({ ada: true, "grace.h": true, linus: false, mei_lin: true, robin: false });
});
