import { describe, expect, it } from "vitest";
import { readConsole, readScript, wordsOf } from "./command-words.ts";
import { tryLine } from "./commands.ts";
import { differenceOf } from "./output.ts";
import { readPage } from "./page.ts";

// What the tests of the pages would miss if these were wrong.

const fence = "```";

describe("a page", () => {
  it("has its blocks with language, file, reason and first line, indented ones too", () => {
    const { fences } = readPage(
      "a.md",
      `# A\n\n${fence}ts src/a.ts\nlet a;\n${fence}\n1. x\n\n   ${fence}sh not-run="no account"\n   npm ci\n   ${fence}\n`,
    );
    expect(fences).toEqual([
      { page: "a.md", line: 4, language: "ts", file: "src/a.ts", notRun: undefined, text: "let a;" },
      { page: "a.md", line: 9, language: "sh", file: undefined, notRun: "no account", text: "npm ci" },
    ]);
  });

  it("is refused when a block is never closed", () => {
    expect(() => readPage("a.md", `x\n${fence}ts\nlet a;`)).toThrow("a.md:2: this block of code is never closed.");
  });

  it("has links and anchors outside of code alone, as GitHub names them", () => {
    const page = readPage(
      "a.md",
      `# What it does *not* do!\n## A\n## A\n[x](b.md#y) \`[no](c.md)\` <https://a.example>\n${fence}text\n# no [no](d.md)\n${fence}`,
    );
    expect([...page.anchors]).toEqual(["what-it-does-not-do", "a", "a-1"]);
    expect(page.links.map(({ target }) => target)).toEqual(["b.md#y", "https://a.example"]);
  });

  it("has the commands that its text mentions", () => {
    expect(readPage("a.md", "Say `npm run dev` or `x`.").mentions).toEqual([{ line: 1, command: "npm run dev" }]);
  });
});

describe("a command line", () => {
  it("is read with quotes, variables and && as a shell reads it", () => {
    expect(wordsOf(`a 'b  $X' "c \\"$X\\"" d'e'f && g`, { X: "1" })).toEqual([["a", "b  $X", 'c "1"', "def"], ["g"]]);
  });

  it.each(["a | b", "a > b", "a; b", "a $Y", "a 'b"])(
    "is refused where shells differ, or it is unfinished: %s",
    (line) => {
      expect(() => wordsOf(line, {})).toThrow();
    },
  );

  it("goes on after a backslash, in scripts and in conversations", () => {
    expect(readScript("# why\na \\\n  b\nc", 5)).toEqual([
      { line: 6, text: "a b", output: undefined },
      { line: 8, text: "c", output: undefined },
    ]);
    expect(readConsole("$ a\nx\n\ny\n$ b", 1)).toEqual([
      { line: 1, text: "a", output: "x\n\ny" },
      { line: 5, text: "b", output: "" },
    ]);
    expect(() => readConsole("x\n$ a", 3)).toThrow("line 3");
  });
});

describe("a command of a page", () => {
  it.each([
    ["npm run nope", 'There is no script "nope"'],
    ["npm run dev --worker-port 1", "-- is missing"],
    ["npm run dev -- --port 1", "has no option --port"],
    ["npm test -- test/node/nope.test.ts", "There is no test/node/nope.test.ts"],
    ["npm run check -- --fast", "takes no options"],
    ["npx wrangler secret put DISCORD_KEY", "reads no variable DISCORD_KEY"],
    ["npx wrangler frobnicate", "No test knows wrangler frobnicate"],
    ["npx cowsay", "no use for npx cowsay"],
    ["docker run redis", 'No test knows the command "docker"'],
    ["npm ci && rm -rf x", 'No test knows the command "rm"'],
  ])("is found wrong: %s", async (line, problem) => {
    expect((await tryLine(line, undefined)).problem).toContain(problem);
  });

  it.each(["npm ci && npm run dev", "npm run dev -- --worker-port 8887", "npx wrangler secret put ADMIN_TOKEN"])(
    "is found right: %s",
    async (line) => {
      expect((await tryLine(line, undefined)).problem).toBeUndefined();
    },
  );
});

describe("the output in a page", () => {
  it.each([
    ["Redis answered in 2 ms.", "Redis answered in 31.5 ms."],
    ["a\n…\nd", "a\nb\nc\nd"],
    ["a\n…\nb", "a\nb"],
    ["Registered: /ping, …", "Registered: /ping, /whois."],
    ["woke up 2 seconds ago", "woke up 1 second ago"],
    ["woke up 2 seconds ago", "woke up now"],
    ["a  ", "a\n"],
  ])("is like the real one: %j and %j", (said, real) => {
    expect(differenceOf(said, real)).toBeUndefined();
  });

  it.each([
    ["Redis answered.", "Redis did not answer."],
    ["a\n…\nd", "a\nb\nc"],
    ["a", "a\nb"],
    ["a.c", "abc"],
    ["", "a"],
  ])("is unlike the real one: %j and %j", (said, real) => {
    expect(differenceOf(said, real)).toEqual({ said, real });
  });
});
