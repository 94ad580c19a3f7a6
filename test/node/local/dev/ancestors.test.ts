import { spawn } from "node:child_process";
import { afterEach, expect, it, vi } from "vitest";
import { watchAncestors } from "../../../../local/dev/ancestors.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function watch(parent: number) {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const ppid = vi.spyOn(process, "ppid", "get").mockReturnValue(parent);
  const onOrphaned = vi.fn();
  return { ppid, onOrphaned, end: watchAncestors(onOrphaned) };
}

it("tells within a second that the parent has ended, and nothing once the watch is over", () => {
  const { ppid, onOrphaned, end } = watch(process.pid);
  vi.advanceTimersByTime(5_000);
  expect(onOrphaned).not.toHaveBeenCalled();
  ppid.mockReturnValue(1);
  vi.advanceTimersByTime(999);
  expect(onOrphaned).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onOrphaned).toHaveBeenCalledTimes(1);
  end();
  vi.advanceTimersByTime(5_000);
  expect(onOrphaned).toHaveBeenCalledTimes(1);
});

it.runIf(process.platform === "linux")("tells that the parent of the parent has ended", async () => {
  const shell = spawn("sh", ["-c", "sleep 60 & echo $!; wait"], { stdio: ["ignore", "pipe", "ignore"] });
  const below = Number(await new Promise((resolve) => shell.stdout.once("data", (chunk) => resolve(String(chunk)))));
  const { onOrphaned } = watch(below);
  vi.advanceTimersByTime(2_000);
  expect(onOrphaned).not.toHaveBeenCalled();
  shell.kill("SIGKILL");
  await new Promise((resolve) => shell.once("exit", resolve));
  vi.advanceTimersByTime(1_000);
  expect(onOrphaned).toHaveBeenCalled();
  process.kill(below, "SIGKILL");
});
