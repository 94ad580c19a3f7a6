import { expect, it } from "vitest";
import { createSeededWorld } from "../../../../local/discord/world/seed.ts";
import { messagesOf, openDirectChannel } from "../../../../local/discord/world/world.ts";
import { createForms } from "../../../../local/playground/server/forms.ts";
import { membersOf, peopleOf, viewPerson } from "../../../../local/playground/server/people-views.ts";
import { createPolls } from "../../../../local/playground/server/polls.ts";
import { createUnread } from "../../../../local/playground/server/unread.ts";
import { createWorldClock } from "../../../../local/playground/server/world-clock.ts";
import { ada, general, grace, linus, moderators, robin, stranger } from "./support.ts";

const [sailors] = ["1100000000000000102"];

function start() {
  const world = createSeededWorld();
  const unread = createUnread(world);
  let last = 0;
  const add = (more: object = {}, channelId = general) => {
    const id = String((last += 1));
    messagesOf(world, channelId).set(id, {
      id,
      channel_id: channelId,
      author: world.bot,
      flags: 0,
      mentions: [],
      mention_roles: [],
      mention_everyone: false,
      ...more,
    } as never);
    return id;
  };
  return { world, unread, add };
}

it("counts what arrived since a person last looked, each person and channel apart", () => {
  const { unread, add } = start();
  const count = (person: string, channel = general) => unread.of(person, channel).unread;
  unread.read(ada, general);
  expect(count(ada)).toBe(0);
  add();
  add();
  expect([count(ada), count(linus)]).toEqual([2, 2]);
  unread.read(ada, general);
  expect([count(ada), count(linus)]).toEqual([0, 2]);
  add();
  expect([count(ada), count(linus)]).toEqual([1, 3]);
  unread.clear();
  expect(count(ada)).toBe(3);
  for (let index = 0; index < 1_000; index++) add();
  expect(count(ada)).toBe(999);
});

it("counts no message that the person wrote", () => {
  const { unread, add, world } = start();
  add({ author: world.users.get(ada) });
  expect([unread.of(ada, general).unread, unread.of(linus, general).unread]).toEqual([0, 1]);
});

it("counts no answer to the person's own interaction, and nothing that the person cannot see", () => {
  const { unread, add, world } = start();
  add({ interaction_metadata: { user: { id: ada } } });
  expect([unread.of(ada, general).unread, unread.of(linus, general).unread]).toEqual([0, 1]);
  world.privateTo.set(add({ flags: 64 }), linus);
  expect([unread.of(robin, general).unread, unread.of(linus, general).unread]).toEqual([1, 2]);
  add({ mention_everyone: true }, moderators);
  expect([unread.of(linus, moderators), unread.of(grace, moderators)]).toEqual([
    { unread: 0, isMentioned: false },
    { unread: 1, isMentioned: true },
  ]);
});

it.each<[string, object, boolean, boolean]>([
  ["no mention", {}, false, false],
  ["a mention of Linus", { mentions: [{ id: linus }] }, true, false],
  ["a mention of his role", { mention_roles: [sailors] }, true, false],
  ["a mention of everyone", { mention_everyone: true }, true, true],
])("marks %s as such", (_name, more, isForLinus, isForRobin) => {
  const { unread, add } = start();
  add(more);
  expect([unread.of(linus, general).isMentioned, unread.of(robin, general).isMentioned]).toEqual([
    isForLinus,
    isForRobin,
  ]);
});

it("marks every direct message", () => {
  const { unread, add, world } = start();
  const user = world.users.get(stranger);
  const direct = user ? openDirectChannel(world, user, () => "7").id : "";
  add({}, direct);
  expect(unread.of(stranger, direct)).toEqual({ unread: 1, isMentioned: true });
});

const answers = [1, 2].map((answer_id) => ({ answer_id, poll_media: { text: "a" } }));
const pollOf = (more: object = {}) =>
  ({
    id: "1",
    poll: { answers, allow_multiselect: false, results: { is_finalized: false, answer_counts: [] }, ...more },
  }) as never;

it("counts votes, a person's last alone, and shows each person their own", () => {
  const kept: { poll?: { results?: object } }[] = [];
  const polls = createPolls(
    { keepMessage: (message) => void kept.push(message), message: () => undefined },
    createWorldClock(),
  );
  const message = pollOf({ allow_multiselect: true });
  polls.vote(ada, message, [1]);
  polls.vote(linus, message, [2, 2]);
  polls.vote(ada, message, [2]);
  expect(kept.at(-1)?.poll?.results).toEqual({
    is_finalized: false,
    answer_counts: [{ id: 2, count: 2, me_voted: false }],
  });
  const view = (person: string) => polls.view(person, "1", kept.at(-1)?.poll as never).results?.answer_counts;
  expect([view(ada), view(robin)]).toEqual([
    [{ id: 2, count: 2, me_voted: true }],
    [{ id: 2, count: 2, me_voted: false }],
  ]);
  polls.vote(ada, message, []);
  expect(kept.at(-1)?.poll?.results).toMatchObject({ answer_counts: [{ id: 2, count: 1 }] });
});

