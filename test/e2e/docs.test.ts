import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { send } from "../../local/send/command.ts";
import { readConsole, wordsOf } from "../node/docs/command-words.ts";
import { differenceOf } from "../node/docs/output.ts";
import { type Fence, readPage } from "../node/docs/page.ts";
import { runCommandIn } from "../node/local/shell.ts";
import { copyProject, endStarted, flagsOf, freePorts, kill, root, run } from "./support.ts";

// The first five minutes of a newcomer, as README.md tells them, and what docs/development.md says of saving: in a copy of the project,
// under the real `npm run dev`.

const project = copyProject();
const readme = pageOf("README.md");
const development = pageOf("docs/development.md");
let dev: ReturnType<typeof run>;
let ports: Awaited<ReturnType<typeof freePorts>>;

beforeAll(async () => {
  ports = await freePorts();
  dev = run(project, process.execPath, ["local/dev.ts", ...flagsOf(ports)]);
  await dev.until(/Press Ctrl-C/);
});

afterAll(async () => {
  kill(dev.child, "SIGINT");
  await dev.ended;
  endStarted();
  rmSync(project, { recursive: true, force: true });
});

it("says what the README shows when it is ready", () => {
  const [ready] = dev.output().match(/^Ready in[^]*Press Ctrl-C to stop\.$/m) ?? [];
  expectSame(sampleOf("npm run dev"), ready ?? dev.output());
});

it("answers /ping as the README shows", async () => {
  await expectSent("npm run --silent send -- '/ping'");
});

it("takes the README's first feature, when it is saved and listed", async () => {
  const file = "src/bot/hello.ts";
  writeFileSync(join(project, file), fenceOf(readme, ({ file: name }) => name === file).text);
  await edit(
    "src/bot/features.ts",
    (text) =>
      text
        .replace("import { help }", 'import { hello } from "./hello.ts";\nimport { help }')
        .replace("  ping,\n", "  ping,\n  hello,\n"),
    /new \/hello/,
  );
  await expectSent("npm run --silent send -- '/hello to:linus'");
});

it("says of a save, a mistake and its cure what docs/development.md shows", async () => {
  const [saved = "", mistake = "", mended = ""] = [/^saved/, /^mistake/, /^mended/].map((beginning) => {
    const { text } = fenceOf(development, ({ text }) => text.split("\n").some((line) => beginning.test(line)));
    return text.split("\n").find((line) => beginning.test(line));
  });
  const named = (name: string) => (text: string) => text.replace(/(\n {6}name: )"\w+"/, `$1"${name}"`);
  expectSame(saved, await edit("src/bot/ping.ts", named("pong"), /^saved .*/m));
  await edit("src/bot/ping.ts", named("ping"), /^saved .*/m);
  expectSame(mistake, await edit("src/bot/ping.ts", named("Ping"), /^mistake .*/m));
  expectSame(mended, await edit("src/bot/ping.ts", named("ping"), /^mended .*/m));
});

// --- Internal helpers ---

function pageOf(name: string) {
  return readPage(name, readFileSync(join(root, name), "utf8"));
}

function fenceOf({ name, fences }: ReturnType<typeof readPage>, isWanted: (fence: Fence) => boolean): Fence {
  const found = fences.find(isWanted);
  if (!found) throw new Error(`${name} has no such block any more.`);
  return found;
}

/** What the README says that a command prints. */
function sampleOf(command: string): string {
  const typed = readme.fences
    .filter(({ language }) => language === "console")
    .flatMap(({ text, line }) => readConsole(text, line))
    .find(({ text }) => text === command);
  if (typed?.output === undefined) throw new Error(`README.md does not show ${command} any more.`);
  return typed.output;
}

/** Runs a `send` of the README against this world. */
async function expectSent(command: string): Promise<void> {
  const [words = []] = wordsOf(command, {});
  expect(words.slice(0, 5)).toEqual(["npm", "run", "--silent", "send", "--"]);
  const sent = await runCommandIn(send, [...words.slice(5), "--simulator", `http://127.0.0.1:${ports.discord}`]);
  expect(sent).toMatchObject({ code: 0, err: "" });
  expectSame(sampleOf(command), sent.out);
}

/** The pages show the usual ports. */
function expectSame(said: string, real: string): void {
  const usual = real
    .replace(` --simulator http://127.0.0.1:${ports.discord}`, "")
    .replaceAll(`127.0.0.1:${ports.discord}`, "127.0.0.1:8788")
    .replaceAll(`127.0.0.1:${ports.worker}`, "127.0.0.1:8787")
    .replaceAll(`127.0.0.1:${ports.redis}`, "127.0.0.1:8079");
  const difference = differenceOf(said, usual);
  if (difference) expect(difference.real).toBe(difference.said);
}

/** Changes a file, and returns the line that the terminal then says of it. */
async function edit(file: string, change: (text: string) => string, line: RegExp): Promise<string> {
  const before = readFileSync(join(project, file), "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  const from = dev.output().length;
  writeFileSync(join(project, file), after);
  return vi.waitFor(
    () => {
      const [said] = line.exec(dev.output().slice(from)) ?? [];
      if (said === undefined) throw new Error(`nothing of ${line} in:\n${dev.output().slice(from)}`);
      return said;
    },
    { timeout: 30_000, interval: 50 },
  );
}
