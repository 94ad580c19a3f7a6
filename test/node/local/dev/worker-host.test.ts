import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type Built, createWorkerHost } from "../../../../local/dev/worker-host.ts";

// Wrangler builds small Workers, one after the other, and workerd runs them.

const root = mkdtempSync(join(tmpdir(), "sandpiper-host-"));
mkdirSync(join(root, "src"));
writeFileSync(
  join(root, "wrangler.toml"),
  'name = "curlew"\nmain = "src/main.js"\ncompatibility_date = "2026-10-01"\n[vars]\nPLAIN = "of the file"\n[secrets]\nrequired = ["SECRET"]\n',
);
// A developer's own, which must not be read.
writeFileSync(join(root, ".dev.vars"), 'SECRET="of the developer"\nPLAIN="of the developer"\n');

const lines: string[] = [];
let endings = 0;
const host = createWorkerHost({
  root,
  entry: "src/other.js",
  secrets: { SECRET: "given" },
  vars: { MORE: "given too" },
  onLine: (line) => lines.push(line),
  onEnded: () => void (endings += 1),
});
afterAll(async () => {
  await host.stop();
  rmSync(root, { recursive: true, force: true });
});

function build(source: string, signal = new AbortController().signal): Promise<Built> {
  writeFileSync(join(root, "src/main.js"), "not the entry that is asked for(");
  writeFileSync(join(root, "src/other.js"), source);
  return host.build(signal);
}

const worker = (name: string, before = "") => `${before}
export default {
  async fetch(request, env) {
    console.log("line one\\nline two");
    return Response.json({ name: ${JSON.stringify(name)}, ...env });
  },
};`;

const urlOf = (built: Built): string => {
  if ("worker" in built) return built.worker.url;
  throw new Error(built.mistake.text);
};

/** Returns how many processes of workerd this one has below it. */
function runtimes(): number {
  const all = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []);
  const below = (pid: string): string[] =>
    all.flatMap(([, own = "", parent, args = ""]) => (parent === pid ? [args, ...below(own)] : []));
  return below(String(process.pid)).filter((args) => /workerd\S* serve/.test(args)).length;
}

it("answers with the given variables until it is disposed of, beside the one that is built next", {
  timeout: 60_000,
}, async () => {
  const first = await build(worker("first"));
  expect(await (await fetch(urlOf(first))).json()).toEqual({
    name: "first",
    PLAIN: "of the file",
    SECRET: "given",
    MORE: "given too",
  });
  await expect.poll(() => lines).toEqual(["line one", "line two"]);
  const second = await build(worker("second"));
  expect(await (await fetch(urlOf(second))).json()).toMatchObject({ name: "second" });
  expect(await (await fetch(urlOf(first))).json()).toMatchObject({ name: "first" });
  const before = runtimes();
  if ("worker" in first) first.worker.dispose();
  await expect
    .poll(
      () =>
        fetch(urlOf(first)).then(
          () => "answers",
          () => "gone",
        ),
      { timeout: 5_000 },
    )
    .toBe("gone");
  await expect.poll(runtimes, { timeout: 5_000 }).toBeLessThan(before);
  expect(await (await fetch(urlOf(second))).json()).toMatchObject({ name: "second" });
});

it.each([
  [
    "cannot be found",
    worker("x", 'import "./missing.js";'),
    { title: "The Worker cannot be built", file: "src/other.js:1:8", text: 'Could not resolve "./missing.js".' },
  ],
  [
    "cannot be built",
    "export default {",
    { title: "The Worker cannot be built", file: expect.stringMatching(/^src\/other\.js:1:\d+$/) },
  ],
  [
    "fails when it starts",
    worker("x", 'throw new Error("early");'),
    { title: "The Worker cannot start", text: "early.", file: "src/other.js:1:7" },
  ],
])("is a mistake that names its place where the code %s", { timeout: 60_000 }, async (_, source, mistake) => {
  expect(await build(source)).toEqual({ mistake: { text: expect.any(String), ...mistake } });
});

it("is a mistake of the settings where wrangler.toml cannot be read", { timeout: 60_000 }, async () => {
  const path = join(root, "wrangler.toml");
  const right = readFileSync(path, "utf8");
  writeFileSync(path, "name = \n");
  const built = await build(worker("x"));
  writeFileSync(path, right);
  expect(built).toMatchObject({ mistake: { title: "The settings cannot be read", file: "wrangler.toml:1:7" } });
});

it("gives up a build that is aborted", { timeout: 60_000 }, async () => {
  const abort = new AbortController();
  const building = build(worker("x"), abort.signal);
  abort.abort();
  expect(await building).toEqual({
    mistake: { title: "The Worker cannot start", text: "It did not start within 20 s." },
  });
});

it("says that the Worker fails in the middle of a request, with its place", { timeout: 60_000 }, async () => {
  lines.length = 0;
  const built = await build('export default {\n  fetch() {\n    throw new Error("late");\n  },\n};\n');
  await fetch(urlOf(built)).then((response) => response.text());
  await expect.poll(() => lines.join("\n"), { timeout: 5_000 }).toMatch(/late[^]*src\/other\.js:3:11/);
});

it("ends with everything that it started, and tells of no end that was asked for", { timeout: 60_000 }, async () => {
  const built = await build(worker("last"));
  await host.stop();
  await expect(fetch(urlOf(built))).rejects.toThrow();
  expect(endings).toBe(0);
});
