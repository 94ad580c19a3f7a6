import { createServer } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createCommandReader } from "../../../../local/dev/commands.ts";
import { watchSources } from "../../../../local/dev/source-watch.ts";
import { startWorker, type WorkerOptions } from "../../../../local/dev/worker.ts";
import { createWorkerHost, type WorkerHostOptions } from "../../../../local/dev/worker-host.ts";

vi.mock("../../../../local/dev/commands.ts", () => ({ createCommandReader: vi.fn() }));
vi.mock("../../../../local/dev/source-watch.ts", () => ({ watchSources: vi.fn() }));
vi.mock("../../../../local/dev/worker-host.ts", () => ({ createWorkerHost: vi.fn() }));

const told: string[] = [];
let host: WorkerHostOptions | undefined;
let save: (path: string) => void = () => {};
const mistake = { title: "The Worker cannot start", text: "Early.", file: "src/bot/ping.ts:8:3" };
const built = { mistake: false };

beforeEach(() => {
  told.length = 0;
  built.mistake = false;
  vi.mocked(createWorkerHost).mockImplementation((options) => {
    host = options;
    const worker = { url: "http://127.0.0.1:1", dispose: () => {} };
    return {
      build: async () => (built.mistake ? { mistake } : { worker }),
      stop: async () => void told.push("workers stopped"),
    };
  });
  vi.mocked(createCommandReader).mockReturnValue({
    read: async () => ({ commands: [] }),
    stop: () => void told.push("reader stopped"),
  });
  vi.mocked(watchSources).mockImplementation((_where, onSaved) => {
    save = onSaved;
    return () => void told.push("watch ended");
  });
});

afterEach(() => vi.restoreAllMocks());

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function start(more: Partial<WorkerOptions> = {}) {
  const port = await freePort();
  const live: (readonly string[])[] = [];
  const worker = startWorker({
    root: "/root",
    host: "127.0.0.1",
    port,
    secrets: { SECRET: "s" },
    vars: { PLAIN: "p" },
    onLine: (line) => told.push(line),
    onCommands: () => undefined,
    onLive: ({ saved }) => void live.push(saved),
    onMistake: () => {},
    ...more,
  });
  return { worker, live, url: `http://127.0.0.1:${port}` };
}

const sentence = async (url: string) => {
  const response = await fetch(url);
  return [response.status, ((await response.json()) as { error: string }).error];
};

it("serves the Worker, and its successor after a save", async () => {
  const { worker, live, url } = await start();
  expect(worker.url).toBe(url);
  // It is announced before it can be asked.
  await worker.ready;
  expect(live).toEqual([[]]);
  expect(await sentence(url)).toEqual([502, expect.stringContaining("127.0.0.1:1")]);
  save("src/bot/ping.ts");
  await worker.settled();
  expect(live).toEqual([[], ["src/bot/ping.ts"]]);
  expect(worker.mistake()).toBeUndefined();
  expect(vi.mocked(watchSources).mock.calls[0]?.[0]).toEqual({
    root: "/root",
    folder: "src",
    files: ["wrangler.toml"],
  });
  expect(createCommandReader).toHaveBeenCalledWith("/root");
  host?.onLine("a line of the Worker");
  await worker.stop();
  expect(told).toEqual(["a line of the Worker", "watch ended", "reader stopped", "workers stopped"]);
  await expect(fetch(url)).rejects.toThrow();
});

it("gives the process of wrangler data alone, and only what is known", async () => {
  const { worker } = await start();
  const plain = { root: "/root", secrets: { SECRET: "s" }, vars: { PLAIN: "p" } };
  const functions = { onLine: expect.any(Function), onEnded: expect.any(Function) };
  expect(host).toEqual({ ...plain, ...functions });
  await worker.stop();
  const { worker: other } = await start({ entry: "src/other.ts", flags: ["nodejs_als"] });
  expect(host).toEqual({ ...plain, entry: "src/other.ts", flags: ["nodejs_als"], ...functions });
  await other.stop();
});

it("says why there is no Worker", async () => {
  built.mistake = true;
  const { worker, live, url } = await start();
  await worker.ready;
  expect([worker.mistake(), live]).toEqual([mistake, []]);
  expect(await sentence(url)).toEqual([503, "src/bot/ping.ts:8:3: Early."]);
  built.mistake = false;
  save("src/bot/ping.ts");
  await worker.settled();
  expect(live).toHaveLength(1);
  // Wrangler ends at once after that.
  host?.onEnded();
  expect(await sentence(url)).toEqual([503, expect.stringContaining("Wrangler ended. Save a file")]);
  await worker.stop();
});

it("rejects where the port is taken, and still ends what it started", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  const { worker } = await start({ port });
  await expect(worker.ready).rejects.toThrow("EADDRINUSE");
  await worker.stop();
  expect(told).toEqual(["watch ended", "reader stopped", "workers stopped"]);
  server.close();
});
