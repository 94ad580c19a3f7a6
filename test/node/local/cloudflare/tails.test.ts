import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { createTails } from "../../../../local/cloudflare/tails.ts";

/** Serves tails, and opens sockets to them. */
async function startTails() {
  const tails = createTails();
  const server = createServer();
  server.on("upgrade", (request, socket) => tails.connect(request, socket));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    tails.close();
    server.close();
  });

  async function open(id: string) {
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    const state = { data: Buffer.alloc(0), isClosed: false };
    socket.on("data", (chunk: Buffer) => (state.data = Buffer.concat([state.data, chunk])));
    socket.on("close", () => (state.isClosed = true)).on("error", () => {});
    // The key and the accepted one are those of RFC 6455, section 1.3.
    socket.write(
      `GET /tails/${id} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    await expect.poll(() => state.data.includes("\r\n\r\n")).toBe(true);
    const end = state.data.indexOf("\r\n\r\n") + 4;
    const head = state.data.subarray(0, end).toString();
    state.data = state.data.subarray(end);
    return { socket, state, head };
  }

  return { tails, open, url: `ws://127.0.0.1:${port}` };
}

/** A frame as a client sends it: masked. */
function masked(opcode: number, text: string): Buffer {
  const mask = Buffer.from([1, 2, 3, 4]);
  const payload = Buffer.from(text).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, payload]);
}

async function received({ state }: { state: { data: Buffer } }, count: number): Promise<Buffer> {
  await expect.poll(() => state.data.length).toBeGreaterThanOrEqual(count);
  return state.data;
}

it("shakes hands as the standard says", async () => {
  const { tails, open } = await startTails();
  const { head } = await open(tails.create());
  expect(head).toMatch(/^HTTP\/1\.1 101 /);
  expect(head).toContain("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
  expect(head).toContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
  expect(head).toContain("Sec-WebSocket-Protocol: trace-v1\r\n");
});

it("refuses a tail that was never created, or is removed", async () => {
  const { tails, open } = await startTails();
  const id = tails.create();
  tails.remove(id);
  for (const one of ["unknown", id]) {
    const refused = await open(one);
    expect(refused.head).toMatch(/^HTTP\/1\.1 404 /);
    await expect.poll(() => refused.state.isClosed).toBe(true);
  }
});

it("tells every listener of an event, short or long", async () => {
  const { tails, url } = await startTails();
  const heard: string[][] = [];
  for (const id of [tails.create(), tails.create()]) {
    const own: string[] = [];
    heard.push(own);
    const client = new WebSocket(`${url}/tails/${id}`, "trace-v1");
    onTestFinished(() => client.close());
    client.addEventListener("message", ({ data }) => own.push(String(data)));
    await new Promise((resolve) => client.addEventListener("open", resolve));
  }
  const events = [1, 117, 118, 119, 300, 40_000].map((length) => ({ t: "x".repeat(length) }));
  for (const event of events) tails.tell(event);
  await expect.poll(() => heard.map(({ length }) => length)).toEqual([6, 6]);
  for (const own of heard) expect(own.map((text) => JSON.parse(text) as object)).toEqual(events);
});

it("writes the length of a message in one byte up to 125, and in two from there", async () => {
  const { tails, open } = await startTails();
  const listener = await open(tails.create());
  // `"…"` is two longer than the text.
  tails.tell("a".repeat(123) as unknown as object);
  const short = await received(listener, 127);
  expect([...short.subarray(0, 3)]).toEqual([0x81, 125, 0x22]);
  listener.state.data = Buffer.alloc(0);
  tails.tell("a".repeat(124) as unknown as object);
  expect([...(await received(listener, 130)).subarray(0, 5)]).toEqual([0x81, 126, 0, 126, 0x22]);
});

it("answers pings with what they hold, also two at once, and the end with the end", async () => {
  const { tails, open } = await startTails();
  const listener = await open(tails.create());
  listener.socket.write(Buffer.concat([masked(1, "hello"), masked(9, ""), masked(9, "beat!")]));
  expect([...(await received(listener, 9))]).toEqual([0x8a, 0, 0x8a, 5, ...Buffer.from("beat!")]);
  listener.state.data = Buffer.alloc(0);
  listener.socket.write(masked(8, "ok"));
  expect([...(await received(listener, 4))]).toEqual([0x88, 2, ...Buffer.from("ok")]);
  await expect.poll(() => listener.state.isClosed).toBe(true);
});

it("outlives a listener that breaks off, and ends all of them when it closes", async () => {
  const { tails, open } = await startTails();
  const [gone, stays] = [await open(tails.create()), await open(tails.create())];
  gone.socket.resetAndDestroy();
  await sleep(50);
  tails.tell({ n: 1 });
  expect((await received(stays, 9)).subarray(2).toString()).toBe('{"n":1}');
  tails.close();
  await expect.poll(() => stays.state.isClosed).toBe(true);
});
