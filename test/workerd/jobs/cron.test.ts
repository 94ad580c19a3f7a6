import { Cron } from "croner";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCron } from "../../../src/jobs/cron.ts";

const at = (text: string) => Date.parse(text);
const iso = (wall: number | undefined) =>
  wall === undefined ? undefined : new Date(wall).toISOString().replace(".000Z", "");

/** The first `count` times of a pattern after a wall time. */
function times(cron: string, after: number, count = 4): (string | undefined)[] {
  const pattern = readCron(cron);
  const found: (number | undefined)[] = [];
  let wall: number | undefined = after;
  for (let index = 0; index < count && wall !== undefined; index++) {
    wall = pattern.from(wall + 1);
    found.push(wall);
  }
  return found.map(iso);
}

/** 2026-01-01 is a Thursday. */
const newYear = at("2026-01-01T00:00:00Z");

it.each([
  ["0 9 * * *", "2026-01-01T09:00:00", "2026-01-02T09:00:00"],
  ["*/20 9-10 * * *", "2026-01-01T09:00:00", "2026-01-01T09:20:00"],
  ["30 59 23 * * *", "2026-01-01T23:59:30", "2026-01-02T23:59:30"],
  ["0 0 12 1 1 * 2028-2030", "2028-01-01T12:00:00", "2029-01-01T12:00:00"],
  ["0 9 * jan-mar/2 MON", "2026-01-05T09:00:00", "2026-01-12T09:00:00"],
  ["0 9 * * fri-sun", "2026-01-02T09:00:00", "2026-01-03T09:00:00"],
  ["0 9 * * 7", "2026-01-04T09:00:00", "2026-01-11T09:00:00"],
  ["0 9 1 * mon", "2026-01-01T09:00:00", "2026-01-05T09:00:00"],
  ["0 9 1 * +mon", "2026-06-01T09:00:00", "2027-02-01T09:00:00"],
  ["0 9 ? * mon", "2026-01-05T09:00:00", "2026-01-12T09:00:00"],
  ["0 9 L * *", "2026-01-31T09:00:00", "2026-02-28T09:00:00"],
  ["0 9 1,L * *", "2026-01-01T09:00:00", "2026-01-31T09:00:00"],
  ["0 9 LW * *", "2026-01-30T09:00:00", "2026-02-27T09:00:00"],
  ["0 9 1W 8 *", "2026-08-03T09:00:00", "2027-08-02T09:00:00"],
  ["0 9 15W * *", "2026-01-15T09:00:00", "2026-02-16T09:00:00"],
  ["0 9 * * 5#2", "2026-01-09T09:00:00", "2026-02-13T09:00:00"],
  ["0 9 * * FRI#L", "2026-01-30T09:00:00", "2026-02-27T09:00:00"],
  ["0 9 * * 5-6L", "2026-01-30T09:00:00", "2026-01-31T09:00:00"],
  ["0 0 29 2 *", "2028-02-29T00:00:00", "2032-02-29T00:00:00"],
  ["@Daily", "2026-01-02T00:00:00", "2026-01-03T00:00:00"],
  ["@yearly", "2027-01-01T00:00:00", "2028-01-01T00:00:00"],
])("`%s` is first at %s, then at %s", (cron, first, second) => {
  expect(times(cron, newYear, 2)).toEqual([first, second]);
});

it.each(["0 0 30 2 *", "0 0 0 1 1 * 2020", "0 9 31W 2 *"])("`%s` never comes", (cron) => {
  expect(readCron(cron).from(newYear)).toBeUndefined();
});

it.each([
  "",
  "* * * *",
  "* * * * * * * *",
  "@reboot",
  "60 * * * *",
  "* 24 * * *",
  "* * 0 * *",
  "* * 32 * *",
  "* * * 13 *",
  "* * * * 8",
  "5-1 * * * *",
  "*/0 * * * *",
  "*/61 * * * *",
  "5/15 * * * *",
  "/5 * * * *",
  "1, * * * *",
  "x * * * *",
  "1.5 * * * *",
  "-1 * * * *",
  "1-2-3 * * * *",
  "5* * * * *",
  "0x5 * * * *",
  "1e1 * * * *",
  "* * W * *",
  "* * 15-17W * *",
  "* * * * 5#6",
  "* * * * 5#0",
  "* * * * 5#",
  "* * * * L",
  "* * * * +",
  "* * * * monday",
  "* * * foo *",
  "* L * * *",
])("refuses `%s`", (cron) => {
  expect(() => readCron(cron)).toThrow(TypeError);
});

