import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCommandLine, UsageError } from "../../local/command-line.ts";
import { commandLine, readMutantsOptions } from "./options.ts";
import { sourceFiles } from "./sources.ts";

const root = join(import.meta.dirname, "../..");

function read(...args: string[]) {
  const given = parseCommandLine(commandLine, args);
  return given && readMutantsOptions(given);
}

describe("npm run mutants", () => {
  it("reads its options", () => {
    expect(
      read("src/redis", "--sample", "200", "--seed", "7", "--max-time", "60", "--each", "9", "--lanes", "1"),
    ).toEqual({
      under: ["src/redis"],
      part: undefined,
      sample: 200,
      seed: 7,
      least: 80,
      forMs: 60_000,
      eachMs: 9_000,
      lanes: 1,
      isList: false,
      isJson: false,
    });
  });

  it.each([
    [["--sample", "0"], '--sample takes a whole number from 1 to 1000000000, not "0".'],
    [["--seed", "x"], '--seed takes a whole number from 0 to 1000000000, not "x".'],
    [["--least", "101"], '--least takes a whole number from 0 to 100, not "101".'],
    [["--max-time", "1.5"], '--max-time takes a whole number from 1 to 1000000000, not "1.5".'],
  ])("refuses %j", (args, message) => {
    expect(() => read(...args)).toThrow(new UsageError(message));
  });

  it("takes a file, a folder and a part", () => {
    expect(sourceFiles(root, { under: ["./src/redis/gate.ts"] })).toEqual(["src/redis/gate.ts"]);
    expect(sourceFiles(root, { under: ["local/redis/"] })).toContain("local/redis/rest/bill.ts");
    const all = sourceFiles(root, {});
    expect(all).toContain("local/playground/page/message/pictures.ts");
    for (const slow of [
      "local/dev.ts",
      "local/pictures/world.ts",
      "local/playground/page/composer/use-completion.ts",
    ]) {
      expect(all).not.toContain(slow);
    }
    expect(sourceFiles(root, { part: "local" })).toContain("local/start.ts");
    expect(sourceFiles(root, { part: "local" })).not.toContain("local/redis/guard.ts");
  });

  it("refuses a part and a path that do not exist", () => {
    expect(() => sourceFiles(root, { part: "none" })).toThrow(/^--part takes one of bot, cache, .*, not "none"\.$/);
    expect(() => sourceFiles(root, { under: ["src/none.ts"] })).toThrow(
      'No file of src/ or local/ is at "src/none.ts".',
    );
  });
});
