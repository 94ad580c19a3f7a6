import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { commandLine, readCliOptions } from "../../../../local/redis/cli-options.ts";
import { parseCommandLine, UsageError } from "../../../../local/redis/command-line.ts";
import { eventually } from "./support.ts";

const cli = join(import.meta.dirname, "../../../../local/redis/cli.ts");

function run(...args: string[]) {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [cli, ...args]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (output.stdout += chunk));
  child.stderr.on("data", (chunk) => (output.stderr += chunk));
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, output, exit };
}

const lines = (text: string) => text.split("\n").filter((line) => line !== "");

it.each([
  [["--foo"], /^Unknown option --foo\.\n\nUsage: npm run redis/],
  [["--token"], /^--token needs a value\.\n\nUsage: /],
  [["--token", "-x"], /^--token needs a value\. One that begins with a dash is written --token=VALUE\.\n\nUsage: /],
  [["--faults=no"], /^--faults takes no value\.\n\nUsage: /],
  [["it's"], /^Unexpected argument "it's"\.\n\nUsage: /],
  [["--port", "abc"], /^--port takes a port from 0 to 65535, not "abc"\.$/],
  [["--port", "65536"], /^--port takes a port from 0 to 65535, not "65536"\.$/],
  [["--token="], /^--token is empty\. Leave it out to get a random one\.$/],
  [["--redis-url", "nonsense"], /^--redis-url: A Redis address looks like redis:\/\/127\.0\.0\.1:6379 /],
  [["--redis-url", "redis://127.0.0.1/3"], /^--redis-url: Upstash has database 0 only: /],
])("refuses %j with a sentence that says what is right", (args, message) => {
  const read = () => {
    const given = parseCommandLine(commandLine, args);
    return given && readCliOptions(given);
  };
  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
});

it("reads its options and fills in the defaults", () => {
  const given = parseCommandLine(commandLine, ["--port", "0", "--token", "T", "--faults"]);
  expect(given && readCliOptions(given)).toEqual({
    host: "127.0.0.1",
    port: 0,
    token: "T",
    redisUrl: undefined,
    isVerbose: false,
    hasFaults: true,
  });
});

it("prints a mistake to stderr and exits with 2", async () => {
  const { output, exit } = run("--port", "no");
  expect(await exit).toBe(2);
  expect(output).toEqual({ stdout: "", stderr: '--port takes a port from 0 to 65535, not "no".\n' });
});

it("prints its options for --help", async () => {
  const { output, exit } = run("--help");
  expect(await exit).toBe(0);
  for (const option of ["--port", "--token", "--redis-url", "--host", "--faults", "--verbose"]) {
    expect(output.stdout).toContain(option);
  }
});

it.each(["SIGINT", "SIGTERM"] as const)(
  "serves with a random token, prints a line to try, and stops at %s",
  async (signal) => {
    const { child, output, exit } = run("--port", "0");
    const [address, tokenLine, hint] = await eventually(() =>
      output.stdout.includes("Try:") ? lines(output.stdout) : undefined,
    );
    expect(address).toMatch(/^Upstash's Redis REST API at http:\/\/127\.0\.0\.1:\d+, in front of embedded Valkey/);
    const url = /http:\/\/[\d.:]+/.exec(address ?? "")?.[0] ?? "";
    const token = /: (\S{32})$/.exec(tokenLine ?? "")?.[1] ?? "";
    expect(hint).toBe(`Try: curl ${url} -H "Authorization: Bearer ${token}" -d '["PING"]'`);
    const response = await fetch(url, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
      body: '["PING"]',
    });
    expect(await response.json()).toEqual({ result: "PONG" });
    child.kill(signal);
    expect(await exit).toBe(0);
    expect(output.stderr).toBe("");
  },
);

it("never prints the token given with --token", async () => {
  const { child, output, exit } = run("--port", "0", "--token", "a-secret-of-mine", "--verbose");
  const url = await eventually(() =>
    output.stdout.includes("Try:") ? /http:\/\/[\d.:]+/.exec(output.stdout)?.[0] : undefined,
  );
  await fetch(`${url}/ping?_token=a-secret-of-mine`);
  await eventually(() => output.stdout.includes("GET /ping 200"));
  child.kill();
  expect(await exit).toBe(0);
  expect(output.stdout).not.toContain("a-secret-of-mine");
});

it("exits with 1 and a sentence when Redis cannot be reached", async () => {
  const wrong = run("--port", "0", "--redis-url", "redis://127.0.0.1:1");
  expect(await wrong.exit).toBe(1);
  expect(wrong.output.stderr).toMatch(/^Cannot reach Redis at redis:\/\/127\.0\.0\.1:1: .*\n$/);
  const malformed = run("--port", "0", "--redis-url", "nonsense");
  expect(await malformed.exit).toBe(2);
  expect(lines(malformed.output.stderr)).toHaveLength(1);
});
