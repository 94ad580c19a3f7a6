import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

// npm runs scripts by cmd.exe on Windows, and by sh elsewhere: they hold only what both understand.

const root = join(import.meta.dirname, "../..");
const scriptsOf = (folder: string): [string, string][] =>
  Object.entries(
    JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")).scripts as Record<string, string>,
  );
const scripts = [...scriptsOf("."), ...scriptsOf("examples")];

it.each(scripts)("keeps npm run %s free of what one shell alone understands", (_name, script) => {
  // Quotes, variables, substitution, pipes, redirection, background, lists, globs, and settings before a command.
  expect(script.replaceAll(" && ", " ")).not.toMatch(/['"`$|<>;*&\\%^]|^\w+=|\b(?:rm|cp|mv|mkdir|export|cat|sh|bash) /);
});

it("names a file that exists wherever a script runs one", () => {
  for (const [folder, list] of [
    [".", scriptsOf(".")],
    ["examples", scriptsOf("examples")],
  ] as const) {
    for (const [name, script] of list) {
      for (const [file] of script.matchAll(/(?<=^| )[\w/-]+\.ts\b/g)) {
        expect(existsSync(join(root, folder, file)), `${name}: ${file}`).toBe(true);
      }
    }
  }
});

it("installs the examples from npm's registry alone", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "examples/package-lock.json"), "utf8")) as {
    packages: Record<string, { resolved?: string; integrity?: string }>;
  };
  const installed = Object.entries(packages).filter(([name]) => name !== "");
  expect(installed.length).toBeGreaterThan(2);
  for (const [name, { resolved = "https://registry.npmjs.org/", integrity }] of installed) {
    expect([name, resolved, integrity]).toEqual([
      name,
      expect.stringMatching(/^https:\/\/registry\.npmjs\.org\//),
      expect.stringMatching(/^sha512-/),
    ]);
  }
});
