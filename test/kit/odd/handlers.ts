import { command, component, entryPoint, modal } from "../../../src/bot/kit.ts";
import {
  type Answer,
  button,
  ephemeral,
  launchActivity,
  messageFlags,
  row,
  stringSelect,
  text,
  updateMessage,
  userSelect,
} from "../../../src/discord/index.ts";
import { sandwich } from "./sandwich.ts";

const description = "For tests";
const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
const slowMs = 2_300;

/** A slow handler, ending in each of these ways. */
const endings: Record<string, () => Answer | undefined> = {
  message: () => "done",
  whisper: () => ephemeral("for you alone"),
  file: () => ({ content: "done", files: [{ name: "late.txt", data: "late" }] }),
  v2: () => ({ flags: messageFlags.componentsV2, components: [text("done in V2")] }),
  form: () => form.show(),
  nothing: () => undefined,
  refused: () => ({ content: "x".repeat(2_001) }),
  error: () => {
    throw new Error("late failure");
  },
};

const slow = command({
  name: "slow",
  description,
  options: [{ type: "string", name: "end", description, required: true }],
  async run({ options }) {
    await pause(slowMs);
    return endings[options.end]?.();
  },
});
const slowQuiet = command({
  name: "slow-quiet",
  description,
  ephemeral: true,
  async run() {
    await pause(slowMs);
    return "quietly done";
  },
});
const asked = command({
  name: "asked",
  description,
  async run(interaction) {
    await interaction.defer({ ephemeral: true });
    await interaction.edit("half way");
    const followUp = await interaction.followUp("beside it");
    await interaction.edit("beside it, changed", followUp.id);
    return "all the way";
  },
});
const early = command({
  name: "early",
  description,
  async run(interaction) {
    await interaction.followUp("too early");
    return "never";
  },
});
const after = command({
  name: "after",
  description,
  options: [{ type: "integer", name: "count", description, required: true }],
  contexts: [0, 1, 2],
  integration_types: [0, 1],
  run(interaction) {
    interaction.after(async () => {
      try {
        for (let index = 1; index <= interaction.options.count; index++)
          await interaction.followUp(`follow-up ${index}`);
      } catch (error) {
        await interaction.edit(error instanceof Error ? error.message : String(error));
      }
    });
    return "first";
  },
});
const vanish = command({
  name: "vanish",
  description,
  run(interaction) {
    interaction.after(() => interaction.remove());
    return "gone soon";
  },
});
const upload = command({
  name: "upload",
  description,
  options: [{ type: "attachment", name: "file", description, required: true }],
  run: async ({ options: { file } }) => `${file.filename}: ${await (await fetch(file.url)).text()}`,
});
const paid = command({
  name: "paid",
  description,
  run: (interaction) => `${interaction.isEntitled("1100000000000000301") ? "golden" : "plain"} feathers`,
});
const panel = command({
  name: "panel",
  description,
  run: () => ({
    content: "Panel",
    components: [
      row(
        button({ label: "Slow", custom_id: press.id({ how: "slow" }) }),
        button({ label: "Late", custom_id: press.id({ how: "late" }) }),
        button({ label: "Whisper", custom_id: press.id({ how: "whisper" }) }),
        button({ label: "Form", custom_id: press.id({ how: "form" }) }),
        button({ label: "Off", custom_id: press.id({ how: "off" }), disabled: true }),
      ),
      row(
        stringSelect({
          custom_id: colour.id(),
          placeholder: "Colours",
          min_values: 0,
          max_values: 2,
          options: ["Red", "Green", "Blue"].map((label) => ({ label, value: label.toLowerCase() })),
        }),
      ),
      row(userSelect({ custom_id: who.id(), placeholder: "Who" })),
    ],
  }),
});
const press = component({
  id: "press/:how<slow|late|whisper|form|off>",
  async run({ params, message }): Promise<Answer> {
    if (params.how === "form") return form.show();
    if (params.how === "whisper") return ephemeral("psst");
    await pause(slowMs);
    if (params.how === "late") throw new Error("late failure");
    return updateMessage(`${message.content}, pressed`);
  },
});
const colour = component({
  id: "colour",
  type: "string-select",
  run: ({ values }) => updateMessage(`Chosen: ${values.join(" and ") || "nothing"}`),
});
const who = component({
  id: "who",
  type: "user-select",
  run: ({ values }) => ephemeral(`${values[0]?.user.username}, ${values[0]?.member ? "a member" : "no member"}`),
});
const form = modal({
  id: "form",
  title: "All fields",
  fields: {
    hint: { type: "display", content: "Fill **everything** in." },
    name: { type: "text", label: "Name", max_length: 10 },
    colours: {
      type: "string-select",
      label: "Colours",
      max_values: 2,
      options: ["Red", "Green"].map((label) => ({ label, value: label.toLowerCase() })),
    },
    person: { type: "user-select", label: "Person", required: false },
  },
  run({ fields: { name, colours, person }, message }) {
    const line = [name, colours.join("+"), person[0]?.user.username].join(" ");
    return message ? updateMessage(line) : line;
  },
});
const more = modal({
  id: "more",
  title: "More fields",
  fields: {
    place: { type: "channel-select", label: "Place", required: false },
    file: { type: "file", label: "File", required: false },
    size: { type: "radio", label: "Size", options: ["S", "L"].map((label) => ({ label, value: label })) },
    extras: {
      type: "checkboxes",
      label: "Extras",
      required: false,
      min_values: 0,
      options: [{ label: "Salt", value: "salt" }],
    },
    sure: { type: "checkbox", label: "Sure" },
  },
  run: ({ fields: { place, file, size, extras, sure } }) =>
    [place[0]?.name, file[0]?.filename, size, extras.join("+"), sure].map(String).join(" "),
});
const fill = command({ name: "fill", description, run: () => more.show() });
const launch = entryPoint({ name: "launch", description, run: () => launchActivity() });

export const handlers = [
  slow,
  slowQuiet,
  asked,
  early,
  after,
  vanish,
  upload,
  paid,
  panel,
  press,
  colour,
  who,
  form,
  fill,
  more,
  launch,
  ...sandwich,
];
