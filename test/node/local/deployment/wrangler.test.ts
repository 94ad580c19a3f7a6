import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { PassThrough } from "node:stream";
import { expect, it, vi } from "vitest";
import { Failure } from "../../../../local/deployment/failures.ts";
import { deploy, runWrangler } from "../../../../local/deployment/wrangler.ts";

vi.mock("node:child_process", () => ({ spawn: vi.fn() }));

const starts: { args: readonly string[]; env: Record<string, string> }[] = [];

/** Has wrangler print this, write this to its output file, and end like this. */
function wranglerThat({ code = 0 as number | null | Error, output = "" }) {
  starts.length = 0;
  vi.mocked(spawn).mockImplementation(((
    program: string,
    [file = "", ...args]: string[],
    { cwd, stdio, env }: { cwd: string; stdio: string[]; env: Record<string, string> },
  ) => {
    expect([program, file, cwd]).toEqual([process.execPath, expect.stringMatching(/bin[\\/]wrangler\.js$/), "/root"]);
    // Its questions are the person's to answer.
    expect(stdio).toEqual(["inherit", "pipe", "pipe"]);
    starts.push({ args, env });
    const child = Object.assign(new EventEmitter(), { stdout: new PassThrough(), stderr: new PassThrough() });
    if (output) writeFileSync(env["WRANGLER_OUTPUT_FILE_PATH"] ?? "", output);
    setImmediate(() => {
      child.stdout.end("out");
      child.stderr.end("err");
      setImmediate(() => (code instanceof Error ? child.emit("error", code) : child.emit("close", code)));
    });
    return child as unknown as ChildProcess;
  }) as never);
}

it("runs wrangler with the environment of this process, and returns how it ended and what it printed", async () => {
  vi.stubEnv("CLOUDFLARE_API_TOKEN", "mine");
  wranglerThat({ code: 3 });
  expect(await runWrangler("/root", ["tail"])).toEqual({ code: 3, output: "outerr" });
  vi.unstubAllEnvs();
  expect(starts).toMatchObject([
    {
      args: ["tail"],
      env: { CLOUDFLARE_API_TOKEN: "mine", WRANGLER_HIDE_BANNER: "true", WRANGLER_SEND_METRICS: "false" },
    },
  ]);
  wranglerThat({ code: null });
  expect((await runWrangler("/root", [])).code).toBe(1);
  wranglerThat({ code: new Error("no such program") });
  await expect(runWrangler("/root", [])).rejects.toThrow("no such program");
});

const deployed = JSON.stringify({ type: "deploy", targets: ["https://curlew.tide.workers.dev"], version_id: "v1" });

it("deploys with the tag and the secrets, passes on what wrangler prints, and leaves nothing behind", async () => {
  wranglerThat({ output: `${deployed}\n` });
  const printed: string[] = [];
  const onOutput = (text: string) => void printed.push(text);
  expect(await deploy("/root", { tag: "t", secretsFile: "/s.json", onOutput })).toEqual({
    url: "https://curlew.tide.workers.dev",
    versionId: "v1",
  });
  expect(starts[0]?.args).toEqual(["deploy", "--tag", "t", "--secrets-file", "/s.json"]);
  expect(printed).toEqual(["out", "err"]);
  expect(existsSync(dirname(starts[0]?.env["WRANGLER_OUTPUT_FILE_PATH"] ?? ""))).toBe(false);

  wranglerThat({ output: deployed });
  const { url } = await deploy("/root", { tag: "t", url: "https://bot.test", onOutput });
  expect([url, starts[0]?.args]).toEqual(["https://bot.test", ["deploy", "--tag", "t"]]);
});

it.each<[string, { code?: number; output?: string }]>([
  ["wrote nothing", {}],
  ["failed", { code: 1, output: deployed }],
])("fails where wrangler %s", async (_, ending) => {
  wranglerThat(ending);
  await expect(deploy("/root", { tag: "t", onOutput() {} })).rejects.toThrow(Failure);
});
