import { describe, expect, it } from "vitest";
import { limits, type Poll, showPoll, toggleVote } from "../../../../src/bot/poll/poll.ts";
import type { Session } from "../../../../src/sessions/index.ts";

const pollWith = (votes: readonly Record<string, string>[], more: Partial<Poll> = {}): Poll => ({
  question: "Lunch?",
  answers: votes.map((one, index) => ({ text: `Answer ${index}`, votes: one })),
  owner: "7",
  several: false,
  ...more,
});

const votesOf = (poll: Poll | "full") => (poll === "full" ? poll : poll.answers.map(({ votes }) => votes));

/** Returns the texts of a poll's message, and its buttons. */
function shown(data: Poll) {
  const { components } = showPoll({ id: "abc", data } as Session<Poll>) as unknown as {
    components: [{ components: { content?: string; components?: { label: string; custom_id: string }[] }[] }];
  };
  const parts = components[0].components;
  return {
    texts: parts.flatMap(({ content }) => content ?? []),
    buttons: parts.map(({ components: row }) => row?.map(({ label, custom_id: id }) => [label, id])).filter(Boolean),
  };
}

describe("showPoll", () => {
  it("shows each answer's share with its voters, and the buttons", () => {
    const { texts, buttons } = shown(pollWith([{ a: "1", b: "2", c: "-3" }, { d: "4" }]));
    expect(texts).toEqual([
      "### Lunch?",
      "**Answer 0**\n███████░░░ 2 · 67 %\n-# <@a> <@b>",
      "**Answer 1**\n███░░░░░░░ 1 · 33 %\n-# <@d>",
      "-# Choose one · asked by <@7>",
    ]);
    expect(buttons).toEqual([
      [
        ["Answer 0", expect.stringContaining("abc")],
        ["Answer 1", expect.stringContaining("abc")],
      ],
      [["Close poll", expect.stringContaining("abc")]],
    ]);
  });

  it("labels a button with 80 characters of its answer", () => {
    const labelOf = (length: number) =>
      shown(pollWith([{}], { answers: [{ text: "x".repeat(length), votes: {} }] })).buttons[0]?.[0]?.[0];
    expect([labelOf(80), labelOf(81)]).toEqual(["x".repeat(80), `${"x".repeat(79)}…`]);
  });

  it("shows an empty bar without votes, and no names", () => {
    expect(shown(pollWith([{}, { a: "-1" }])).texts.slice(1, 3)).toEqual([
      "**Answer 0**\n░░░░░░░░░░ 0 · 0 %",
      "**Answer 1**\n░░░░░░░░░░ 0 · 0 %",
    ]);
  });

  it.each<[Partial<Poll>, string]>([
    [{}, "-# Choose one · asked by <@7>"],
    [{ several: true }, "-# Choose as many as you like · asked by <@7>"],
    [{ closesAt: 61_999 }, "-# Choose one · closes <t:61:R> · asked by <@7>"],
    [{ closesAt: 61_999, isClosed: true, several: true }, "-# Closed · asked by <@7>"],
  ])("says how to vote, when it closes, and who asked: %j", (more, line) => {
    const { texts, buttons } = shown(pollWith([{}, {}], more));
    expect([texts.at(-1), buttons.length]).toEqual([line, more.isClosed ? 0 : 2]);
  });

  it("shows twenty names, and how many more there are", () => {
    const voters = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`v${index}`, "1"]));
    const lineOf = (count: number) =>
      shown(pollWith([voters(count), {}]))
        .texts[1]?.split("\n")
        .at(-1) ?? "";
    expect(lineOf(20)).toMatch(/^-# <@v0> .*<@v19>$/);
    expect(lineOf(21)).toMatch(/<@v19> and 1 more$/);
  });
});

describe("toggleVote", () => {
  it("moves a vote where one may be had, and keeps it where several may", () => {
    const click = { choice: 1, voter: "a", id: "5" };
    expect(votesOf(toggleVote(pollWith([{ a: "4" }, { b: "1" }]), click))).toEqual([{}, { b: "1", a: "5" }]);
    expect(votesOf(toggleVote(pollWith([{ a: "4" }, {}], { several: true }), click))).toEqual([{ a: "4" }, { a: "5" }]);
  });

  it("takes a vote back, and gives it again", () => {
    const poll = pollWith([{ a: "4" }, {}]);
    expect(votesOf(toggleVote(poll, { choice: 0, voter: "a", id: "5" }))).toEqual([{ a: "-5" }, {}]);
    expect(votesOf(toggleVote(pollWith([{ a: "-5" }, {}]), { choice: 0, voter: "a", id: "6" }))).toEqual([
      { a: "6" },
      {},
    ]);
  });

  it.each<[string, Poll, number, string]>([
    ["counted already", pollWith([{ a: "10" }, {}]), 0, "10"],
    ["took the vote back already", pollWith([{ a: "-10" }, {}]), 0, "10"],
    ["is older than one on another answer", pollWith([{ a: "10" }, {}]), 1, "9"],
    ["is on no answer", pollWith([{}, {}]), 2, "10"],
    ["comes when it is closed", pollWith([{}, {}], { isClosed: true }), 0, "10"],
  ])("changes nothing for a click that %s", (_name, poll, choice, id) => {
    expect(toggleVote(poll, { choice, voter: "a", id })).toBe(poll);
  });

  it("compares ids as numbers, not as text", () => {
    const poll = pollWith([{ a: "9" }, {}]);
    expect(votesOf(toggleVote(poll, { choice: 1, voter: "a", id: "10" }))).toEqual([{}, { a: "10" }]);
    expect(toggleVote(pollWith([{ a: "10" }, {}]), { choice: 1, voter: "a", id: "9" })).toEqual(
      pollWith([{ a: "10" }, {}]),
    );
  });

  it("judges several votes each by its own answer's clicks", () => {
    const poll = pollWith([{ a: "10" }, {}], { several: true });
    expect(votesOf(toggleVote(poll, { choice: 1, voter: "a", id: "9" }))).toEqual([{ a: "10" }, { a: "9" }]);
  });

  it("has room for 2,500 votes, those taken back among them, and for changes beyond that", () => {
    const votes = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`v${index}`, index % 2 ? "1" : "-1"]));
    expect(limits.votes).toBe(2_500);
    const click = { choice: 1, voter: "new", id: "5" };
    expect(votesOf(toggleVote(pollWith([votes(2_499), {}]), click)).at(1)).toEqual({ new: "5" });
    const full = pollWith([votes(2_000), { ...votes(500) }]);
    expect(toggleVote(full, click)).toBe("full");
    expect(votesOf(toggleVote(full, { choice: 1, voter: "v1999", id: "5" }))).not.toBe("full");
  });
});
