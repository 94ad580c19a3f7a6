import { expect, it } from "vitest";
import { createPerson } from "../../../../local/kit/person.ts";
import { show } from "../../../../local/kit/shown.ts";
import { startBot } from "../discord/support.ts";

const [button, link] = [
  { type: 2, style: 1, label: "Go", custom_id: "go" },
  { type: 2, style: 2, label: "Off", custom_id: "off", disabled: true },
];
const menu = (more: object = {}) => ({
  type: 1,
  components: [{ type: 3, custom_id: "m", options: [{ label: "Red", value: "r" }], ...more }],
});
const form = {
  custom_id: "f",
  title: "Form",
  components: [
    { type: 10, content: "x" },
    { type: 18, label: "Name", component: { type: 4, custom_id: "n", style: 1 } },
    { type: 1, components: [{ type: 4, custom_id: "o", style: 1, label: "Old" }] },
  ],
};

interface Sent {
  type: number;
  channel_id: string;
  member?: { user: { username: string } };
  data: { name?: string; custom_id?: string; values?: string[]; components?: { component?: { value: string } }[] };
}

/** Ada, before a bot that answers as the test says. */
async function start(answer: (sent: Sent) => object) {
  const { simulator } = await startBot(async (request) => Response.json(answer((await request.json()) as Sent)));
  return createPerson(simulator);
}
const message = (content: string, more: object = {}) => ({ type: 4, data: { content, ...more } });

it("sees the text, the enabled buttons and the privacy of an answer, and clicks by label", async () => {
  const ada = await start(({ type, member }) =>
    type === 2
      ? message("hello", { flags: 64, components: [{ type: 1, components: [button, link] }] })
      : message(`clicked by ${member?.user.username}`),
  );
  const shown = await ada.command("/ping");
  expect(shown).toMatchObject({
    isEphemeral: true,
    buttons: ["Go"],
    form: undefined,
    files: [],
    id: shown.raw.messages[0]?.id,
  });
  expect(shown.text).toContain("hello");
  const clicked = await shown.click("Go");
  expect([clicked.text.includes("clicked by ada"), clicked.isEphemeral, clicked.buttons]).toEqual([true, false, []]);
  await expect(shown.click("Off")).rejects.toThrow("disabled");
});

it("finds buttons beside text and in boxes", async () => {
  const section = { type: 9, components: [{ type: 10, content: "t" }], accessory: button };
  const row = { type: 1, components: [{ ...button, label: "In", custom_id: "in" }] };
  const ada = await start(() => ({
    type: 4,
    data: { flags: 32_768, components: [{ type: 17, components: [section, row] }] },
  }));
  expect((await ada.command("/ping")).buttons).toEqual(["Go", "In"]);
});

it("acts as another person, and in another channel", async () => {
  const ada = await start(({ type, member, channel_id }) =>
    type === 2
      ? message(`in ${channel_id}`, { components: [{ type: 1, components: [button] }] })
      : message(`by ${member?.user.username}`),
  );
  const poll = await ada.in("#news").command("/ping");
  expect(poll.text).toContain("in 1100000000000000112");
  expect((await poll.as("robin").click("Go")).text).toContain("by robin");
});

it("chooses in a menu by its placeholder, its custom_id, or as the only one", async () => {
  const ada = await start(({ type, data }) =>
    type === 2
      ? message("x", { components: [menu({ placeholder: "Colours" })] })
      : message(`chose ${data.values?.join()}`),
  );
  const shown = await ada.command("/ping");
  for (const choose of [
    () => shown.select("Red"),
    () => shown.select(["Red"], "Colours"),
    () => shown.select("r", "m"),
  ])
    expect((await choose()).text).toContain("chose r");
  await expect(shown.select("Red", "Sizes")).rejects.toThrow('no menu "Sizes"');
});

it("sees the labels of a form, and submits it", async () => {
  const ada = await start(({ type, data }) =>
    type === 2 ? { type: 9, data: form } : message(`hello ${data.components?.[1]?.component?.value}`),
  );
  const shown = await ada.command("/ping");
  expect(shown.form).toEqual({ title: "Form", fields: ["Name", "Old"] });
  expect(() => shown.id).toThrow('There is no message to act on: the answer is "modal".');
  expect((await shown.submit({ Name: "Ada", Old: "x" })).text).toContain("hello Ada");
});

it("throws where Discord would show that the application did not respond", async () => {
  const ada = await start(() => ({ type: 4, data: { content: "" } }));
  await expect(ada.command("/ping")).rejects.toThrow(
    'Discord shows "The application did not respond".\nDiscord would refuse the answer: 50006',
  );
});

it("offers the choices of an autocomplete, and says what else came", async () => {
  const { simulator } = await startBot(async (request) => {
    const { type } = (await request.json()) as Sent;
    return Response.json(type === 4 ? { type: 8, data: { choices: [{ name: "Red", value: "r" }] } } : message("x"));
  });
  simulator.registerCommands([
    { name: "help", description: "x", options: [{ type: 3, name: "on", description: "x", autocomplete: true }] },
  ]);
  expect(await createPerson(simulator).complete("/help on:r")).toEqual(["Red"]);
  const silent = await start(() => message("x"));
  await expect(silent.complete("/ping")).rejects.toThrow("The line ends without an option to complete");
});

it("refuses an answer that Discord's own description does not know", async () => {
  const { simulator } = await startBot(() => Response.json({ ...message("x"), data: { content: "x", tts: false } }));
  const transcript = await simulator.command("/ping");
  expect(show(simulator, {}, transcript).text).toContain("x");
  const wrong = { ...transcript, body: { type: 4, data: { content: 5 } } };
  expect(() => show(simulator, {}, wrong)).toThrow("The answer does not match Discord's API description.");
});
