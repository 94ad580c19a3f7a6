import { type ChildProcess, spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

const root = join(import.meta.dirname, "../../..");
const startMs = 60_000;

/** Runs the whole world of `npm run dev` for the tests of a file, on free ports. `url` is known inside tests. */
export function startDevWorld(isWanted: boolean): { url(): string } {
  let child: ChildProcess | undefined;
  let url = "";
  beforeAll(async () => {
    if (!isWanted) return;
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const flags = ["worker", "redis", "discord"].flatMap((name, index) => [`--${name}-port`, String(ports[index])]);
    child = spawn(process.execPath, ["local/dev.ts", ...flags], { cwd: root, detached: true });
    await untilReady(child);
    url = `http://127.0.0.1:${ports[2]}`;
  }, startMs);
  afterAll(async () => {
    if (child?.pid === undefined) return;
    const ended = new Promise((resolve) => child?.once("close", resolve));
    process.kill(-child.pid, "SIGTERM");
    await ended;
  });
  return { url: () => url };
}

// --- Internal helpers ---

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("Ready in")) resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("close", (code) => reject(new Error(`npm run dev ended with ${code}:\n${output}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
