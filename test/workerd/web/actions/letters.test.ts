import { describe, expect, it } from "vitest";
import { dropLetters, groupOf, replayLetters } from "../../../../src/web/actions/letters.ts";
import type { AdminServices } from "../../../../src/web/services.ts";

/** Services with one group "feeds" that holds letters `1-0` and up, of which those in `failing` fail again. */
function createServices(
  count: number,
  {
    failing = [],
    left = 1_000,
    perRequest = 1,
    answers = {},
  }: { failing?: number[]; left?: number; perRequest?: number; answers?: Record<string, unknown> } = {},
) {
  const letters = new Set(Array.from({ length: count }, (_, index) => `${index + 1}-0`));
  const calls: string[] = [];
  const commands: unknown[][] = [];
  let requests = left;
  const group = {
    name: "feeds",
    deadLetterCount: async () => letters.size,
    async deadLetters({ count: most = 0, after = "0-0" }: { count?: number; after?: string }) {
      calls.push(`list ${most}`);
      const from = Number.parseInt(after, 10);
      return [...letters]
        .filter((id) => Number.parseInt(id, 10) > from)
        .slice(0, most)
        .map((id) => ({ id }));
    },
    async replay({ ids }: { ids: string[] }) {
      calls.push(`replay ${ids.length}`);
      requests -= perRequest;
      const known = ids.filter((id) => letters.has(id));
      const failed = known.filter((id) => failing.includes(Number.parseInt(id, 10)));
      for (const id of known) if (!failed.includes(id)) letters.delete(id);
      return { replayed: known.length - failed.length, failed: failed.length };
    },
    async discard(ids: string[]) {
      calls.push(`discard ${ids.length}`);
      requests -= perRequest;
      return ids.filter((id) => letters.delete(id)).length;
    },
  };
  const parts = {
    groups: new Map([["feeds", group]]),
    redis: {
      async exec(command: unknown[]) {
        commands.push(command);
        const answer = answers[String(command[0])];
        if (answer instanceof Error) throw answer;
        return answer === undefined ? "OK" : answer;
      },
    },
    prefix: "sp:",
    pubsub: { group: (name: string) => ({ ...group, name }) },
    left: () => requests,
  };
  return { services: parts as unknown as AdminServices, letters, calls, commands };
}

const feeds = { group: "feeds" };

describe("replaying", () => {
  it("delivers one letter, or says that it failed again or is gone", async () => {
    const { services, letters, calls } = createServices(3, { failing: [2] });
    const replay = (id: string) => replayLetters(services, { ...feeds, id });
    expect(await replay("1-0")).toEqual({ is: "done", count: 1, text: "A dead letter of feeds was delivered." });
    expect(await replay("2-0")).toEqual({
      is: "done",
      count: 0,
      text: "A dead letter of feeds failed again, and is kept.",
    });
    expect(await replay("1-0")).toEqual({
      is: "refused",
      status: 404,
      error: "This dead letter is gone: it was replayed or dropped already.",
    });
    expect([[...letters], calls]).toEqual([
      ["2-0", "3-0"],
      ["replay 1", "replay 1", "replay 1"],
    ]);
  });

  it("delivers all in pages of ten when their number is confirmed, and each once though some fail again", async () => {
    const { services, letters, calls } = createServices(25, { failing: [3, 11, 12] });
    const asked = await replayLetters(services, feeds);
    expect(asked).toEqual({ is: "unconfirmed", count: 25, question: "Replay 25 dead letters of feeds?" });
    expect(await replayLetters(services, { ...feeds, confirm: "24" })).toEqual(asked);
    expect(calls).toEqual([]);
    expect(await replayLetters(services, { ...feeds, confirm: "25" })).toEqual({
      is: "done",
      count: 22,
      text: "22 dead letters of feeds delivered; 3 failed again and are kept.",
    });
    expect(calls).toEqual(["list 10", "replay 10", "list 10", "replay 10", "list 10", "replay 5"]);
    expect([...letters]).toEqual(["3-0", "11-0", "12-0"]);
  });

  it("stops while twelve requests and a page's are left, and says how many letters are", async () => {
    const { services, letters } = createServices(35, { left: 42, perRequest: 10 });
    expect(await replayLetters(services, { ...feeds, confirm: "35" })).toEqual({
      is: "done",
      count: 20,
      text: "20 dead letters of feeds delivered; 15 are left for another go.",
    });
    expect(letters.size).toBe(15);
    const more = createServices(35, { left: 43, perRequest: 10 });
    expect(await replayLetters(more.services, { ...feeds, confirm: "35" })).toMatchObject({ count: 30 });
    const none = createServices(2, { left: 22 });
    expect(await replayLetters(none.services, { ...feeds, confirm: "2" })).toMatchObject({ count: 0 });
  });

  it("of one group goes on alone, for two minutes at most, and lets the next begin also where it fails", async () => {
    const key = "sp:a:replay:feeds";
    const { services, commands } = createServices(2);
    await replayLetters(services, { ...feeds, id: "1-0" });
    expect(commands).toEqual([
      ["SET", key, "1", "NX", "PX", 120_000],
      ["DEL", key],
    ]);
    const taken = createServices(2, { answers: { SET: null } });
    expect(await replayLetters(taken.services, { ...feeds, id: "1-0" })).toMatchObject({
      status: 400,
      error: "Dead letters of feeds are being replayed right now. Look again in a minute.",
    });
    expect([taken.calls, taken.commands.length]).toEqual([[], 1]);
    const lost = createServices(2, { answers: { DEL: new Error("no answer") } });
    expect(await replayLetters(lost.services, { ...feeds, id: "1-0" })).toMatchObject({ is: "done" });
    const broken = createServices(2);
    Object.assign(broken.services.groups.get("feeds") ?? {}, { replay: () => Promise.reject(new Error("broken")) });
    await expect(replayLetters(broken.services, { ...feeds, id: "1-0" })).rejects.toThrow("broken");
    expect(broken.commands.at(-1)).toEqual(["DEL", key]);
  });

  it("says that there is nothing, and refuses a group that no feature delivers", async () => {
    const { services } = createServices(0);
    expect(await replayLetters(services, feeds)).toMatchObject({ status: 404, error: "feeds has no dead letters." });
    expect(await replayLetters(services, { group: "gone", id: "1-0" })).toMatchObject({
      status: 404,
      error: 'No feature of this bot delivers the group "gone".',
    });
    expect(await replayLetters(services, {})).toMatchObject({ status: 404 });
  });

  it("speaks of one letter where it is one", async () => {
    const { services } = createServices(1);
    expect(await replayLetters(services, feeds)).toMatchObject({ question: "Replay 1 dead letter of feeds?" });
  });
});

