import { expect, it } from "vitest";
import { type TestFile, testsOf } from "./tests-of.ts";

const all: TestFile[] = [
  "workerd/bot/help",
  "workerd/bot/poll",
  "workerd/cache/property",
  "workerd/cache/contract",
  "workerd/cache/l1",
  "node/bot/poll",
  "node/local/redis/cli",
  "node/local/redis/rest/bill",
  "node/local/discord/serve",
  "e2e/bot/poll",
  "e2e/bot/remind",
  "e2e/kit/sim",
  "node/local/playground/exchanges",
  "node/local/playground/stream",
  "node/local/playground/page/form/values",
  "e2e/playground/composer",
  "e2e/playground/messages",
].map((path) => ({ project: path.split("/")[0] ?? "", file: `test/${path}.test.ts` }));

const of = (file: string) => testsOf(file, all).map((test) => test.file.slice("test/".length, -".test.ts".length));

it.each([
  [
    "the test at the same path, then the part's, property tests last",
    "src/cache/l1.ts",
    ["workerd/cache/l1", "workerd/cache/contract", "workerd/cache/property"],
  ],
  [
    "the tests that bear its folder's name, end-to-end tests last",
    "src/bot/poll/commands.ts",
    ["workerd/bot/poll", "node/bot/poll", "workerd/bot/help", "e2e/bot/poll"],
  ],
  [
    "end-to-end tests that shorten its name",
    "src/bot/reminders/job.ts",
    ["workerd/bot/help", "workerd/bot/poll", "node/bot/poll", "e2e/bot/remind"],
  ],
  [
    "of the offline world, the nearest first",
    "local/redis/rest/bill.ts",
    ["node/local/redis/rest/bill", "node/local/redis/cli"],
  ],
  ["end-to-end tests of the offline world", "local/kit/sim.ts", ["e2e/kit/sim"]],
  [
    "of the playground's server, the test of the same name first",
    "local/playground/server/stream.ts",
    [
      "node/local/playground/stream",
      "node/local/playground/exchanges",
      "node/local/playground/page/form/values",
      "e2e/playground/composer",
      "e2e/playground/messages",
    ],
  ],
  [
    "of the playground's page, its own tests first, then the browser test that looks at it",
    "local/playground/page/message/times.ts",
    [
      "node/local/playground/exchanges",
      "node/local/playground/stream",
      "node/local/playground/page/form/values",
      "e2e/playground/messages",
      "e2e/playground/composer",
    ],
  ],
])("asks %s", (_name, file, expected) => {
  expect(of(file)).toEqual(expected);
});

it("asks the test of a file with markup by the file's name too", () => {
  const tests = ["workerd/web/other", "workerd/web/dashboard/page-app"].map((path) => ({
    project: "workerd",
    file: `test/${path}.test.ts`,
  }));
  expect(testsOf("src/web/dashboard/page-app.tsx", tests).map(({ file }) => file)).toEqual([
    "test/workerd/web/dashboard/page-app.test.ts",
    "test/workerd/web/other.test.ts",
  ]);
});
