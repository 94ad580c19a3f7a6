import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

// `npm run dev` and `npm run send`, as a newcomer uses them.

const root = join(import.meta.dirname, "../..");
const started: ChildProcess[] = [];

afterEach(() => {
  // Not SIGKILL: after a failure, a remaining process must still stop the processes that it started.
  for (const child of started.splice(0)) kill(child, "SIGTERM");
});

/** Starts an npm script in a new process group, as a terminal does. */
function npmRun(script: string, ...args: string[]) {
  const child = spawn("npm", ["run", "--silent", script, "--", ...args], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    child,
    ended,
    output: () => output,
    /** Resolves when the output matches. Rejects when the script ends first. */
    until: (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = () => pattern.test(output) && resolve();
        listeners.add(look);
        void ended.then((code) => reject(new Error(`ended with ${code}:\n${output}`)));
        look();
      }),
  };
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has ended.
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

const flagsOf = (ports: Record<string, number>): string[] =>
  Object.entries(ports).flatMap(([name, port]) => [`--${name}-port`, String(port)]);

async function startWorld() {
  const ports = { worker: await freePort(), redis: await freePort(), discord: await freePort() };
  const dev = npmRun("dev", ...flagsOf(ports));
  await dev.until(/Ready in/);
  return {
    dev,
    ports,
    send: (...args: string[]) => npmRun("send", ...args, "--simulator", `http://127.0.0.1:${ports.discord}`),
  };
}

async function expectNothingLeft(ports: Record<string, number>): Promise<void> {
  for (const port of Object.values(ports)) await expect.poll(() => isFree(port), { timeout: 10_000 }).toBe(true);
}

describe("npm run dev", () => {
  it("answers `npm run send -- /ping`, and Ctrl-C leaves no process and no port behind", async () => {
    const { dev, ports, send } = await startWorld();
    expect(dev.output()).toMatch(/Worker +http:.*\n +Redis +http:.*\n +Discord +http:/);

    const ping = send("/ping");
    expect(await ping.ended).toBe(0);
    expect(ping.output()).toMatch(
      /sandpiper {2}APP \n {2}Pong!\n {2}Isolate \w{8} woke up .*\n {2}Redis at 127\.0\.0\.1:\d+ answered in \d+ ms\./,
    );

    const json = send("/ping", "--json");
    expect(await json.ended).toBe(0);
    expect(JSON.parse(json.output())).toMatchObject({ type: 4, data: { content: expect.stringContaining("Pong!") } });

    // The Worker calls the REST API of the simulator, not Discord's.
    const server = send("/server");
    expect(await server.ended).toBe(0);
    expect(server.output()).toContain("from Discord, just now");

    const unknown = send("/nope");
    expect(await unknown.ended).toBe(2);
    expect(unknown.output()).toContain("There is no command /nope. Registered: /ping");

    kill(dev.child, "SIGINT");
    await dev.ended;
    await expectNothingLeft(ports);
  });

  it("names its taken ports with a remedy, and leaves their owner running", async () => {
    const { dev, ports, send } = await startWorld();
    const second = npmRun("dev", ...flagsOf(ports));
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(
      `Port ${ports.worker} (Worker) is taken. Stop the program that uses it, or choose another port: npm run dev -- --worker-port`,
    );
    expect(second.output()).toContain(`Port ${ports.redis} (Redis) is taken.`);
    expect(await send("/ping").ended).toBe(0);
    kill(dev.child, "SIGTERM");
    await dev.ended;
    await expectNothingLeft(ports);
  });

  it("stops the whole world when npm alone is killed", async () => {
    const { dev, ports } = await startWorld();
    dev.child.kill("SIGKILL");
    await expectNothingLeft(ports);
  });

  it("refuses a port that is not one in a sentence", async () => {
    const wrong = npmRun("dev", "--worker-port", "many");
    expect(await wrong.ended).toBe(2);
    expect(wrong.output()).toContain('--worker-port takes a port from 1 to 65535, not "many".');
  });
});

describe("npm run send", () => {
  it("says how to start the bot when no simulator answers", async () => {
    const send = npmRun("send", "/ping", "--simulator", `http://127.0.0.1:${await freePort()}`);
    expect(await send.ended).toBe(1);
    expect(send.output()).toContain("Start the bot first: npm run dev");
  });

  it("suggests a command when there is nothing to send", async () => {
    const send = npmRun("send");
    expect(await send.ended).toBe(2);
    expect(send.output()).toContain("npm run send -- '/ping'");
  });
});
