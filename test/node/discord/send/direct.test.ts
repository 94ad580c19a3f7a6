import { expect, it } from "vitest";
import { createRestState, DiscordApiError } from "../../../../src/discord/index.ts";
import { BudgetSpentError } from "../../../../src/platform/index.ts";
import { createDiscord } from "../../support.ts";

const linus = "1100000000000000013";
const hello = { body: { content: "Hello" }, isRepeatable: true };

/** How many requests opened a channel, and how many posted. */
const countOf = (seen: readonly { path: string }[]) => [
  seen.filter(({ path }) => path === "/users/@me/channels").length,
  seen.filter(({ path }) => path.endsWith("/messages")).length,
];

it("opens a person's channel once in an isolate, whichever invocation writes to them", async () => {
  const { rest, seen } = createDiscord();
  const state = createRestState();
  for (let count = 0; count < 3; count++) {
    expect(await rest({ state }).sendDirect(linus, hello)).toMatchObject({ content: "Hello" });
  }
  expect(countOf(seen)).toEqual([1, 3]);
  await rest({ state: createRestState() }).sendDirect(linus, hello);
  expect(countOf(seen)).toEqual([2, 4]);
});

it("opens another channel where Discord does not know the remembered one, and tells of a second refusal", async () => {
  const { rest, seen } = createDiscord();
  const state = createRestState();
  state.directChannels.set(linus, "1190000000000000001");
  expect(await rest({ state }).sendDirect(linus, hello)).toMatchObject({ content: "Hello" });
  expect(countOf(seen)).toEqual([1, 2]);
  await expect(rest({ state }).sendDirect("1190000000000000002", hello)).rejects.toThrow(DiscordApiError);
  expect([...state.directChannels.keys()]).toEqual([linus]);
});

it("forgets a channel that Discord forbids, and does not ask again at once", async () => {
  const { rest, seen, answers } = createDiscord();
  const state = createRestState();
  state.directChannels.set(linus, "1190000000000000001");
  answers.push(() => Response.json({ code: 50_007, message: "Cannot send messages to this user" }, { status: 403 }));
  await expect(rest({ state }).sendDirect(linus, hello)).rejects.toMatchObject({ code: 50_007 });
  expect([countOf(seen), state.directChannels.size]).toEqual([[0, 1], 0]);
});

it.each([400, 401])("keeps a channel to which Discord refuses one message with %i", async (status) => {
  const { rest, seen, answers } = createDiscord();
  const state = createRestState();
  await rest({ state }).sendDirect(linus, hello);
  answers.push(() => Response.json({ code: 0, message: "No" }, { status }));
  await expect(rest({ state }).sendDirect(linus, hello)).rejects.toMatchObject({ status });
  expect([countOf(seen), state.directChannels.size]).toEqual([[1, 2], 1]);
});

it("opens a person's channel although Discord refused that of another a moment ago", async () => {
  const { rest, answers } = createDiscord();
  const state = createRestState();
  answers.push(() => Response.json({ code: 50_007, message: "Cannot send messages to this user" }, { status: 403 }));
  await expect(rest({ state }).sendDirect("1100000000000000015", hello)).rejects.toMatchObject({ status: 403 });
  expect(await rest({ state }).sendDirect(linus, hello)).toMatchObject({ content: "Hello" });
});

it("remembers a thousand channels, and forgets the oldest", async () => {
  const { rest } = createDiscord();
  const state = createRestState();
  for (let index = 0; index < 1_000; index++) state.directChannels.set(`person-${index}`, `channel-${index}`);
  await rest({ state }).sendDirect(linus, hello);
  expect([state.directChannels.size, state.directChannels.has("person-0")]).toEqual([1_000, false]);
});

it("tries a failed call again only while the invocation has requests left", async () => {
  const { rest, seen, answers, drive } = createDiscord();
  const client = rest({ mayTryAgain: () => seen.length < 2 });
  for (let count = 0; count < 3; count++)
    answers.push(() => Response.json({ message: "no", code: 0 }, { status: 500 }));
  await expect(drive(client.get("/users/@me"))).rejects.toMatchObject({ status: 500 });
  expect(seen).toHaveLength(2);
});

it("does not wait for another try where no request may be sent at all", async () => {
  const { rest } = createDiscord();
  const fetch = () => Promise.reject(new BudgetSpentError(50));
  await expect(rest({ fetch }).get("/users/@me")).rejects.toThrow("this invocation may send 50 requests");
});
