import { expect, it } from "vitest";
import type { Connection } from "../../../../../local/redis/backend.ts";
import { createSockets } from "../../../../../local/redis/engine/sockets.ts";

const [readable, writable] = [1, 2];

/** The sockets of an engine that is the test. */
function open() {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const told = { wakes: 0, polls: 0 };
  const sockets = createSockets({
    memory: () => memory,
    wake: () => void (told.wakes += 1),
    onPoll: () => void (told.polls += 1),
  });
  const { imports } = sockets;
  const listener = imports.socket();
  imports.listen(listener);

  /** Returns the descriptors that are ready, each with what for. */
  function poll(interests: readonly (readonly [descriptor: number, interest: number])[], max = 8): number[][] {
    const view = new DataView(memory.buffer);
    for (const [index, pair] of interests.entries()) {
      for (const [field, value] of pair.entries()) view.setInt32(64 + index * 8 + field * 4, value, true);
    }
    const count = imports.poll(64, interests.length, 512, max);
    return Array.from({ length: count }, (_, index) =>
      [0, 4].map((field) => view.getInt32(512 + index * 8 + field, true)),
    );
  }

  function read(descriptor: number, length = 64): string | number {
    const count = imports.read(descriptor, 1_024, length);
    return count > 0 ? Buffer.from(memory.buffer, 1_024, count).toString() : count;
  }

  function write(descriptor: number, text: string): number {
    new Uint8Array(memory.buffer).set(Buffer.from(text), 2_048);
    return imports.write(descriptor, 2_048, text.length);
  }

  /** A client that the engine has accepted, and what it was told. */
  function accept() {
    const connection = sockets.connect();
    const chunks: Uint8Array[] = [];
    const ends: (Error | undefined)[] = [];
    connection.onData((chunk) => chunks.push(chunk));
    connection.onClose((reason) => ends.push(reason));
    return {
      connection,
      descriptor: imports.accept(),
      ends,
      heard: () => chunks.map((one) => Buffer.from(one).toString()),
    };
  }

  return { ...sockets, told, listener, poll, read, write, accept };
}

const say = (connection: Connection, text: string) => connection.write(Buffer.from(text));

it("announces connections to the first socket that listens, and hands them out in their order", () => {
  const { imports, connect, listener, poll, told } = open();
  const other = imports.socket();
  expect([listener, other, imports.listen(other)]).toEqual([4_096, 4_097, 0]);
  expect(poll([[listener, readable]])).toEqual([]);
  connect();
  connect();
  expect(told).toEqual({ wakes: 2, polls: 1 });
  expect(poll([[listener, readable]])).toEqual([[listener, readable]]);
  expect(poll([[listener, writable]])).toEqual([]);
  expect(poll([[other, readable]])).toEqual([]);
  expect([imports.accept(), imports.accept(), imports.accept()]).toEqual([4_098, 4_099, -1]);
  expect(poll([[listener, readable]])).toEqual([]);
});

it("gives the engine what a client wrote in pieces of any length", () => {
  const { accept, read, told } = open();
  const { connection, descriptor } = accept();
  expect(read(descriptor)).toBe(-1);
  say(connection, "abc");
  say(connection, "");
  say(connection, "defg");
  say(connection, "h");
  // Nothing was written in between, and nothing wakes the engine for it.
  expect(told.wakes).toBe(4);
  expect([read(descriptor, 2), read(descriptor, 3), read(descriptor), read(descriptor)]).toEqual([
    "ab",
    "cde",
    "fgh",
    -1,
  ]);
  say(connection, "xyz");
  expect([read(descriptor, 3), read(descriptor)]).toEqual(["xyz", -1]);
  expect(read(5_000)).toBe(-1);
});

it("gives a client a copy of what the engine wrote", () => {
  const { accept, write } = open();
  const { descriptor, heard } = accept();
  expect([write(descriptor, "first"), write(descriptor, "then")]).toEqual([5, 4]);
  expect(heard()).toEqual(["first", "then"]);
  expect(write(5_000, "x")).toBe(-1);
});

it("says which sockets are ready for what the engine asks, as many as it takes", () => {
  const { accept, poll, told } = open();
  const [one, two] = [accept(), accept()];
  const both = [one.descriptor, two.descriptor] as const;
  expect(poll(both.map((id) => [id, readable]))).toEqual([]);
  expect(poll(both.map((id) => [id, readable | writable]))).toEqual(both.map((id) => [id, writable]));
  say(two.connection, "x");
  expect(poll(both.map((id) => [id, readable]))).toEqual([[two.descriptor, readable]]);
  expect(poll([[two.descriptor, readable | writable]])).toEqual([[two.descriptor, readable | writable]]);
  expect(
    poll([
      [one.descriptor, readable],
      [two.descriptor, writable],
    ]),
  ).toEqual([[two.descriptor, writable]]);
  expect(
    poll(
      both.map((id) => [id, writable]),
      1,
    ),
  ).toEqual([[one.descriptor, writable]]);
  expect(poll([[5_000, readable | writable]])).toEqual([]);
  expect(told.polls).toBe(7);
});

