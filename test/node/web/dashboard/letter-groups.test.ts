import { expect, it } from "vitest";
import { readLetterGroups } from "../../../../src/web/dashboard/letter-groups.ts";
import type { AdminServices } from "../../../../src/web/services.ts";

/** Services whose features deliver these groups, and the pages of dead letters that they were asked for. */
function createServices(...names: string[]) {
  const asked: unknown[] = [];
  const group = (name: string) => ({
    name,
    deadLetterCount: async () => 7,
    async deadLetters(page: object) {
      asked.push([name, page]);
      return [{ id: "1-0" }];
    },
  });
  const services = { groups: new Map(names.map((name) => [name, group(name)])), pubsub: { group } };
  return { services: services as unknown as AdminServices, asked };
}

const shown = (name: string, isReplayable = true) => ({ name, count: 7, letters: [{ id: "1-0" }], isReplayable });

it("shows the first twenty dead letters of each group, and fifty of one alone, delivered by a feature or not", async () => {
  const { services, asked } = createServices("feeds", "mail");
  expect(await readLetterGroups(services)).toEqual([shown("feeds"), shown("mail")]);
  expect(await readLetterGroups(services, "mail")).toEqual([shown("mail")]);
  expect(await readLetterGroups(services, "gone")).toEqual([shown("gone", false)]);
  expect(asked).toEqual([
    ["feeds", { count: 20 }],
    ["mail", { count: 20 }],
    ["mail", { count: 50 }],
    ["gone", { count: 50 }],
  ]);
});

it("goes on behind a dead letter, and from the beginning behind what is none", async () => {
  const { services, asked } = createServices("feeds");
  for (const after of ["5-1", "5", "5-", "x5-1", "5-1 ", `${"1".repeat(21)}-1`, undefined])
    await readLetterGroups(services, "feeds", after);
  const [first, ...others] = asked;
  expect(first).toEqual(["feeds", { count: 50, after: "5-1" }]);
  for (const other of others) expect(other).toStrictEqual(["feeds", { count: 50 }]);
});

it("shows all groups for what names none", async () => {
  const { services } = createServices("feeds", "mail");
  expect(await readLetterGroups(services, "no group")).toEqual([shown("feeds"), shown("mail")]);
});