describe("beside croner", () => {
  const field = (least: number, most: number, steps: number) => {
    const number = fc.integer({ min: least, max: most });
    const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
    const step = fc.integer({ min: 1, max: steps });
    return fc.oneof(
      number.map(String),
      range,
      fc.tuple(fc.oneof(range, fc.constant("*")), step).map(([part, by]) => `${part}/${by}`),
    );
  };
  const list = (part: fc.Arbitrary<string>) =>
    fc.oneof(
      { weight: 2, arbitrary: fc.constant("*") },
      { weight: 3, arbitrary: fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(",")) },
    );
  const days = fc.oneof(
    { weight: 3, arbitrary: field(1, 31, 31) },
    fc.integer({ min: 1, max: 31 }).map((day) => `${day}W`),
    fc.constant("L"),
  );
  const weekday = fc.oneof(
    { weight: 2, arbitrary: field(0, 7, 7) },
    fc.constantFrom("sun", "MON", "fri-sun", "sun-tue", "sat", "mon-FRI"),
    fc.tuple(field(0, 6, 7), fc.constantFrom("1", "2", "3", "4", "5", "L")).map(([part, nth]) => `${part}#${nth}`),
    fc.constantFrom("5L", "2-3L"),
  );
  const cron = fc
    .tuple(
      fc.oneof(
        fc.constant(""),
        list(field(0, 59, 60)).map((second) => `${second} `),
      ),
      list(field(0, 59, 60)),
      list(field(0, 23, 24)),
      fc.oneof({ weight: 9, arbitrary: list(days) }, fc.constant("LW")),
      list(fc.oneof(field(1, 12, 12), fc.constantFrom("feb", "JAN-mar", "dec"))),
      fc.tuple(fc.constantFrom("", "", "+"), list(weekday)).map((parts) => parts.join("")),
    )
    .map(([second, ...fields]) => `${second}${fields.join(" ")}`);

  /**
   * The wall times at which another time of the pattern would show, were one left out between `after` and `found`. A pattern's fields
   * stand for themselves, so that beside every time of it are those that have one more field of `found`.
   */
  function* between(after: number, found: number): Generator<number> {
    const spans = [1_000, 60_000, 3_600_000, 86_400_000, Infinity];
    for (const [index, step] of spans.slice(0, -1).entries()) {
      const span = spans[index + 1] ?? Infinity;
      for (let wall = found - step; wall > after && wall > found - span; wall -= step) yield wall;
      if (span === Infinity || after + span >= found) continue;
      const first = found - Math.ceil((found - after) / step - 1) * step;
      for (let wall = first; wall < after + span; wall += step) yield wall;
    }
  }

  // Its `match` is asked, for croner 11.0's own search skips times: `0 0 0 1,30 * *` has none on 2027-03-01.
  it("finds the same times", () => {
    const start = fc.integer({ min: newYear / 1_000, max: newYear / 1_000 + 4 * 366 * 86_400 });
    fc.assert(
      fc.property(cron, start, (cron, start) => {
        const theirs = new Cron(cron, { utcOffset: 0 });
        const isTheirs = (wall: number) => theirs.match(new Date(wall));
        const ours = readCron(cron);
        let after = start * 1_000;
        for (let index = 0; index < 4; index++) {
          const found = ours.from(after + 1);
          if (found === undefined) {
            expect(theirs.nextRun(new Date(after))).toBeNull();
            return;
          }
          expect(isTheirs(found), iso(found)).toBe(true);
          expect([...between(after, found)].filter(isTheirs).map(iso), `before ${iso(found)}`).toEqual([]);
          after = found;
        }
      }),
      { numRuns: 500 },
    );
  }, 60_000);
});
