import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { commandChanges } from "../../../../local/dev/command-changes.ts";
import { createReporter } from "../../../../local/dev/reporter.ts";

function start() {
  const lines: string[] = [];
  const reporter = createReporter((line) => lines.push(stripVTControlCharacters(line)));
  const live = (saved: string[] = [], changes: string[] = [], ms = 1_234) => reporter.onLive({ saved, changes, ms });
  return { ...reporter, live, lines };
}

const mistake = { title: "The Worker cannot start", text: "Early.", file: "src/a.ts:1:2" };

it("says nothing of the first start, which is announced with its addresses", () => {
  const { live, lines } = start();
  live(["src/a.ts"], ["new /ping"]);
  expect(lines).toEqual([]);
});

it("names what was saved, how long it took, and the commands that changed", () => {
  const { live, lines } = start();
  live();
  live(["src/a.ts"], ["new /pong", "gone /ping"]);
  live(["src/a.ts", "src/b.ts"], [], 950);
  live(["src/a.ts", "src/b.ts", "src/c.ts"], [], 40);
  live();
  expect(lines).toEqual([
    "saved   src/a.ts: live after 1.2 s. Commands: new /pong, gone /ping.",
    "saved   src/a.ts and src/b.ts: live after 0.9 s.",
    "saved   src/a.ts and 2 other files: live after 0.0 s.",
    "saved   started again: live after 1.2 s.",
  ]);
});

it("says of a mistake whether a Worker answers meanwhile, and once when it is mended", () => {
  const { live, onMistake, lines } = start();
  onMistake(mistake);
  onMistake(null);
  live(["src/a.ts"], ["new /ping"]);
  onMistake({ title: "T", text: "Late." });
  onMistake(null);
  live(["src/a.ts"], ["new /pong"]);
  live(["src/a.ts"]);
  expect(lines).toEqual([
    "mistake src/a.ts:1:2: Early. The Worker starts when it is mended; save to try again.",
    "mended  src/a.ts: live after 1.2 s.",
    "mistake T: Late. The Worker before it goes on answering; save to try again.",
    "mended  src/a.ts: live after 1.2 s. Commands: new /pong.",
    "saved   src/a.ts: live after 1.2 s.",
  ]);
});

it("compares commands by type and name", () => {
  const body = (name: string, type = 1, description = "x") => ({ type, name, description });
  const before = [body("same"), body("gone"), body("other"), body("Menu", 2)];
  const after = [body("new"), body("other", 1, "y"), body("same"), body("Menu", 3)];
  expect(commandChanges(before, after)).toEqual([
    "new /new",
    "changed /other",
    'new "Menu"',
    "gone /gone",
    'gone "Menu"',
  ]);
  expect(commandChanges(before, before)).toEqual([]);
});
