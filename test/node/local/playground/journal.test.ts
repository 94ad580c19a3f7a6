import { expect, it } from "vitest";
import { createJournal } from "../../../../local/playground/server/journal.ts";

it("returns what came after an entry, as long as all of it is kept", () => {
  const journal = createJournal(3);
  const add = (id: string) => journal.add(() => ({ type: "pending-gone", id }));
  const ids = (after: string) =>
    journal
      .after(after)
      ?.map(({ make }) => make("1"))
      .map((event) => event && "id" in event && event.id);
  const start = journal.last();
  add("a");
  const first = journal.last();
  expect([ids(start), ids(first)]).toEqual([["a"], []]);
  for (const id of ["b", "c", "d"]) add(id);
  expect([ids(start), ids(first)]).toEqual([undefined, ["b", "c", "d"]]);
  expect(createJournal().after(first)).toBeUndefined();
  for (const id of ["", "-1", `${first}0000`, first.replace(/\d+$/, "1e1")]) expect(journal.after(id)).toBeUndefined();
});

it("tells each entry to those who listen, until they do no more", () => {
  const journal = createJournal();
  const heard: string[] = [];
  const off = journal.on(({ id }) => heard.push(`one ${id}`));
  journal.on(({ id }) => heard.push(`two ${id}`));
  journal.add(() => undefined);
  const first = journal.last();
  off();
  journal.add(() => undefined);
  expect(heard).toEqual([`one ${first}`, `two ${first}`, `two ${journal.last()}`]);
  expect(first).toMatch(/^[0-9a-f]{8}-1$/);
});

it("knows no entry that is still to come, and keeps 2,000", () => {
  const journal = createJournal();
  const start = journal.last();
  expect(start).toMatch(/-0$/);
  for (let count = 0; count < 2_000; count++) journal.add(() => undefined);
  expect(journal.after(start)).toHaveLength(2_000);
  expect(journal.after(start.replace(/0$/, "2000"))).toEqual([]);
  expect(journal.after(start.replace(/0$/, "2001"))).toBeUndefined();
  journal.add(() => undefined);
  expect(journal.after(start)).toBeUndefined();
});