it.each<[string, object, number[], string | undefined]>([
  ["no poll", { id: "1" }, [1], "The message has no poll."],
  ["a poll that has ended", pollOf({ results: { is_finalized: true } }), [1], "The poll has ended."],
  ["an unknown answer", pollOf(), [3], "The poll has no such answer."],
  ["two answers of one", pollOf(), [1, 2], "The poll takes one answer."],
  ["two answers of several", pollOf({ allow_multiselect: true }), [1, 2], undefined],
])("takes a vote for %s only as Discord does", (_name, message, votes, sentence) => {
  const polls = createPolls({ keepMessage: () => {}, message: () => undefined }, createWorldClock());
  const vote = () => polls.vote(ada, message as never, votes);
  if (sentence === undefined) vote();
  else expect(vote).toThrow(sentence);
});

it("ends a poll at its time, once", async () => {
  const clock = createWorldClock(() => 0);
  const kept: unknown[] = [];
  const message = pollOf({ expiry: new Date(60_000).toISOString() });
  const polls = createPolls({ keepMessage: (one) => void kept.push(one.poll?.results), message: () => message }, clock);
  polls.watch(message);
  polls.watch(pollOf({ expiry: new Date(60_000).toISOString(), results: { is_finalized: true } }));
  polls.watch({ id: "2" } as never);
  clock.move(59_999);
  await Promise.resolve();
  expect(kept).toEqual([]);
  clock.move(1);
  await new Promise(setImmediate);
  expect(kept).toEqual([{ is_finalized: true, answer_counts: [] }]);
});

it("closes a form that was taken, and opens again one that was not, for its person alone", () => {
  const told: [boolean, boolean, object][] = [];
  const forms = createForms((isSeenBy, event) => void told.push([isSeenBy(ada), isSeenBy(linus), event]));
  const form = { exchange: "e", token: "t", userId: ada, isSubmitted: true };
  const end = (problems: string[]) => forms.end("x", { status: 200, ms: 1, problems });
  end([]);
  expect(told).toEqual([]);
  forms.submitted("x", form as never);
  end(["Bad."]);
  expect(told.pop()).toEqual([
    true,
    false,
    { type: "form-ended", exchange: "e", token: "t", text: "Something went wrong. Try again.", reasons: ["Bad."] },
  ]);
  expect(form.isSubmitted).toBe(false);
  forms.submitted("x", Object.assign(form, { isSubmitted: true }) as never);
  end([]);
  end([]);
  expect([told, form.isSubmitted]).toEqual([[[true, false, { type: "form-ended", exchange: "e", token: "t" }]], true]);
});

it("shows people with their part in the first server, and members with its names and colours", () => {
  const world = createSeededWorld();
  const view = (id: string) => {
    const user = world.users.get(id);
    return user && viewPerson(world, user);
  };
  expect(view(linus)).toEqual({
    id: linus,
    username: "linus",
    name: "linus",
    avatar: `/cdn/avatars/${linus}/0.png`,
    isBot: false,
    role: "member",
  });
  expect([ada, grace, stranger, world.bot.id].map((id) => view(id)?.role)).toEqual([
    "administrator",
    "moderator",
    "stranger",
    "application",
  ]);
  expect(view(ada)?.avatar).toContain("/a_0123456789");
  expect(peopleOf(world).map(({ username }) => username)).toEqual([
    "ada",
    "grace.h",
    "linus",
    "mei_lin",
    "robin",
    "stranger",
  ]);
  const guild = world.guilds.get("1100000000000000100");
  const members = guild ? membersOf(world, guild) : [];
  expect(members.map(({ name, color }) => [name, color])).toEqual([
    ["sandpiper", 0x1abc9c],
    ["Ada", undefined],
    ["Harbour master", 0xe67e22],
    ["linus", 0x3498db],
    ["梅琳 🌊", 0x3498db],
    ["Robin “the very long display name” B.", undefined],
  ]);
  const own = guild?.members.get(linus);
  if (own) guild?.members.set(linus, { ...own, roles: [sailors, "1100000000000000101", "5"] });
  expect(guild && membersOf(world, guild)[3]?.color).toBe(0xe67e22);
});
