import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { unstable_readConfig as readWranglerConfig } from "wrangler";
import { readConsole, readScript, type Typed } from "./docs/command-words.ts";
import { isRun, tryLine, variables } from "./docs/commands.ts";
import { type LocalWorld, startLocalWorld } from "./docs/local-world.ts";
import { differenceOf } from "./docs/output.ts";
import { type Fence, type Page, readPages, root } from "./docs/page.ts";
import { isQuoted, isTest, isTypeScript, loadSnippets, writeSnippets } from "./docs/snippets.ts";

// Every block of code, command and link in README.md and docs/. A block says with its language how it is tried:
//   ts FILE        run where a reader puts it: a feature joins the world of its page; docs/typescript.test.ts does the rest
//   sh             a command a line: `send` and `curl` are run in that world, of the others name and options are checked
//   console        `$ ` begins a command; what it prints is compared, with `…` for what is left out
//   toml ini json  parsed
//   text           not tried: it is no code
// A block of any language with the name of a FILE of the project is a part of that file.
// `not-run="reason"` behind the language leaves a block out, by name.

const pages = readPages();
const snippets = writeSnippets(pages);
afterAll(snippets.close);
const place = ({ page, line }: { page: string; line: number }): string => `${page}:${line}`;

describe.each(pages)("$name", (page) => {
  const modules = snippets.of(page).filter((one) => !isTest(one));
  let world: LocalWorld | undefined;
  const lines = page.fences.filter(({ language }) => isShell(language)).flatMap((fence) => typedOf(fence));
  const isSpokenTo = modules.length > 0 || lines.some(({ text }) => isRun(text));
  beforeAll(async () => {
    if (!isSpokenTo) return;
    const before = await startLocalWorld([]);
    // Programs of the page connect by these.
    for (const [name, value] of Object.entries(before.env)) vi.stubEnv(name, value);
    const features = await loadSnippets(modules);
    await before.close();
    world = await startLocalWorld(features);
  }, 60_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await world?.close();
  });

  for (const fence of page.fences.filter((one) => !isTypeScript(one) || isQuoted(one))) tryFence(fence);

  it.each(page.mentions.filter(({ command }) => !command.includes("…")))(
    "$line: `$command` exists",
    async ({ command }) => {
      expect((await tryLine(command, undefined)).problem).toBeUndefined();
    },
  );

  it("links to pages, anchors and addresses that can be", () => {
    const wrong = page.links.filter(({ target }) => !leadsSomewhere(page, target));
    expect(wrong.map(({ line, target }) => `${page.name}:${line}: ${target}`)).toEqual([]);
  });

  function tryFence(fence: Fence): void {
    const at = place(fence);
    if (fence.notRun !== undefined) {
      it.skip(`${at}: ${fence.text.split("\n")[0]} (not run: ${fence.notRun})`);
    } else if (isShell(fence.language)) {
      for (const typed of typedOf(fence)) {
        it(`${fence.page}:${typed.line}: ${typed.text}`, async () => tryTyped(typed, world), 60_000);
      }
    } else {
      it(`${at}: this ${fence.language || "block"} is right`, () => tryConfiguration(fence));
    }
  }
});

describe("README.md", () => {
  const lines = readFileSync(join(root, "README.md"), "utf8").trimEnd().split("\n");

  it("has at most 200 lines", () => {
    expect(lines.length).toBeLessThanOrEqual(200);
  });

  it("links every page of docs/ under More", () => {
    const more = lines.slice(lines.indexOf("## More")).join("\n");
    const pages = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
    expect(pages.filter((name) => !more.includes(`(docs/${name})`))).toEqual([]);
  });

  it("states the costs that `npm run costs` counted", () => {
    const counted = readFileSync(join(root, "docs/costs.md"), "utf8").split("\n");
    const stated = lines.filter((line) => /^\|.*\$\d/.test(line));
    expect(stated.length).toBeGreaterThan(1);
    expect(stated.filter((line) => !counted.includes(line))).toEqual([]);
  });
});

const isShell = (language: string): boolean => language === "sh" || language === "console";

const typedOf = ({ language, text, line, notRun }: Fence): Typed[] => {
  if (notRun !== undefined) return [];
  return language === "sh" ? readScript(text, line) : readConsole(text, line);
};

async function tryTyped({ text, output }: Typed, world: LocalWorld | undefined): Promise<void> {
  const tried = await tryLine(text, world);
  if (output === undefined || !isRun(text)) return expect(tried.problem).toBeUndefined();
  // A page may show what goes wrong: then the output is compared alone.
  const difference = differenceOf(output, tried.output ?? "");
  if (difference) expect(difference.real).toBe(difference.said);
}

function tryConfiguration({ language, file, text }: Fence): void {
  if (file !== undefined) return expect(readFileSync(join(root, file), "utf8")).toContain(text.trim());
  switch (language) {
    case "text":
      return;
    case "toml": {
      const path = join(snippets.folder, "wrangler.toml");
      writeFileSync(path, text);
      readWranglerConfig({ config: path });
      return;
    }
    case "ini":
      return expect(Object.keys(parseEnv(text)).filter((name) => !variables().has(name))).toEqual([]);
    case "json":
      return void JSON.parse(text);
    default:
      expect.unreachable(`A block of "${language}" names the file that it is, or is a part of: see CONTRIBUTING.md.`);
  }
}

/** Whether a link leads to a page, a file, a heading, or an address that can be one. */
function leadsSomewhere(from: Page, target: string): boolean {
  if (/^[a-z]+:/.test(target)) return URL.canParse(target.replaceAll("…", "x")) && !target.startsWith("http://www.");
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? from.name : join(dirname(from.name), path);
  if (!existsSync(join(root, file))) return false;
  const page = pages.find(({ name }) => name === file);
  return anchor === undefined || page?.anchors.has(anchor) === true;
}
