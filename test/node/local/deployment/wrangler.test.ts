import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { outputForPerson } from "../../../../local/deployment/wrangler.ts";
import { createFolder } from "./support.ts";

const root = join(import.meta.dirname, "../../../..");
const source = pathToFileURL(join(root, "local/deployment/wrangler.ts")).href;

/** Returns a program that tells how wrangler is started for a person: "null" where it prints to the terminal itself. */
function createProgram(): string {
  const path = join(createFolder(), "program.ts");
  writeFileSync(
    path,
    `import { outputForPerson, startWrangler } from ${JSON.stringify(source)};
const child = startWrangler(${JSON.stringify(root)}, ["--version"], { output: outputForPerson(process) });
child.stdout?.resume();
child.once("close", () => console.log("stdout", child.stdout === null ? "null" : "a pipe"));
`,
  );
  return path;
}

it.each<[boolean, boolean, string]>([
  [true, true, "shown"],
  [true, false, "piped"],
  [false, true, "piped"],
  [false, false, "piped"],
])("leaves a terminal to wrangler, which asks for a login only there: %j, %j", (stdin, stdout, output) => {
  expect(outputForPerson({ stdin: { isTTY: stdin }, stdout: { isTTY: stdout } } as unknown as NodeJS.Process)).toBe(
    output,
  );
});

it("reads what wrangler prints where no person can answer it", () => {
  const printed = execFileSync(process.execPath, [createProgram()], { input: "", encoding: "utf8" });
  expect(printed).toBe("stdout a pipe\n");
});

/** Runs a command in a terminal: `script` of util-linux. */
const hasScript = String(spawnSync("script", ["--version"]).stdout).includes("util-linux");

const without = hasScript ? "" : " (skipped: this machine has no `script` of util-linux)";

it.skipIf(!hasScript)(`lets wrangler print to the terminal of the person, and ask there${without}`, () => {
  const command = `${process.execPath} ${createProgram()}`;
  const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], { encoding: "utf8" });
  expect(stdout).toContain("stdout null");
});
