import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { copyProject, endStarted, flagsOf, freePorts, kill, run } from "./support.ts";

// Saving a file under `npm run dev`: what the next interaction meets, and what the terminal says. One world for all of these.

const project = copyProject();
const pingFile = join(project, "src/bot/ping.ts");
const settingsFile = join(project, "wrangler.toml");
const clockFile = join(project, "src/platform/clock.ts");
const goodClock = readFileSync(clockFile, "utf8");
const good = { ping: readFileSync(pingFile, "utf8"), settings: readFileSync(settingsFile, "utf8") };

let dev: ReturnType<typeof run>;
let simulator: string;
/** What the world says while its first state holds a mistake, and when that is mended. */
let first: { output: string; ping: string; mended: string };

beforeAll(async () => {
  const ports = await freePorts();
  simulator = `http://127.0.0.1:${ports.discord}/simulator`;
  // A file that every part of the Worker runs, and nothing of the world around it.
  writeFileSync(clockFile, goodClock.replace("random(): number;", "random(: number;"));
  dev = run(project, process.execPath, ["local/dev.ts", ...flagsOf(ports)]);
  await dev.until(/Press Ctrl-C/);
  first = { output: dev.output(), ping: await send({ payload: ping }), mended: await save(goodClock, clockFile) };
});

afterAll(async () => {
  kill(dev.child, "SIGINT");
  await dev.ended;
  endStarted();
  rmSync(project, { recursive: true, force: true });
});

// --- Edits ---

function broken(): string {
  return good.ping.replace('name: "ping",', 'name: "ping"');
}

const edited = (from: string | RegExp, to: string): string => {
  const text = good.ping.replace(from, () => to);
  expect(text).not.toBe(good.ping);
  return text;
};
const atTop = (line: string): string => `${line}\n${good.ping}`;

/** The machine may be busy. */
const patient = { timeout: 30_000, interval: 50 };

/** Resolves with the output since the call when that matches. */
async function output(pattern: RegExp): Promise<string> {
  const from = dev.output().length;
  const since = () => dev.output().slice(from);
  return vi.waitFor(() => {
    expect(since()).toMatch(pattern);
    return since();
  }, patient);
}

/** Saves the file and returns what the terminal says of it. */
async function save(text: string, file = pingFile): Promise<string> {
  const said = output(/^(mistake|saved|mended) .*\n/m);
  writeFileSync(file, text);
  return said;
}

const ping = { type: 2, data: { id: "1", name: "ping", type: 1 } };

/** Returns the answer as JSON, and what is wrong with it. */
async function send(order: string | object): Promise<string> {
  const response = await fetch(`${simulator}/interactions`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(typeof order === "string" ? { line: order } : order),
  });
  return response.text();
}

async function commands(): Promise<Record<string, string>> {
  const state = (await (await fetch(simulator)).json()) as { commands: { name: string; description: string }[] };
  return Object.fromEntries(state.commands.map(({ name, description }) => [name, description]));
}

describe("a world that starts with a mistake", () => {
  it("runs, says the mistake to its callers, and gets its Worker from the save that mends it", async () => {
    expect(first.output).toContain(
      'mistake src/platform/clock.ts:12:10: Unexpected ":". The Worker starts when it is mended; save to try again.',
    );
    expect(first.output).toContain("Ready, but for the Worker,");
    expect(first.ping).toContain('HTTP 503: {\\"error\\":\\"src/platform/clock.ts:12:10: Unexpected');
    expect(first.mended).toMatch(/^mended {2}src\/platform\/clock\.ts: live after \d+\.\d s\.$/m);
    expect(await send("/ping")).toContain("Pong!");
  });
});

