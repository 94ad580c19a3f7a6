import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTestBot } from "../../support/bot.ts";
import { createDatabase } from "../../support/database.ts";
import { click, envelope, person, slashWith, submission } from "../../support/payloads.ts";

// Clicks from several isolates at once, and clicks that no person could make with their Discord.

// Nobody plays Discord's REST API here, so that answers after a deferral are refused, and say so in the log.
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

const by = (index: number) => ({
  member: { ...envelope().member, user: { ...person, id: String(1_300_000_000_000_000_000n + BigInt(index)) } },
});

const idsIn = (body: unknown): string[] =>
  [...JSON.stringify(body).matchAll(/"custom_id":"([^"]+)"/g)].map(([, id = ""]) => id);

async function createFleet(count: number) {
  const database = createDatabase();
  const env = { DISCORD_API_URL: `${database.url}/nobody`, LOG_LEVEL: "error" };
  const bots = await Promise.all(Array.from({ length: count }, () => createTestBot({ database, env })));
  return { database, bots, at: (index: number) => bots[index % count] ?? expect.fail("no bot") };
}

async function askPoll(fleet: Awaited<ReturnType<typeof createFleet>>): Promise<string[]> {
  const { body } = await fleet.at(0).interact(
    submission("poll/new", [
      { type: 4, custom_id: "question", value: "Lunch?" },
      { type: 4, custom_id: "answers", value: "Pizza\nSoup" },
      { type: 4, custom_id: "closes", value: "" },
      { type: 23, custom_id: "several", value: false },
    ]),
  );
  return idsIn(body);
}

describe("a poll", () => {
  it("counts the votes of two hundred people at once exactly, on four isolates", { timeout: 30_000 }, async () => {
    const fleet = await createFleet(4);
    const [pizza = "", soup = ""] = await askPoll(fleet);
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const payload = { ...click(index % 4 === 0 ? soup : pizza), ...by(index) };
        return (await fleet.at(index).interact(payload)).body;
      }),
    );
    // A deferral's change arrives by REST, which nobody serves here; the vote counts all the same.
    expect(answers.map(({ type }) => type).filter((type) => type !== 7 && type !== 6)).toEqual([]);
    const { body } = await fleet.at(1).interact({ ...click(pizza), ...by(1_000) });
    const text = JSON.stringify(body);
    expect([text.includes(" 151 · 75 %"), text.includes(" 50 · 25 %")]).toEqual([true, true]);
  });

  it("counts a vote once that Discord delivers twice", async () => {
    const fleet = await createFleet(2);
    const [pizza = ""] = await askPoll(fleet);
    const payload = click(pizza);
    const bodies = await Promise.all([fleet.at(0).interact(payload), fleet.at(1).interact(payload)]);
    for (const { body } of bodies) expect(JSON.stringify(body)).toContain(" 1 · 100 %");
  });

  it("answers votes for a poll that never was kindly", async () => {
    const fleet = await createFleet(1);
    for (const id of ["nobody-nobody-nobody-n", "x", "%2F..%2F"]) {
      const { status, body } = await fleet.at(0).interact(click(`poll/vote/0/${id}`));
      expect([status, JSON.stringify(body)]).toEqual([200, expect.stringContaining("This poll is over")]);
    }
  });
});

