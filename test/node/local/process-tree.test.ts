import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { asTree, type System, signalTree } from "../../../local/process-tree.ts";

/** A system of which nothing but the questions is real. */
function createSystem(platform: NodeJS.Platform, kill: System["kill"] = () => {}) {
  const asked: unknown[] = [];
  const system: System = {
    platform,
    kill(pid, signal) {
      asked.push([pid, signal]);
      kill(pid, signal);
    },
    start: (program, args) => void asked.push([program, ...args]),
  };
  return { system, asked };
}

it.each(["linux", "darwin"] as const)("signals the whole group of a child on %s", (platform) => {
  const { system, asked } = createSystem(platform);
  signalTree(1234, "SIGTERM", system);
  signalTree(1234, "SIGKILL", system);
  expect([asTree(platform).detached, asked]).toEqual([
    true,
    [
      [-1234, "SIGTERM"],
      [-1234, "SIGKILL"],
    ],
  ]);
});

it("ends the whole tree of a child on Windows, which knows neither groups nor signals", () => {
  const { system, asked } = createSystem("win32");
  signalTree(1234, "SIGTERM", system);
  expect([asTree("win32"), asked]).toEqual([
    { detached: false, windowsHide: true },
    [["taskkill", "/PID", "1234", "/T", "/F"]],
  ]);
});

it("asks nothing for a child that never started, and takes one that has ended", () => {
  const { system, asked } = createSystem("linux", () => {
    throw Object.assign(new Error("kill ESRCH"), { code: "ESRCH" });
  });
  signalTree(undefined, "SIGTERM", system);
  expect(asked).toEqual([]);
  expect(() => signalTree(1234, "SIGTERM", system)).not.toThrow();
});

it.skipIf(process.platform === "win32")("ends what a child started, in this system", async () => {
  const script = `require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log('up')"], { stdio: "inherit" }); setInterval(() => {}, 1000)`;
  const child = spawn(process.execPath, ["-e", script], { ...asTree(), stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout, "data");
  signalTree(child.pid, "SIGTERM");
  // The grandchild holds the pipe open for as long as it lives.
  await once(child, "close");
});
