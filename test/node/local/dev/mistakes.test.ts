import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { commandsMistake, endlessMistake, unsettledMistake } from "../../../../local/dev/commands-mistake.ts";
import { findDeclaration } from "../../../../local/dev/find-declaration.ts";
import { createMistake, sentenceOf } from "../../../../local/dev/mistake.ts";
import { buildMistake, settingsMistake, startMistake } from "../../../../local/dev/wrangler-errors.ts";

function createProject(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "sandpiper-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const poll = `export const poll = feature({
  name: "poll",
  handlers: [
    command({
      name: "poll",
      description: "",
      options: {
        question: string({ description: "Which?" }),
        choice: string({ description: "Lunch" }),
      },
    }),
    component("poll/vote/:choice", {}),
  ],
});
`;

const tea = `feature({ name: "tea", handlers: [form({ id: "poll" })], jobs: { "twin": close } });
`;

describe("a mistake", () => {
  it("is one sentence of one line", () => {
    expect(createMistake("T", "It is wrong", "src/a.ts:1:2")).toEqual({
      title: "T",
      text: "It is wrong.",
      file: "src/a.ts:1:2",
    });
    expect(createMistake("T", "First.\nSecond.\n\nThird.").text).toBe("First. (And 2 more.)");
    expect(sentenceOf({ title: "T", text: "It is wrong.", file: "src/a.ts:1:2" })).toBe("src/a.ts:1:2: It is wrong.");
    expect(sentenceOf({ title: "T", text: "It is wrong." })).toBe("T: It is wrong.");
  });
});

describe("what wrangler reports", () => {
  it("is a mistake of the build where the entry point, which it reads with the settings, has one", () => {
    const errors = [{ text: "Unexpected end of file", location: { file: "src/worker.ts", line: 3, column: 0 } }];
    expect(settingsMistake(Object.assign(new Error("Build failed"), { errors }), "/root")).toEqual({
      title: "The Worker cannot be built",
      text: "Unexpected end of file.",
      file: "src/worker.ts:3:1",
    });
    expect(settingsMistake(new Error("wrapped", { cause: { errors } }), "/root").title).toBe(
      "The Worker cannot be built",
    );
    expect(settingsMistake("text", "/root")).toEqual({
      title: "The settings cannot be read",
      text: "text.",
      file: "wrangler.toml",
    });
  });

  it("is a mistake of the build at the first place, in columns that count from 1", () => {
    const errors = [
      { text: 'Expected "}"', location: { file: "src/bot/ping.ts", line: 8, column: 2 } },
      { text: "Unexpected", location: null },
    ];
    expect(buildMistake({ errors })).toEqual({
      title: "The Worker cannot be built",
      text: 'Expected "}". (And 1 more.)',
      file: "src/bot/ping.ts:8:3",
    });
    expect(buildMistake(new Error("wrapped", { cause: { errors } })).file).toBe("src/bot/ping.ts:8:3");
    expect(buildMistake(new Error("No space is left")).text).toBe("No space is left.");
  });

  it("is a mistake in the settings", () => {
    const toml = Object.assign(new Error("Invalid"), { text: "Invalid TOML", location: { line: 24, column: 2 } });
    expect(sentenceOf(settingsMistake(new Error("starting", { cause: toml }), "/p"))).toBe(
      "wrangler.toml:24:2: Invalid TOML.",
    );
    const field = new Error(
      'Processing wrangler.toml configuration:\n  - Expected "name" to be of type string but got 3.',
    );
    expect(sentenceOf(settingsMistake(new Error("starting", { cause: field }), "/p"))).toBe(
      'wrangler.toml: Expected "name" to be of type string but got 3.',
    );
    const main = new Error('The entry-point file at "/p/src/nope.ts" was not found.\n\nThis might mean more.');
    expect(settingsMistake(main, "/p").text).toBe('The entry-point file at "src/nope.ts" was not found. (And 1 more.)');
  });

  it("is a mistake at the start, in the file of the feature", () => {
    const stderr =
      'failed to start.\n{"message":"service core:user:x: Uncaught DeclarationError: Two.\\n  at src/discord/a.ts:1:2 in claim\\n  at src/bot/ping.ts:3:4"}';
    expect(sentenceOf(startMistake(stderr))).toBe("src/bot/ping.ts:3:4: DeclarationError: Two.");
    const quoted = String.raw`{"message":"x: Uncaught Error: \"poll\", and more.\n  at src/a.ts:1:2","level":1}`;
    expect(startMistake(quoted).text).toBe('"poll", and more.');
    expect(sentenceOf(startMistake("Uncaught 1"))).toBe("The Worker cannot start: Uncaught 1.");
    expect(startMistake("Uncaught Error: early\n  at src/worker.ts:1:7")).toMatchObject({
      text: "early.",
      file: "src/worker.ts:1:7",
    });
  });
});

describe("what reading the commands finds", () => {
  const root = "/p";
  const thrown = (name: string, message: string, frames: string[], code?: string) =>
    commandsMistake(
      {
        name,
        message,
        stack: [`${name}: ${message}`, ...frames.map((frame) => `    at f (file://${root}/${frame})`)].join("\n"),
        ...(code !== undefined && { code }),
      },
      root,
      [],
    );

  it("is a throw at its place in the project", () => {
    expect(thrown("RangeError", "early", ["node_modules/hono/a.js:1:1", "src/bot/ping.ts:3:7"])).toEqual({
      mistake: { title: "The Worker cannot start", text: "RangeError: early.", file: "src/bot/ping.ts:3:7" },
      isOfCode: true,
    });
    expect(thrown("SyntaxError", "Unexpected", []).isOfCode).toBe(false);
  });

  it("is what a part refuses at the place of the feature that calls it", () => {
    const frames = ["src/sessions/kind.ts:56:11", "src/bot/poll/ballot.ts:9:5", "src/bot/features.ts:3:1"];
    expect(thrown("RangeError", "no name", frames).mistake.file).toBe("src/bot/poll/ballot.ts:9:5");
    expect(thrown("TypeError", "own fault", frames.slice(0, 1)).mistake.file).toBe("src/sessions/kind.ts:56:11");
    expect(thrown("TypeError", "own fault", [frames[0] ?? "", frames[2] ?? ""]).mistake.file).toBe(frames[0]);
  });

  it("is a refused declaration at the place of the feature that makes it", () => {
    const frames = ["src/discord/custom-id.ts:64:11", "src/bot/poll/index.ts:9:5", "src/bot/features.ts:3:1"];
    expect(thrown("DeclarationError", "The pattern is wrong.", frames).mistake.file).toBe("src/bot/poll/index.ts:9:5");
  });

  it("is looked for by its names where no feature is on the way to it", () => {
    const project = createProject({ "src/bot/poll.ts": poll });
    const stack = `at f (file://${project}/src/runtime/a.ts:1:2)\nat g (file://${project}/src/bot/features.ts:3:1)`;
    const error = { name: "DeclarationError", message: "/poll has 26 options; Discord takes 25.", stack };
    expect(commandsMistake(error, project, []).mistake).toEqual({
      title: "The commands cannot be registered",
      text: "/poll has 26 options; Discord takes 25.",
      file: "src/bot/poll.ts:5:7",
    });
  });

  it("is an import that Node cannot follow, at its line", () => {
    const project = createProject({ "src/bot/ping.ts": 'import "./a.ts";\nimport "./channel";\n' });
    const message = `Cannot find module '${project}/src/bot/channel' imported from ${project}/src/bot/ping.ts`;
    const { mistake, isOfCode } = commandsMistake(
      { name: "Error", message, stack: "", code: "ERR_MODULE_NOT_FOUND" },
      project,
      [],
    );
    expect(sentenceOf(mistake)).toBe(
      "src/bot/ping.ts:2: Cannot find module 'src/bot/channel' imported from src/bot/ping.ts.",
    );
    expect(isOfCode).toBe(false);
  });

  it("is code that does not end, or an await", () => {
    expect(sentenceOf(endlessMistake("node:internal/x:1:2\nfile:///p/src/bot/ping.ts:2:1", root))).toBe(
      "src/bot/ping.ts:2:1: This code does not end, so that the Worker never starts.",
    );
    const warning = "Warning: Detected unsettled top-level await at file:///p/src/bot/ping.ts:2\nawait x;\n^\n";
    expect(unsettledMistake(warning, root).file).toBe("src/bot/ping.ts:2");
    expect(unsettledMistake("", root).text).toContain("ended early");
  });
});

