import { expect, it } from "vitest";
import { cluster } from "../../../../src/bot/cluster/index.ts";
import { type Claim, createRouter, type Outgoing } from "../../../../src/discord/index.ts";
import type { Invocation } from "../../../../src/runtime/index.ts";
import { person, slash, slashWith } from "../../../support/payloads.ts";
import { createMapAnswerStore } from "../../discord/stores/map-stores.ts";

const now = 1_000_000;
const member = (id: string, more: object = {}) => ({
  id,
  joinedAt: now - 61_400,
  silentMs: 1_600,
  isLeader: false,
  isSelf: false,
  about: "",
  ...more,
});

/** The feature over a cluster like this one, and what is asked of it. */
function open({
  info = {},
  unreadable = 0,
  owner = person.id,
  led = true,
}: {
  info?: object;
  unreadable?: number;
  owner?: string;
  led?: boolean;
} = {}) {
  const asked: unknown[] = [];
  const kept = new Map<string, Claim>();
  const services = {
    clock: { now: () => now, sleep: () => Promise.resolve() },
    waitUntil: () => {},
    cache: { of: () => ({ get: async () => [owner] }) },
    jobs: { unreadable: async () => unreadable, schedule: async (job: object) => void asked.push(job) },
    coordination: {
      info: async () => ({ id: "me", leader: null, token: 0, leaseLeftMs: 0, members: [], ...info }),
      broadcast: async (...order: unknown[]) => void asked.push(order),
      async asLeader(work: () => Promise<unknown>) {
        if (led) await work();
        return led ? { led } : { led, retryAt: now + 5_000 };
      },
    },
  } as unknown as Invocation;
  const orders = { sweep: { description: "Sweep", run: () => {} } };
  const router = createRouter<Invocation>({
    handlers: cluster([{ name: "broom", orders }]).handlers ?? [],
    answers: () => createMapAnswerStore(kept),
    onError: (error) => {
      throw error;
    },
  });
  const answer = async (payload: object) => {
    const { data }: Outgoing = await router(payload as never, services);
    return data as { content: string; flags?: number };
  };
  return { asked, answer, lines: async () => (await answer(slash("cluster"))).content.split("\n") };
}

it("shows who leads and who is a member, and what each of them does", async () => {
  const members = [
    member("me", { isSelf: true, isLeader: true, about: "v*1*" }),
    member("other", { joinedAt: now + 2_000 }),
  ];
  const { lines, answer } = open({ info: { leader: "me", token: 12, leaseLeftMs: 9_500, members } });
  expect(await lines()).toEqual([
    "`me` leads under token 12, for 10 s more.",
    String.raw`${"`me`"} joined 61 s ago, last worked 2 s ago · leads · answers you · v\*1\*`,
    "`other` joined 0 s ago, last worked 2 s ago",
  ]);
  expect((await answer(slash("cluster"))).flags).toBe(64);
});

it("shows that no instance leads or works, that this one does not, and what could not be read", async () => {
  expect(await open().lines()).toEqual([
    "No instance leads: there is nothing at the moment that only a leader may do.",
    "No instance has run a job, delivered a feed or led in the last ten minutes.",
    "`me` answers you. It has run no job lately.",
  ]);
  const one = await open({ unreadable: 1, info: { members: [member("other", { isLeader: true })] } }).lines();
  expect(one.slice(1)).toEqual([
    "`other` joined 61 s ago, last worked 2 s ago · leads",
    "`me` answers you. It has run no job lately.",
    "1 of the stored jobs could not be read and were set aside. The log names them.",
  ]);
});

it.each([
  [1_700, false],
  [1_701, true],
])("shows members in %i characters, and whether that is too much: %j", async (length, isCut) => {
  const bare = "`` joined 61 s ago, last worked 2 s ago · answers you".length;
  const members = [member("x".repeat(length - bare), { isSelf: true })];
  const { length: shown } = (await open({ info: { members } }).lines())[1] ?? "";
  expect(shown === length).toBe(!isCut);
});

const order = (more: object[] = []) => slashWith("broadcast", [{ type: 3, name: "order", value: "sweep" }, ...more]);
const note = { type: 3, name: "note", value: "now" };

it("gives the owner's order once, however often it is delivered", async () => {
  const { asked, answer } = open();
  const payload = order([note]);
  for (let time = 0; time < 2; time++)
    expect(await answer(payload)).toMatchObject({
      content: "Done. Every instance carries it out when it next reads the bus.",
      flags: 64,
    });
  expect(asked).toEqual([["sweep", "now"]]);
  await answer(order());
  expect(asked[1]).toEqual(["sweep", null]);
});

it("gives an order later where another instance leads, and none of a person who is not the owner", async () => {
  const { asked, answer } = open({ led: false });
  const payload = order([note]);
  expect((await answer(payload)).content).toContain("Another instance leads at the moment.");
  const job = {
    id: `broadcast:${payload.id}`,
    kind: "broadcast",
    owner: person.id,
    data: { order: "sweep", note: "now" },
  };
  expect(asked).toEqual([{ ...job, dueAt: now + 5_000 }]);
  const stranger = open({ owner: "1" });
  expect(await stranger.answer(order())).toMatchObject({ content: "Only the bot's owner can do this.", flags: 64 });
  expect(stranger.asked).toEqual([]);
});
