import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { UsageError } from "../../../../local/command-line.ts";
import { type Check, type Finding, right, unknown, wrong } from "../../../../local/doctor/check.ts";
import { readSeconds, report, withoutSkipped } from "../../../../local/doctor/report.ts";
import { factsOf } from "./support.ts";

const check = (name: string, finding: Finding | Promise<Finding>): Check => ({ name, run: async () => finding });

async function run(checks: readonly Check[], isJson = false) {
  const printed: string[] = [];
  const print = (text: string) => void printed.push(stripVTControlCharacters(text));
  return { printed, code: await report({ checks, facts: factsOf(), isJson, print }) };
}

it("prints a line for each check in its place, and how many came to what", async () => {
  const late = Promise.withResolvers<Finding>();
  const checks = [
    check("slow-one", late.promise),
    check("key", wrong("It is\n   another's.", "npm run setup")),
    { name: "cron", run: async () => (late.resolve(right("all well")), unknown("not known")) },
    check("more", right("yes")),
  ];
  expect(await run(checks)).toEqual({
    code: 1,
    printed: [
      "✓ slow-one  all well\n",
      "✗ key       It is another's.  → npm run setup\n",
      "– cron      not known\n",
      "✓ more      yes\n",
      "\n2 right, 1 wrong, 1 not known from here.\n",
    ],
  });
});

it("ends well where nothing is wrong, whatever is not known", async () => {
  expect((await run([check("a", right("x")), check("b", unknown("y"))])).code).toBe(0);
  expect(await run([check("a", right("x"))], true)).toEqual({
    code: 0,
    printed: [`${JSON.stringify({ ok: true, checks: [{ name: "a", is: "right", text: "x" }] }, null, 2)}\n`],
  });
  const { code, printed } = await run([check("a", wrong("x", "y"))], true);
  expect([code, JSON.parse(printed.join(""))]).toEqual([
    1,
    { ok: false, checks: [{ name: "a", is: "wrong", text: "x", cure: "y" }] },
  ]);
});

it("leaves out the checks that are named, and refuses other names", () => {
  const checks = ["a", "b", "c"].map((name) => check(name, right("x")));
  const left = (text: string) => withoutSkipped(checks, text).map(({ name }) => name);
  expect([left(""), left("b"), left("a,,c,")]).toEqual([["a", "b", "c"], ["a", "c"], ["b"]]);
  expect(() => left("a,d")).toThrow(new UsageError('--skip takes names of checks, not "d". There are a, b, c.'));
});

it("reads whole seconds", () => {
  expect(["0", "75", "9999"].map((text) => readSeconds("--wait", text))).toEqual([0, 75_000, 9_999_000]);
  for (const text of ["", "-1", "1.5", "10000", "1s"])
    expect(() => readSeconds("--wait", text)).toThrow(new UsageError(`--wait takes whole seconds, not "${text}".`));
});