describe("the place of a declaration", () => {
  const find = (sentence: string, saved: string[] = []) =>
    findDeclaration(
      createProject({
        "src/bot/a.ts": 'export const a = feature({ name: "a", handlers: [command({ name: "twin" })] });\n',
        "src/bot/b.ts": 'export const b = feature({ name: "b", handlers: [command({ name: "twin" })] });\n',
        "src/bot/poll.ts": poll,
        "src/bot/tea.ts": tea,
        "src/bot/again.ts": 'feature({ name: "a" });\n',
        "src/discord/kit.ts": 'command({ name: "poll" });\n',
      }),
      sentence,
      saved,
    );

  it.each([
    ["/poll: the description has 0 characters; Discord takes 1 to 100.", "src/bot/poll.ts:5:7"],
    ["/poll choice: the description has 0 characters; Discord takes 1 to 100.", "src/bot/poll.ts:9:9"],
    ["/poll has 26 options; Discord takes 25.", "src/bot/poll.ts:5:7"],
    ['Two custom_id patterns match the same ids: "poll/vote/:choice".', "src/bot/poll.ts:12:15"],
    ['Discord refuses "poll": options: 0: name: Invalid.', "src/bot/poll.ts:5:7"],
    ['The features "a" and "b" both bring the command "twin". Rename one of them.', "src/bot/a.ts:1:60"],
    ['The modal "poll": "choice" has no label.', "src/bot/poll.ts:9:9"],
    ['"/poll choice" has a cooldown that cannot be kept.', "src/bot/poll.ts:9:9"],
    ["/nothing: is wrong", undefined],
  ])("is found by the names in the sentence: %s", (sentence, place) => {
    expect(find(sentence)).toBe(place);
  });

  it("is rather in a file that was just saved", () => {
    expect(find('Two commands are called "twin".', ["src/bot/b.ts"])).toBe("src/bot/b.ts:1:60");
    const both = 'The features "poll" and "tea" both bring';
    expect(find(`${both} the custom_id prefix "poll". Rename one.`, ["src/bot/tea.ts"])).toBe("src/bot/tea.ts:1:42");
    expect(find('Two features are called "a". Rename one.', ["src/bot/again.ts"])).toBe("src/bot/again.ts:1:11");
    expect(find(`${both} the job kind "twin". Rename one.`, ["src/bot/tea.ts"])).toBe("src/bot/tea.ts:1:66");
  });
});