describe("dropping", () => {
  it("drops one letter, and none whose id is none", async () => {
    const { services, letters, calls } = createServices(2);
    expect(await dropLetters(services, { ...feeds, id: "1-0" })).toEqual({
      is: "done",
      count: 1,
      text: "A dead letter of feeds was dropped.",
    });
    for (const id of ["1-0", "", "*", "2", "2-0 3-0", "x2-0", `${"1".repeat(21)}-0`]) {
      expect(await dropLetters(services, { ...feeds, id }), id).toMatchObject({ is: "refused", status: 404 });
    }
    expect([[...letters], calls]).toEqual([["2-0"], ["discard 1", "discard 1"]]);
  });

  it("drops as many as were confirmed, in pages of 500, and none that came meanwhile", async () => {
    const { services, letters, calls } = createServices(1_200);
    const asked = await dropLetters(services, feeds);
    expect(asked).toEqual({ is: "unconfirmed", count: 1_200, question: "Drop 1,200 dead letters of feeds, unread?" });
    expect(calls).toEqual([]);
    const dropping = dropLetters(services, { ...feeds, confirm: "1200" });
    await Promise.resolve();
    letters.add("9000-0");
    expect(await dropping).toEqual({ is: "done", count: 1_200, text: "1,200 dead letters of feeds dropped." });
    expect(calls).toEqual(["list 500", "discard 500", "list 500", "discard 500", "list 200", "discard 200"]);
    expect([...letters]).toEqual(["9000-0"]);
  });

  it("stops while twelve requests are left", async () => {
    const { services, letters } = createServices(1_600, { left: 14 });
    expect(await dropLetters(services, { ...feeds, confirm: "1600" })).toMatchObject({ count: 1_000 });
    expect(letters.size).toBe(600);
  });

  it("takes a group that no feature delivers, and refuses what is no name of one", async () => {
    const { services } = createServices(0);
    expect(await dropLetters(services, { group: "gone" })).toMatchObject({ error: "gone has no dead letters." });
    for (const group of ["", "no group", "*", "x".repeat(65)]) {
      expect(await dropLetters(services, { group }), group).toEqual({
        is: "refused",
        status: 400,
        error: "Name the group.",
      });
    }
    expect(groupOf(services, { group: "x".repeat(64) })?.name).toBe("x".repeat(64));
    expect(groupOf(services, {})).toBeUndefined();
  });
});
