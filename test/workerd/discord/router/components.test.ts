import { describe, expect, it } from "vitest";
import { command, component, modal } from "../../../../src/bot/kit.ts";
import { checkHandlers, updateMessage } from "../../../../src/discord/index.ts";
import { createTestBot } from "../../../support/bot.ts";
import { click, slash, submission } from "../../../support/payloads.ts";
import { answer, description, resolved, robin } from "./support.ts";

describe("components and modals", () => {
  it("passes parameters, values and the message to the handler of a component", async () => {
    const handlers = [
      component({ id: "b/:n<int>", run: ({ params, message }) => updateMessage(`${params.n} on ${message.id}`) }),
      component({ id: "s", type: "string-select", run: ({ values }) => values.join() }),
      component({ id: "u", type: "user-select", run: ({ values }) => values.map(({ user }) => user.username).join() }),
      component({ id: "r", type: "role-select", run: ({ values }) => values.map(({ name }) => name).join() }),
      component({ id: "m", type: "mentionable-select", run: ({ values }) => values.map(({ kind }) => kind).join() }),
      component({ id: "c", type: "channel-select", run: ({ values }) => values.map(({ name }) => name).join() }),
      component({ id: "nothing", run: () => {} }),
    ];
    const bot = await createTestBot({ handlers });
    const content = async (payload: object) => (await bot.interact(payload)).body;
    expect(await content(click("b/7"))).toEqual({
      type: 7,
      data: { content: "7 on 1200000000000000009", allowed_mentions: { parse: [] } },
    });
    const select = (id: string, component_type: number, ...values: string[]) =>
      click(id, { component_type, values, resolved });
    expect(await content(select("s", 3, "a", "b"))).toMatchObject({ type: 4, data: { content: "a,b" } });
    expect(await content(select("s", 3))).toMatchObject({ data: { content: "" } });
    expect(await content(select("u", 5, robin.id))).toMatchObject({ data: { content: "robin" } });
    expect(await content(select("r", 6, "1100000000000000101"))).toMatchObject({ data: { content: "Crew" } });
    expect(await content(select("m", 7, robin.id, "1100000000000000101"))).toMatchObject({
      data: { content: "user,role" },
    });
    expect(await content(select("c", 8, "1100000000000000111"))).toMatchObject({ data: { content: "general" } });
    expect(await content(click("nothing"))).toEqual({ type: 6 });
    // A menu where a button was declared, and a person who is missing in the payload.
    for (const odd of [select("b/7", 3, "x"), select("u", 5, "404")]) {
      expect(await content(odd)).toMatchObject({
        data: { flags: 64, content: expect.stringContaining("was changed since") },
      });
    }
  });

  const form = modal({
    id: "form/:n<int>",
    title: "Form",
    fields: {
      hint: { type: "display", content: "Fill it in" },
      name: { type: "text", label: "Name" },
      colour: { type: "string-select", label: "Colour", options: [{ label: "Red", value: "red" }] },
      who: { type: "user-select", label: "Who" },
      upload: { type: "file", label: "File" },
    },
    run: ({ params, fields: f, message }) =>
      [params.n, f.name, f.colour.join(), f.who[0]?.user.username, f.upload[0]?.filename, message?.id].join(" "),
  });

  it("opens a form in Discord's shape, with values filled in", async () => {
    const open = command({ name: "open", description, run: () => form.show({ n: 4 }, { name: { value: "Ada" } }) });
    expect(await answer({ handlers: [open, form] }, slash("open"))).toMatchObject({
      type: 9,
      data: {
        custom_id: "form/4",
        title: "Form",
        components: [
          { type: 10, content: "Fill it in" },
          { type: 18, label: "Name", component: { type: 4, custom_id: "name", style: 1, value: "Ada" } },
          { type: 18, component: { type: 3, custom_id: "colour", options: [{ label: "Red", value: "red" }] } },
          { type: 18, component: { type: 5 } },
          { type: 18, component: { type: 19 } },
        ],
      },
    });
  });

  const filled = [
    { type: 4, custom_id: "name", value: "Ada" },
    { type: 3, custom_id: "colour", values: ["red"] },
    { type: 5, custom_id: "who", values: [robin.id] },
    { type: 19, custom_id: "upload", values: ["77"] },
  ];

  it("passes entered values to the handler of a form", async () => {
    const payload = submission("form/4", filled);
    const body = await answer({ handlers: [form] }, { ...payload, data: { ...payload.data, resolved } });
    expect(body).toMatchObject({ type: 4, data: { content: "4 Ada red robin a.txt " } });
  });

  it("passes radio buttons and checkboxes to the handler of a form, chosen or not", async () => {
    const options = [
      { label: "S", value: "s" },
      { label: "L", value: "l" },
    ];
    const order = modal({
      id: "order",
      title: "Order",
      fields: {
        size: { type: "radio", label: "Size", options },
        extras: { type: "checkboxes", label: "Extras", options },
        sure: { type: "checkbox", label: "Sure" },
      },
      run: ({ fields: { size, extras, sure } }) => JSON.stringify([size, extras, sure]),
    });
    const submit = (size: string | null, extras: string[], sure: boolean) =>
      answer(
        { handlers: [order] },
        submission("order", [
          { type: 21, custom_id: "size", value: size },
          { type: 22, custom_id: "extras", values: extras },
          { type: 23, custom_id: "sure", value: sure },
        ]),
      );
    expect(await submit("l", ["s", "l"], true)).toMatchObject({ data: { content: '["l",["s","l"],true]' } });
    expect(await submit(null, [], false)).toMatchObject({ data: { content: "[null,[],false]" } });
  });

  it("has a check that refuses a form that Discord would not show", () => {
    const text = (label = "L") => ({ type: "text", label }) as const;
    const declare = (title: string, fields: Parameters<typeof modal>[0]["fields"]) =>
      checkHandlers([modal({ id: "bad", title, fields, run: () => "x" })]);
    expect(() => declare("T", {})).toThrow('The modal "bad": it has 0 fields, Discord takes 1 to 5');
    expect(() => declare("T", { a: text(), b: text(), c: text(), d: text(), e: text(), f: text() })).toThrow(
      "6 fields",
    );
    expect(() => declare("x".repeat(46), { a: text() })).toThrow("its title must be 1 to 45 characters");
    expect(() => declare("T", { a: text("x".repeat(46)) })).toThrow('the label of "a" has more than 45 characters');
  });

  it("answers that a form was changed when its fields do not fit the declaration", async () => {
    expect(await answer({ handlers: [form] }, submission("form/4", filled.slice(1)))).toMatchObject({
      data: { flags: 64, content: expect.stringContaining("was changed since") },
    });
  });
});