describe("a wizard", () => {
  const begin = async (fleet: Awaited<ReturnType<typeof createFleet>>) =>
    idsIn((await fleet.at(0).interact(slashWith("setup", [{ name: "anew", type: 5, value: true }]))).body);
  const chosen = { component_type: 3, values: ["de"] };

  it("carries session, step and revision, and costs two commands in two round trips a step", async () => {
    const fleet = await createFleet(2);
    const [menu = "", next = "", cancel = ""] = await begin(fleet);
    expect([menu, next, cancel]).toEqual([
      expect.stringMatching(/^setup\/pick-string-select\/0\/1\/[\w-]{22}$/),
      expect.stringMatching(/^setup\/go\/next\/0\/1\/[\w-]{22}$/),
      expect.stringMatching(/^setup\/end\/cancel\/0\/1\/[\w-]{22}$/),
    ]);
    let second = "";
    const cost = await fleet.database.cost(async () => {
      second = JSON.stringify((await fleet.at(1).interact(click(menu, chosen))).body);
    });
    expect(second).toContain("Step 2 of 4");
    expect(cost).toEqual({ requests: 2, MGET: 1, SET: 1 });
  });

  it("is not changed by a click of another person", async () => {
    const fleet = await createFleet(2);
    const ids = await begin(fleet);
    for (const id of ids) {
      const data = id.includes("pick") ? chosen : {};
      const { body } = await fleet.at(1).interact({ ...click(id, data), ...by(1) });
      expect(JSON.stringify(body)).toContain("Another person is filling this in");
    }
    const { body } = await fleet.at(1).interact(click(ids[1] ?? ""));
    expect(JSON.stringify(body)).toContain("Step 2 of 4");
  });

  it("takes one of two clicks at the same time, and a click that is delivered twice once", async () => {
    const fleet = await createFleet(2);
    const [, next = ""] = await begin(fleet);
    const both = await Promise.all([fleet.at(0).interact(click(next)), fleet.at(1).interact(click(next))]);
    const texts = both.map(({ body }) => JSON.stringify(body));
    expect(texts.filter((text) => text.includes("Step 2 of 4"))).toHaveLength(1);
    expect(texts.filter((text) => text.includes("You went on from here already"))).toHaveLength(1);

    const again = click(idsIn(both.map(({ body }) => body)).find((id) => id.startsWith("setup/go/next")) ?? "");
    const twice = await Promise.all([fleet.at(0).interact(again), fleet.at(1).interact(again)]);
    for (const { body } of twice) expect(JSON.stringify(body)).toContain("Step 3 of 4");
  });

  it("answers a click kindly when it has waited too long, or was ended", async () => {
    const fleet = await createFleet(1);
    const [menu = "", next = ""] = await begin(fleet);
    await fleet.database.raw("DEL", `sp:s:${next.split("/").at(-1)}`);
    for (const id of [menu, next, next.replace("go/next", "end/save"), next.replace("next", "form")]) {
      const { body } = await fleet.at(0).interact(click(id, id.includes("pick") ? chosen : {}));
      expect(JSON.stringify(body)).toContain("This is over");
    }
  });

  it("begins anew when its draft no longer fits", async () => {
    const fleet = await createFleet(1);
    const [, next = ""] = await begin(fleet);
    const key = `sp:s:${next.split("/").at(-1)}`;
    const text = String(await fleet.database.raw("GET", key));
    await fleet.database.raw("SET", key, text.replace('"en-GB"', '"tlh"'));
    const refused = JSON.stringify((await fleet.at(0).interact(click(next))).body);
    expect(refused).toContain("This changed since you began it. Nothing was saved");
    const anew = JSON.stringify((await fleet.at(0).interact(slashWith("setup", []))).body);
    expect(anew).toContain("Step 1 of 4");
    expect(await fleet.database.raw("EXISTS", key)).toBe(0);
  });

  it("keeps what was entered when saving fails, for another try", async () => {
    const fleet = await createFleet(1);
    const [menu = ""] = await begin(fleet);
    let ids = idsIn((await fleet.at(0).interact(click(menu, chosen))).body);
    const next = () => ids.find((id) => id.startsWith("setup/go/next")) ?? "";
    for (let step = 0; step < 3; step++) ids = idsIn((await fleet.at(0).interact(click(next()))).body);
    const save = ids.find((id) => id.startsWith("setup/end/save")) ?? "";
    // The third request is the one that saves.
    await fleet.database.break({ at: "before", do: "status", status: 503, skip: 2, times: 4 });
    const failed = JSON.stringify((await fleet.at(0).interact(click(save))).body);
    expect(failed).toContain("The bot's memory did");
    await fleet.database.mend();
    const resumed = await fleet.at(0).interact(slashWith("setup", []));
    expect(JSON.stringify(resumed.body)).toContain("**Language** Deutsch");
    const saved = await fleet.at(0).interact(click(idsIn(resumed.body).find((id) => id.includes("/save/")) ?? ""));
    expect(JSON.stringify(saved.body)).toContain("Saved.");
    expect(String(await fleet.database.raw("GET", "sp:g:1100000000000000100"))).toContain('"language":"de"');
  });
});