describe("a mistake in a saved file", () => {
  it.each<[string, () => string, string]>([
    ["syntax", broken, 'src/bot/ping.ts:8:3: Expected "}" but found "handlers".'],
    [
      "an import without an export",
      () => atTop('import { commnd } from "./kit.ts"; commnd();'),
      'src/bot/ping.ts:1:10: No matching export in "src/bot/kit.ts" for import "commnd".',
    ],
    [
      "what workerd refuses at the start",
      () => atTop("export const id = crypto.randomUUID();"),
      "src/bot/ping.ts:1:26: Disallowed operation called within global scope.",
    ],
    [
      "a capital in the name of a command",
      () => edited('      name: "ping"', '      name: "Ping"'),
      'src/bot/ping.ts:10:7: /Ping: the name "Ping" must be 1 to 32 lower-case letters, digits, - or _.',
    ],
  ])("is said with its place, while the Worker before goes on: %s", async (_kind, text, sentence) => {
    const said = await save(text());
    expect(said).toContain(`mistake ${sentence}`);
    expect(said).toContain("The Worker before it goes on answering; save to try again.");
    expect(said).not.toMatch(/worker\.js|workers-sdk|issues/);
    expect(await send("/ping")).toContain("Pong!");
  });

  it("is mended by the next save", async () => {
    expect(await save(good.ping)).toMatch(/^mended {2}src\/bot\/ping\.ts: live after \d+\.\d s\.$/m);
  });

  it("ends code that does not end, and says where it is", async () => {
    expect(await save(atTop("let turns = 0;\nfor (;;) {\n  turns += 1;\n}"))).toMatch(
      /mistake src\/bot\/ping\.ts:[234]:\d+: This code does not end, so that the Worker never starts\./,
    );
    expect(await send("/ping")).toContain("Pong!");
  });

  it("is said of wrangler.toml as well", async () => {
    await save(good.ping);
    const said = output(/mistake .*\n/);
    writeFileSync(settingsFile, `${good.settings}[[[\n`);
    const line = good.settings.split("\n").length;
    expect(await said).toContain(`mistake wrangler.toml:${line}:2: Invalid TOML document: illegal character in key.`);
    expect(await send("/ping")).toContain("Pong!");
    const mended = output(/mended .*\n/);
    writeFileSync(settingsFile, good.settings);
    expect(await mended).toContain("mended  wrangler.toml: live");
  });

  it("is said of a file that is deleted, and mended when it is back", async () => {
    const gone = output(/mistake .*\n/);
    renameSync(pingFile, join(project, "gone.ts"));
    expect(await gone).toMatch(/mistake src\/bot\/\S+:\d+:\d+: Could not resolve "\.\/ping\.ts"\./);
    const back = output(/mended .*\n/);
    renameSync(join(project, "gone.ts"), pingFile);
    expect(await back).toContain("mended  src/bot/ping.ts: live");
  });
});

describe("a saved file", () => {
  it("shows in the next interaction, and leaves what Redis holds and what was said", async () => {
    await send("/remind me in:10m about:tea");
    writeFileSync(pingFile, edited("**Pong!**", "**Peng!**"));
    await expect.poll(() => send("/ping"), patient).toContain("Peng!");
    expect(await send("/remind list")).toContain("tea");
  });

  it("adds, changes and removes commands at once, even where a type is wrong", async () => {
    const { ping: _ping, ...others } = await commands();
    const pong = edited('      name: "ping"', '      name: "pong"');
    expect(await save(`export const count: number = "one";\n${pong}`)).toMatch(
      /^saved {3}src\/bot\/ping\.ts: live .* Commands: new \/pong, gone \/ping\.$/m,
    );
    expect(await commands()).toEqual({ ...others, pong: "Is the bot awake, and does Redis answer?" });
    expect(await send("/pong")).toContain("Pong!");
    expect(await send("/ping")).toContain("There is no command /ping.");
    await save(good.ping);
    expect(await save(edited("Is the bot awake", "Does the bot sleep"))).toContain("Commands: changed /ping.");
    expect(await commands()).toMatchObject({ ping: "Does the bot sleep, and does Redis answer?" });
  });

  it("is taken as it was saved last, however quickly the saves follow each other", async () => {
    for (let count = 1; count <= 20; count++) writeFileSync(pingFile, edited("**Pong!**", `**Pong ${count}**`));
    await expect.poll(() => send("/ping"), patient).toContain("Pong 20");
  });

  it("may be new, in a folder that is new", async () => {
    const words = join(project, "src/bot/words");
    mkdirSync(words);
    writeFileSync(join(words, "word.ts"), 'export const word = "first";\n');
    writeFileSync(pingFile, `import { word } from "./words/word.ts";\n${edited('"**Pong!**"', "word")}`);
    await expect.poll(() => send("/ping"), patient).toContain("first");
    writeFileSync(join(words, "word.ts"), 'export const word = "second";\n');
    await expect.poll(() => send("/ping"), patient).toContain("second");
  });
});

describe("a handler that fails", () => {
  it("leaves a stack that names the file as it was written", async () => {
    await save(edited("const health =", 'throw new TypeError("boom");\n        const health ='));
    const said = output(/boom.*\n/);
    await send("/ping");
    expect(await said).toContain("TypeError: boom\\n    at Object.run (src/bot/ping.ts:18:15)");
    expect(dev.output()).not.toContain("worker.js");
  });
});
