import { expect, it } from "vitest";
import { dropJobs, moveJob, reviveJobs } from "../../../../src/web/actions/jobs.ts";
import type { AdminServices } from "../../../../src/web/services.ts";

const now = Date.parse("2026-06-10T12:00:00Z");

/** Services with dead jobs `d0` and up of the owner "7". Acting on one of `stuck` returns nothing, on one of `broken` throws. */
function createServices(
  count: number,
  { stuck = [] as string[], broken = [] as string[], left = 1_000, perPage = 1 } = {},
) {
  let ids = Array.from({ length: count }, (_, index) => `d${index}`);
  let requests = left;
  const acted: string[] = [];
  const act = async (id: string, owner: string): Promise<boolean> => {
    acted.push(`${owner} ${id}`);
    if (broken.includes(id)) throw new Error("no answer");
    if (stuck.includes(id) || !ids.includes(id)) return false;
    ids = ids.filter((one) => one !== id);
    return true;
  };
  const dead = (id: string) => ({ job: { id, owner: "7" } });
  const pages: unknown[] = [];
  const snoozed: unknown[] = [];
  const jobs = {
    dead: async (owner: string) => (owner === "7" ? ids.map(dead) : []),
    async deadPage({ from = 0, count: most = 50 }: { from?: number; count?: number }) {
      if (most > 1 || pages.length > 0) requests -= perPage;
      pages.push([from, most]);
      return { total: ids.length, dead: ids.slice(from, from + most).map(dead) };
    },
    drop: act,
    revive: async (id: string, owner: string) => ((await act(id, owner)) ? { id } : undefined),
    get: async (id: string) => (id === "a" ? { id, owner: "7", kind: "remind" } : undefined),
    async snooze(...given: unknown[]) {
      snoozed.push(given);
      return { kind: "remind" };
    },
  };
  const parts = { jobs, clock: { now: () => now }, left: () => requests };
  return { services: parts as unknown as AdminServices, acted, pages, snoozed, ids: () => ids };
}

it("acts on one dead job of the owner that is named, and on none without an owner", async () => {
  const { services, acted, ids } = createServices(2);
  expect(await dropJobs(services, { id: "d0", owner: "7" })).toEqual({
    is: "done",
    count: 1,
    text: "A dead job was dropped.",
  });
  const gone = { is: "refused", status: 404, error: "This dead job is gone: it was tried again or dropped already." };
  expect(await dropJobs(services, { id: "d1", owner: "8" })).toEqual(gone);
  expect(await dropJobs(services, { id: "d0", owner: "7" })).toEqual(gone);
  expect(await dropJobs(services, { id: "d1" })).toMatchObject({
    status: 400,
    error: "Name the owner of the job as well.",
  });
  expect([acted, ids()]).toEqual([["7 d0"], ["d1"]]);
  expect(await reviveJobs(services, { id: "d1", owner: "7" })).toMatchObject({ text: "A dead job is tried again." });
});

it("asks before it acts on all, and acts on as many as were confirmed, in pages of fifty", async () => {
  const { services, acted, pages, ids } = createServices(120, { stuck: ["d1"], broken: ["d2", "d60"] });
  expect(await reviveJobs(services, {})).toEqual({
    is: "unconfirmed",
    count: 120,
    question: "Try 120 dead jobs again, now?",
  });
  expect(await reviveJobs(services, { confirm: "119" })).toMatchObject({ is: "unconfirmed" });
  expect([acted, pages.splice(0)]).toEqual([
    [],
    [
      [0, 1],
      [0, 1],
    ],
  ]);
  expect(await reviveJobs(services, { confirm: "120" })).toEqual({
    is: "done",
    count: 117,
    text: "117 dead jobs tried again; 3 are left.",
  });
  expect(ids()).toEqual(["d1", "d2", "d60"]);
  // Those that stay are passed over.
  expect(pages).toEqual([
    [0, 1],
    [0, 50],
    [2, 50],
    [3, 20],
  ]);
  expect([acted.length, new Set(acted).size]).toEqual([120, 120]);
});

it("stops while twelve requests are left, and where others were faster", async () => {
  const few = createServices(200, { left: 14 });
  expect(await dropJobs(few.services, { confirm: "200" })).toEqual({
    is: "done",
    count: 100,
    text: "100 dead jobs dropped; 100 are left.",
  });
  const { services } = createServices(0);
  expect(await dropJobs(services, {})).toMatchObject({ status: 404, error: "There are no dead jobs." });
});

it.each([
  ["2026-06-10T11:59:00Z", now - 60_000],
  ["2026-06-10T11:59:00", now - 60_000],
  ["2026-06-10T14:30+0200", now + 1_800_000],
  ["2026-06-10T12:30:00z", now + 1_800_000],
])("moves a job of its owner to %s, in UTC where the zone is left out", async (at, time) => {
  const { services, snoozed } = createServices(0);
  const result = await moveJob(services, { id: "a", at });
  const shown = new Date(time).toISOString().slice(0, 16).replace("T", " ");
  expect(result).toEqual({ is: "done", count: 1, text: `A remind job was moved to ${shown} UTC.` });
  expect(snoozed).toEqual([["a", "7", time]]);
});

it.each(["2026-06-10T11:58:59Z", "2026-06-10T13:59:00+02:01", "tomorrow", undefined])(
  "moves none to %s",
  async (at) => {
    const { services, snoozed } = createServices(0);
    expect(await moveJob(services, { id: "a", at })).toMatchObject({ is: "refused", status: 400 });
    expect(await moveJob(services, { id: "b", at: "2026-06-11T00:00" })).toMatchObject({ status: 404 });
    expect(snoozed).toEqual([]);
  },
);
