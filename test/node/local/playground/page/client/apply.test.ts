import { expect, it } from "vitest";
import { applyEvent, applyMessages, startLoading } from "../../../../../../local/playground/page/client/apply.ts";
import { emptyConversation, type PageState } from "../../../../../../local/playground/page/client/state.ts";
import type { StreamEvent } from "../../../../../../local/playground/protocol.ts";

const view = (id: string, content = "x") => ({ message: { id, content } }) as never;
const pendingView = (id: string, channelId = "c") => ({ id, channelId }) as never;
const page = (messages: never[], more: object = {}) => ({ messages, pending: [], hasMore: false, ...more }) as never;
const empty = {
  place: {},
  isConnected: false,
  unread: {},
  conversations: {},
  exchanges: [],
  controls: { faults: [] },
  mistake: null,
  panels: {},
} as unknown as PageState;
const loaded = applyMessages(empty, "c", page([view("1"), view("9")]), false);

const apply = (state: PageState, ...events: object[]) =>
  events.reduce<PageState>((before, event) => applyEvent(before, event as StreamEvent), state);
const ids = (state: PageState) => state.conversations["c"]?.messages.map(({ message }) => message.id);
const message = (id: string, content?: string) => ({
  type: "message",
  channelId: "c",
  view: view(id, content),
  isNew: true,
});

it("adds a new message at the end, replaces a known one in its place, and drops one that is gone", () => {
  expect(ids(apply(loaded, message("10")))).toEqual(["1", "9", "10"]);
  const changed = apply(loaded, message("1", "changed"));
  expect([ids(changed), changed.conversations["c"]?.messages[0]?.message.content]).toEqual([["1", "9"], "changed"]);
  expect(ids(apply(loaded, { type: "message-gone", channelId: "c", messageId: "1" }))).toEqual(["9"]);
});

it("leaves a channel alone that is not loaded", () => {
  const other = { ...message("5"), channelId: "d" };
  expect(
    apply(
      loaded,
      other,
      { type: "message-gone", channelId: "d", messageId: "1" },
      { type: "pending", pending: pendingView("p", "d") },
    ),
  ).toEqual(loaded);
});

it("keeps what arrives while the newest messages are on their way", () => {
  const loading = startLoading(empty, "c");
  expect(loading.conversations["c"]).toEqual({ ...emptyConversation, isLoading: true });
  const after = applyMessages(
    apply(loading, message("11"), message("2")),
    "c",
    page([view("1"), view("10")], { hasMore: true, pending: [pendingView("p")] }),
    false,
  );
  expect(ids(after)).toEqual(["1", "10", "11"]);
  expect(after.conversations["c"]).toMatchObject({ isLoading: false, hasMore: true, pending: [{ id: "p" }], older: 0 });
  expect(startLoading(loaded, "c").conversations["c"]).toMatchObject({ isLoading: true, messages: [{}, {}] });
});

it("puts older messages before the rest, each once, and counts them", () => {
  const older = applyMessages(loaded, "c", page([view("0"), view("1")], { hasMore: true }), true);
  expect([ids(older), older.conversations["c"]?.older, older.conversations["c"]?.hasMore]).toEqual([
    ["0", "1", "9"],
    1,
    true,
  ]);
  const again = applyMessages(older, "c", page([view("00")]), true);
  expect([again.conversations["c"]?.older, again.conversations["c"]?.hasMore]).toEqual([2, false]);
});

it("shows what is pending until it is gone", () => {
  const pending = apply(
    loaded,
    { type: "pending", pending: pendingView("p") },
    { type: "pending", pending: pendingView("q") },
  );
  expect(pending.conversations["c"]?.pending).toMatchObject([{ id: "p" }, { id: "q" }]);
  expect(apply(pending, { type: "pending-gone", id: "p" }).conversations["c"]?.pending).toMatchObject([{ id: "q" }]);
  const gone = apply(pending, { type: "pending-gone", id: "z" });
  expect(gone.conversations["c"]).toBe(pending.conversations["c"]);
});

it("keeps the last 200 exchanges, each once", () => {
  const exchange = (id: number, title = "t") => ({ type: "exchange", exchange: { id: String(id), title } });
  const all = apply(empty, ...Array.from({ length: 201 }, (_, at) => exchange(at)));
  expect([all.exchanges.length, all.exchanges[0]?.id]).toEqual([200, "1"]);
  const changed = apply(all, exchange(5, "new"));
  expect([changed.exchanges.length, changed.exchanges[4]]).toEqual([200, { id: "5", title: "new" }]);
});

it("closes the form that was taken, and says why one was not", () => {
  const form = { exchange: "e", token: "t", form: {} } as never;
  const open = { ...empty, form };
  const ended = (more: object) => apply(open, { type: "form-ended", exchange: "e", ...more });
  expect(ended({ token: "t" })).not.toHaveProperty("form");
  expect(ended({ token: "other" }).form).toBe(form);
  expect(ended({ token: "t", text: "No", reasons: ["r"] }).form?.failure).toEqual({ text: "No", reasons: ["r"] });
  expect(ended({ token: "t", text: "No" }).form?.failure).toEqual({ text: "No", reasons: [] });
  expect(apply(empty, { type: "form-ended", token: "t" })).toEqual(empty);
});

it("takes the world, unread messages, controls and mistakes as they come, and forgets all at a start", () => {
  const unread = apply(loaded, { type: "unread", channelId: "c", unread: 2, isMentioned: true });
  expect(unread.unread).toEqual({ c: { unread: 2, isMentioned: true } });
  const world = apply(unread, { type: "world", world: { me: 1 } });
  expect([world.world, world.unread]).toEqual([{ me: 1 }, {}]);
  expect(apply(empty, { type: "controls", controls: { faults: [1] } }).controls).toEqual({ faults: [1] });
  expect(apply(empty, { type: "mistake", mistake: { text: "m" } }).mistake).toEqual({ text: "m" });
  expect(apply({ ...loaded, exchanges: [{} as never] }, { type: "start" })).toMatchObject({
    conversations: {},
    exchanges: [],
  });
  expect(apply(loaded, { type: "nothing" })).toBe(loaded);
});
