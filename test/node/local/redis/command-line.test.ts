import { afterEach, expect, it, vi } from "vitest";
import {
  parseCommandLine,
  readPort,
  reportError,
  runCommand,
  UsageError,
} from "../../../../local/redis/command-line.ts";

const usage = "Usage: x\n";
const options = { name: { type: "string" }, loud: { type: "boolean", short: "l" } } as const;

const [argv, exitCode] = [process.argv, process.exitCode];
afterEach(() => {
  vi.restoreAllMocks();
  process.argv = argv;
  process.exitCode = exitCode;
});

/** Runs a command as this process would: what it printed, and its exit code. */
async function run(args: string[], work: () => Promise<number | void>) {
  const written = { out: "", err: "" };
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((written.out += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((written.err += String(text)), true));
  process.argv = ["node", "x", ...args];
  await runCommand({ usage, options, run: work });
  const code = process.exitCode;
  process.exitCode = exitCode;
  vi.restoreAllMocks();
  return { ...written, code };
}

it("ends with the number that a command returns, 0 without one", async () => {
  expect(await run([], async () => 3)).toEqual({ out: "", err: "", code: 3 });
  expect(await run(["-l", "--name", "a"], async () => {})).toEqual({ out: "", err: "", code: 0 });
});

it("ends quietly where the reader of its output has closed, as head does, and fails on any other error", async () => {
  await run([], async () => {});
  await run([], async () => {});
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const fail = (code: string) => process.stdout.emit("error", Object.assign(new Error(code), { code }));
  fail("EPIPE");
  expect(exit).toHaveBeenCalledTimes(1);
  expect(() => fail("EIO")).toThrow("EIO");
});

it("prints its usage for --help, and runs nothing", async () => {
  const work = vi.fn(async () => 1);
  for (const help of ["--help", "-h"]) expect(await run([help], work)).toMatchObject({ out: usage, err: "" });
  expect(work).not.toHaveBeenCalled();
});

it("says a mistake of the person in a sentence, with the code 2, and any other with 1", async () => {
  const failing = (error: unknown) =>
    run([], async () => {
      throw error;
    });
  expect(await failing(new UsageError("Say who."))).toEqual({ out: "", err: "Say who.\n", code: 2 });
  expect(await failing(new Error("The port is taken."))).toEqual({ out: "", err: "The port is taken.\n", code: 1 });
  expect(await failing("plain")).toEqual({ out: "", err: "plain\n", code: 1 });
  for (const Bug of [TypeError, RangeError, ReferenceError, SyntaxError]) {
    expect(await failing(new Bug("x is not a function"))).toMatchObject({
      err: expect.stringMatching(/^\w+Error: x is not a function\n +at /),
      code: 1,
    });
  }
  expect(await run(["--nme"], async () => 0)).toEqual({ out: "", err: "Unknown option --nme.\n\nUsage: x\n", code: 2 });
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  expect([reportError(new UsageError("x")), reportError(new Error("x"))]).toEqual([2, 1]);
});

it.each([
  [["--nme", "a"], "Unknown option --nme."],
  [["-x"], "Unknown option -x."],
  [["stray"], 'Unexpected argument "stray".'],
  [["--name"], "--name needs a value."],
  [["--name", "--loud"], "--name needs a value. One that begins with a dash is written --name=VALUE."],
  [["--loud=yes"], "--loud takes no value."],
])("refuses %j in a sentence, with the usage", (args, sentence) => {
  expect(() => parseCommandLine({ usage, options }, args)).toThrow(new UsageError(`${sentence}\n\nUsage: x`));
});

it("takes arguments besides the options only where the command does", () => {
  expect(parseCommandLine({ usage, options, allowPositionals: true }, ["a", "-l"])).toMatchObject({
    positionals: ["a"],
    values: { loud: true },
  });
  expect(parseCommandLine({ usage, options }, ["--name=-a"])).toMatchObject({ values: { name: "-a" } });
});

it("reads a port, from 0 only where any free one will do", () => {
  expect([readPort("--port", "1"), readPort("--port", "65535"), readPort("--port", "0", 0)]).toEqual([1, 65_535, 0]);
  for (const text of ["0", "65536", "-1", "1.5", "", "1e3", "x"])
    expect(() => readPort("--port", text)).toThrow(
      new UsageError(`--port takes a port from 1 to 65535, not "${text}".`),
    );
  expect(() => readPort("--port", "x", 0)).toThrow(new UsageError('--port takes a port from 0 to 65535, not "x".'));
});
