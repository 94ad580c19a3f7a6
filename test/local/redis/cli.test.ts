import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { startServer } from "./support/server.ts";

const cli = join(import.meta.dirname, "../../../local/redis/cli.ts");
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** Runs the command until it ends, or until `enough` of its output has come. */
async function run(args: string[], enough?: RegExp) {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  running.push(child);
  let output = "";
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const seen = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        if (enough?.test(output)) resolve();
      });
    }
  });
  await Promise.race([ended, seen]);
  return { child, ended, output: () => output };
}

it("serves, says how to try it, and stops cleanly on Ctrl-C", async () => {
  const { child, ended, output } = await run(["--port", "0"], /Stop with Ctrl-C/);
  const url = /UPSTASH_REDIS_REST_URL=(\S+)/.exec(output())?.[1];
  const token = /UPSTASH_REDIS_REST_TOKEN=(\S+)/.exec(output())?.[1];
  const response = await fetch(`${url}/ping`, { headers: { Authorization: `Bearer ${token}` } });
  expect(await response.json()).toEqual({ result: "PONG" });
  child.kill("SIGINT");
  expect(await ended).toBe(0);
  await expect(fetch(`${url}/ping`)).rejects.toThrow();
});

it.each([
  [["--port", "many"], '--port takes a number from 0 to 65535, not "many".'],
  [["--port", "70000"], "--port takes a number"],
  [["--token", ""], "--token takes some text"],
  [["--loud"], "Unknown option '--loud'"],
])("says what is wrong with %j and ends with 2", async (args, words) => {
  const { ended, output } = await run(args);
  expect(await ended).toBe(2);
  expect(output()).toContain(words);
  expect(output()).toContain("--help");
});

it("ends with 1 and says what to do when the port is taken or the Redis is not there", async () => {
  const { port } = await startServer();
  const taken = await run(["--port", String(port)]);
  expect(await taken.ended).toBe(1);
  expect(taken.output()).toContain(`Port ${port} on 127.0.0.1 is taken.`);
  const absent = await run(["--port", "0", "--redis-url", "redis://127.0.0.1:1"]);
  expect(await absent.ended).toBe(1);
  expect(absent.output()).toContain("Cannot reach Redis at redis://127.0.0.1:1: ECONNREFUSED. Is it running?");
});