it("lets the engine read what a client wrote before it left, then the end, and uses its descriptor again", () => {
  const { accept, poll, read, write, imports, told } = open();
  const { connection, descriptor, ends } = accept();
  say(connection, "bye");
  connection.close();
  say(connection, "too late");
  expect(told.wakes).toBe(3);
  expect(poll([[descriptor, readable]])).toEqual([[descriptor, readable]]);
  expect([read(descriptor), read(descriptor)]).toEqual(["bye", 0]);
  expect(poll([[descriptor, readable]])).toEqual([[descriptor, readable]]);
  expect(write(descriptor, "x")).toBe(-1);
  imports.close(descriptor);
  expect(ends).toEqual([undefined]);
  expect(read(descriptor)).toBe(-1);
  expect(accept().descriptor).toBe(descriptor);
  expect(accept().descriptor).toBe(descriptor + 1);
});

it("tells a client once that the engine closed its connection, also one that asks later", async () => {
  const { accept, imports, closeAll, read } = open();
  const [one, two] = [accept(), accept()];
  imports.close(one.descriptor);
  expect(one.ends).toEqual([undefined]);
  const reason = new Error("over");
  closeAll(reason);
  expect([one.ends, two.ends]).toEqual([[undefined], [reason]]);
  expect(read(two.descriptor)).toBe(-1);
  const late: unknown[] = [];
  two.connection.onClose((why) => late.push(why));
  expect(late).toEqual([]);
  await Promise.resolve();
  expect([late, two.ends]).toEqual([[reason], [reason]]);
});

it.each(["EVAL", "eval", "EVALSHA_RO", "FCALL", "fcall"])(
  "knows of a script from %s until the engine has read it",
  (word) => {
    const { accept, hasScript, lastRead, copy, read } = open();
    const [one, two] = [accept(), accept()];
    say(one.connection, "GET k");
    expect([hasScript(), lastRead()]).toEqual([false, undefined]);
    say(two.connection, `*1 ${word} return 1`);
    say(two.connection, "PING");
    read(one.descriptor);
    expect(hasScript()).toBe(true);
    expect(lastRead()).toBe(copy().sockets.get(one.descriptor)?.socket);
    read(two.descriptor, 3);
    expect(hasScript()).toBe(true);
    read(two.descriptor);
    expect(hasScript()).toBe(false);
    expect(lastRead()).toBe(copy().sockets.get(two.descriptor)?.socket);
  },
);

it("returns to an earlier moment: what was read is unread again, and what connected since waits to be accepted", () => {
  const { accept, connect, copy, restore, read, imports } = open();
  const [one, gone, closed] = [accept(), accept(), accept()];
  say(one.connection, "abc");
  say(one.connection, "def");
  read(one.descriptor, 1);
  const waiting = connect();
  say(waiting, "waited");
  const before = copy();

  expect([read(one.descriptor), imports.accept()]).toEqual(["bcdef", closed.descriptor + 1]);
  say(one.connection, "lost");
  gone.connection.close();
  imports.close(closed.descriptor);
  // Accepted since, in the place of another; left since; and not yet accepted.
  const accepted = accept();
  expect(accepted.descriptor).toBe(closed.descriptor);
  say(accepted.connection, "accepted");
  const left = accept();
  left.connection.close();
  say(connect(), "connected");

  restore(before);
  expect([one, gone, closed].map(({ descriptor }) => read(descriptor))).toEqual(["bcdef", 0, 0]);
  const backlog = [imports.accept(), imports.accept(), imports.accept()];
  expect(backlog.map((id) => read(id))).toEqual(["waited", "accepted", "connected"]);
  expect(imports.accept()).toBe(-1);
  // Descriptors are used again, and each by one.
  const next = Array.from({ length: 2 }, () => imports.socket());
  expect(new Set([...next, ...backlog, one.descriptor, gone.descriptor, closed.descriptor]).size).toBe(8);
  expect(Math.min(...next)).toBe(Math.max(...backlog, left.descriptor) + 1);
});

it("drops one connection with a reason, and what it had not read", () => {
  const { accept, copy, drop, read } = open();
  const [one, other] = [accept(), accept()];
  for (const { connection } of [one, other]) say(connection, "abcd");
  read(one.descriptor, 2);
  const socket = copy().sockets.get(one.descriptor)?.socket;
  const reason = new Error("stuck");
  if (socket) drop(socket, reason);
  expect(socket).toMatchObject({ inbox: [], offset: 0 });
  expect([one.ends, other.ends, read(one.descriptor), read(other.descriptor)]).toEqual([[reason], [], 0, "abcd"]);
});
