import { expect, it } from "vitest";
import { type Entered, submitData } from "../../../../../local/discord/interactions/modals.ts";
import { ada, general, harbour, linus, news, sailors, startWorld } from "./support.ts";

const label = (name: string, component: object, id = 1) => ({ type: 18, id, label: name, component });
const options = ["a", "b"].map((value) => ({ label: value.toUpperCase(), value }));
const text = { type: 4, id: 2, custom_id: "t", style: 1 };
const upload = { type: 19, id: 3, custom_id: "u" };

/** Submits a form: its data, or the sentence that says why not. */
async function submit(components: object[], entered: Entered): Promise<unknown> {
  const { context, asker } = startWorld();
  try {
    return await submitData(context, asker, general, { custom_id: "f", title: "F", components }, entered);
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

const file = (more: object = {}) => ({ name: "a.txt", type: "text/plain", data: "hello", ...more });

it("submits each field with its type, id and custom_id, by label or custom_id, and texts of the form as they are", async () => {
  const rows = [
    label("Name", text),
    { type: 1, id: 4, components: [{ ...text, id: 5, custom_id: "old", label: "Old" }] },
    { type: 10, id: 6, content: "Only text" },
    label("Pick", { type: 3, id: 8, custom_id: "p", options }, 7),
  ];
  const data = {
    custom_id: "f",
    components: [
      { type: 18, id: 1, component: { type: 4, id: 2, custom_id: "t", value: "Bo" } },
      { type: 1, id: 4, components: [{ type: 4, id: 5, custom_id: "old", value: "x" }] },
      { type: 10, id: 6 },
      { type: 18, id: 7, component: { type: 3, id: 8, custom_id: "p", values: ["a"] } },
    ],
  };
  expect(await submit(rows, { Name: "Bo", old: "x", Pick: ["a"] })).toEqual(data);
  expect(await submit(rows, { t: "Bo", Name: "no", old: "x", Pick: ["A"] })).toEqual(data);
  expect(await submit([label("Name", text)], { Nam: "x" })).toBe('The form has no field "Nam". It has: "Name".');
});

it("resolves the people, roles and channels that were chosen, and no text that looks like one", async () => {
  const menus = [5, 6, 7, 8].map((type) => label(`M${type}`, { type, custom_id: `m${type}`, max_values: 2 }));
  const entered = { M5: ["@ada"], M6: ["@Sailors"], M7: ["@linus", "@Sailors"], M8: ["#news"] };
  expect(await submit(menus, entered)).toMatchObject({
    resolved: {
      users: { [ada]: { username: "ada" }, [linus]: {} },
      members: { [ada]: {}, [linus]: {} },
      roles: { [sailors]: { name: "Sailors" } },
      channels: { [news]: { name: "news" } },
    },
  });
  const ids = { type: 3, custom_id: "s", options: [{ label: "Ada", value: ada }] };
  expect(await submit([label("S", ids)], { S: ["Ada"] })).not.toHaveProperty("resolved");
  expect(
    await submit([label("C", { type: 22, custom_id: "c", options: ids.options })], { C: [ada] }),
  ).not.toHaveProperty("resolved");
  expect(harbour).not.toBe(ada);
});

it("submits the files that were picked, as many, of the size and of the types that the field takes", async () => {
  const sent = (await submit([label("File", { ...upload, max_values: 2 })], {
    File: [file(), file({ name: "b.txt" })],
  })) as {
    components: { component: { values: string[] } }[];
    resolved: { attachments: Record<string, { filename: string }> };
  };
  const values = sent.components[0]?.component.values ?? [];
  expect(values.map((id) => sent.resolved.attachments[id])).toMatchObject([
    { filename: "a.txt", size: 5, ephemeral: true, url: expect.stringContaining(`/attachments/${general}/`) },
    { filename: "b.txt" },
  ]);
  const one = [label("File", upload)];
  expect(await submit(one, { File: [file(), file()] })).toBe('"File" takes 1 file, not 2.');
  expect(await submit(one, {})).toBe('"File" takes 1 file, not 0.');
  expect(await submit([label("File", { ...upload, required: false })], {})).toMatchObject({
    components: [{ component: { values: [] } }],
  });
  expect(await submit(one, { File: [file({ data: new Uint8Array(10 * 1_048_576 + 1) })] })).toBe(
    "a.txt is too large: the limit is 10 MiB.",
  );
  const typed = [label("File", { ...upload, file_types: ["image"] })];
  expect(await submit(typed, { File: [file()] })).toBe("a.txt cannot be attached here. Accepted: image.");
  expect(await submit(typed, { File: [file({ name: "a.png" })] })).toHaveProperty("resolved.attachments");
});
