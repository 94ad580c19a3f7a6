import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GivenOption, StreamEvent, WorldView } from "../../local/playground/protocol.ts";
import { flagsOf, freePorts } from "./support.ts";

// The playground of `npm run dev`: the Worker in workerd, its log, Redis and the clock together.

const ports = await freePorts();
const ada = "1100000000000000011";
const general = "1100000000000000111";
const api = `http://127.0.0.1:${ports.discord}/playground/api`;
const events: StreamEvent[] = [];
const waiting = new Set<() => void>();
const abort = new AbortController();
let dev: ChildProcess;
let world: WorldView;

beforeAll(async () => {
  dev = spawn(process.execPath, ["local/dev.ts", ...flagsOf(ports)], { cwd: join(import.meta.dirname, "../..") });
  await new Promise<void>((resolve, reject) => {
    let output = "";
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("Ready in")) resolve();
    };
    dev.stdout?.on("data", take);
    dev.stderr?.on("data", take);
    dev.once("close", () => reject(new Error(output)));
  });
  const response = await fetch(`${api}/stream?person=${ada}`, { signal: abort.signal });
  void follow(response).catch(() => {});
  ({ world } = await until("world"));
});

afterAll(async () => {
  abort.abort();
  const ended = new Promise((resolve) => dev.once("close", resolve));
  dev.kill("SIGTERM");
  await ended;
});

type Of<T extends StreamEvent["type"]> = Extract<StreamEvent, { type: T }>;

async function follow(response: Response): Promise<void> {
  let text = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) events.push(JSON.parse(data));
    }
    for (const look of waiting) look();
  }
}

function until<T extends StreamEvent["type"]>(
  type: T,
  isMeant: (event: Of<T>) => boolean = () => true,
): Promise<Of<T>> {
  return new Promise((resolve) => {
    const look = () => {
      const found = events.find((event): event is Of<T> => event.type === type && isMeant(event as Of<T>));
      if (!found) return;
      waiting.delete(look);
      resolve(found);
    };
    waiting.add(look);
    look();
  });
}

async function post<T>(path: string, body: object): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(`${api}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return response.json() as Promise<T>;
}

function command(name: string, ...options: GivenOption[]): Promise<{ exchange: string }> {
  const commandId = Object.values(world.commands).find((one) => one.name === name)?.id;
  return post(`/act?person=${ada}&channel=${general}`, { do: "command", commandId, options });
}

describe("npm run dev", () => {
  it("delivers a reminder when time is moved to it, where the person finds it unread", async () => {
    const text = (name: string, value: string) => ({ name, type: 3, value });
    await command("remind", { name: "me", type: 1, options: [text("in", "2h"), text("about", "tea")] });
    await until("controls", ({ controls }) => controls.nextJobAt !== undefined);
    await post("/controls", { do: "to-next-job" });
    const direct = world.directs[0]?.id;
    const { view } = await until("message", ({ channelId }) => channelId === direct);
    expect(view.message.content).toContain("tea");
    expect(await until("unread", ({ channelId }) => channelId === direct)).toMatchObject({
      unread: 1,
      isMentioned: true,
    });
    const { exchange } = await until(
      "exchange",
      (event) => event.exchange.kind === "cron" && event.exchange.rest.length > 1,
    );
    expect(exchange.rest.map(({ method, status }) => `${method} ${status}`)).toEqual(["POST 200", "POST 200"]);
    // The Worker goes on to accept signatures of the time that it is now.
    const { exchange: later } = await command("ping");
    await until("exchange", (event) => event.exchange.id === later && event.exchange.status === 200);
  });

  it("tells the commands of interactions that overlap apart, and shows a log line with its interaction", async () => {
    const list = () => command("remind", { name: "list", type: 1, options: [] });
    const sent = await Promise.all(Array.from({ length: 10 }, list));
    for (const { exchange: id } of sent) {
      const { exchange } = await until(
        "exchange",
        (event) => event.exchange.id === id && event.exchange.status === 200 && event.exchange.redis.length > 0,
      );
      expect(exchange.isCertain).toBe(true);
      expect(exchange.redis.flatMap(({ commands }) => commands).length).toBeLessThanOrEqual(4);
    }
    await post("/controls", { do: "fault", name: "redis-down", isOn: true });
    const { exchange: failed } = await list();
    await until(
      "exchange",
      ({ exchange: { id, logs } }) =>
        id === failed && logs.some(({ level, text }) => level === "error" && text.includes("handler failed")),
    );
    await post("/controls", { do: "fault", name: "redis-down", isOn: false });
  });
});
