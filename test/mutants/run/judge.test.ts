import { expect, it } from "vitest";
import type { Mutant } from "../mutate/mutants.ts";
import { BaselineError, createJudge } from "./judge.ts";
import type { Lane, Outcome } from "./lane.ts";

const [near, far, slow] = ["l1", "kind", "property"].map((name) => {
  return { project: "workerd", file: `test/workerd/cache/${name}.test.ts` };
}) as [TestAt, TestAt, TestAt];
type TestAt = { project: string; file: string };

const mutant: Mutant = {
  file: "src/cache/l1.ts",
  line: 1,
  kind: "boundary",
  from: "a < b",
  to: "a <= b",
  text: "a <= b",
};

const passed: Outcome = { type: "passed" };
const failedIn = (test: TestAt): Outcome => ({ type: "failed", failure: { ...test, test: "keeps it", error: "no" } });

/** A judge whose lane answers its jobs in turn, and what was asked of that lane. */
function judgeWith(...outcomes: Outcome[]) {
  const asked: string[] = [];
  const lane: Lane = {
    async run({ change, tests }) {
      const names = tests.map(({ file }) => /([^/]+)\.test\.ts$/.exec(file)?.[1]);
      asked.push(`${change ? "with" : "without"}: ${names.join(", ")}`);
      return outcomes.shift() ?? passed;
    },
    close() {},
  };
  return { asked, judge: createJudge(lane, { tests: [slow, far, near], sound: new Set() }) };
}

it("asks the nearest tests first, and slow ones after all others", async () => {
  const { asked, judge } = judgeWith();
  expect((await judge(mutant)).noticedBy).toBeUndefined();
  expect(asked).toEqual(["with: l1, kind", "with: property"]);
});

it("believes a failure that comes twice, and not without the fault, and asks a test once without", async () => {
  const failed = failedIn(near);
  const { asked, judge } = judgeWith(failed, failed, passed, failed, failed);
  expect((await judge(mutant)).noticedBy).toBe("test/workerd/cache/l1.test.ts: keeps it");
  expect((await judge(mutant)).noticedBy).toBe("test/workerd/cache/l1.test.ts: keeps it");
  expect(asked).toEqual(["with: l1, kind", "with: l1", "without: l1", "with: l1, kind", "with: l1"]);
});

it("goes on after a failure that does not come again", async () => {
  const { asked, judge } = judgeWith(failedIn(near), passed);
  expect((await judge(mutant)).noticedBy).toBeUndefined();
  expect(asked).toEqual(["with: l1, kind", "with: l1", "with: kind", "with: property"]);
});

it("stops where a test fails without a fault, and names it", async () => {
  const failed = failedIn(far);
  const { judge } = judgeWith(...Array.from({ length: 7 }, () => failed));
  await expect(judge(mutant)).rejects.toThrow(BaselineError);
});

it("gives no verdict on a fault whose tests are not through in time", async () => {
  const { asked, judge } = judgeWith(passed, { type: "late" });
  expect(await judge(mutant)).toMatchObject({ noticedBy: undefined, isLate: true });
  expect(asked).toEqual(["with: l1, kind", "with: property"]);
});

it.each(["hung", "crashed"] as const)("takes tests that %s for a notice", async (type) => {
  const { judge } = judgeWith({ type });
  expect((await judge(mutant)).noticedBy).toBe(`all tests: they ${type}`);
});
