import { beforeAll, describe, expect, it } from "vitest";
import { createTestBot } from "../../support/bot.ts";
import { contextCommand, person, slash, slashWith } from "../../support/payloads.ts";

// Names and texts of people in the bot's answers, through the whole Worker.

let bot: Awaited<ReturnType<typeof createTestBot>>;
beforeAll(async () => void (bot = await createTestBot()));

const contentOf = async (payload: object): Promise<string> => JSON.stringify((await bot.interact(payload)).body);
/** A text as it is in JSON. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

const nitro = "[Nitro](https://x.y)";
const robin = { ...person, id: "1100000000000000015", username: "robin", global_name: nitro };

describe("a display name that is a masked link", () => {
  it("shows as typed in Quote, whose file has it unchanged", async () => {
    const message = {
      id: "1200000000000000007",
      channel_id: "1100000000000000111",
      content: "hello",
      author: robin,
      attachments: [],
      timestamp: "2026-01-01T00:00:00Z",
    };
    const request = await bot.signer.request(
      contextCommand(3, "Quote", message.id, { messages: { [message.id]: message } }),
    );
    const form = await (await bot.fetch(request)).formData();
    expect(form.get("payload_json")).toContain(inJson(String.raw`What **\[Nitro\](https://x.y)** said`));
    expect(await (form.get("files[0]") as File).text()).toContain(`${nitro} (@robin)`);
  });

  it("shows as typed in Who is", async () => {
    const members = { [robin.id]: { nick: `${nitro}*`, roles: [], joined_at: "2026-01-01T00:00:00Z" } };
    const shown = await contentOf(contextCommand(2, "Who is", robin.id, { users: { [robin.id]: robin }, members }));
    expect(shown).toContain(inJson(String.raw`\[Nitro\](https://x.y)\*`));
    expect(shown).not.toContain(nitro);
    const underlined = { ...robin, id: "1100000000000000016", username: "ro__bin__" };
    const named = await contentOf(
      contextCommand(2, "Who is", underlined.id, {
        users: { [underlined.id]: underlined },
        members: { [underlined.id]: { roles: [], joined_at: "2026-01-01T00:00:00Z" } },
      }),
    );
    expect(named).toContain(inJson(String.raw`ro\_\_bin\_\_`));
  });
});

describe("a reminder in the list", () => {
  const remind = (about: string) =>
    contentOf(
      slashWith("remind", [
        {
          name: "me",
          type: 1,
          options: [
            { name: "about", type: 3, value: about },
            { name: "in", type: 3, value: "2h" },
          ],
        },
      ]),
    );

  it("is cut before an emoji, not within it, and shows links as typed", async () => {
    await remind(`${"x".repeat(59)}😀 and more`);
    await remind(nitro);
    await remind("y".repeat(60));
    await remind("z".repeat(61));
    const listed = await contentOf(slashWith("remind", [{ name: "list", type: 1, options: [] }]));
    expect(listed).toContain(`${"x".repeat(59)}…`);
    expect(listed).not.toMatch(/\\ud[89a-f]/);
    const typedWith = async (value: string) => {
      const cancel = { name: "cancel", type: 1, options: [{ name: "reminder", type: 3, value, focused: true }] };
      return contentOf({ ...slashWith("remind", [cancel]), type: 4 });
    };
    for (const shown of [listed, await typedWith("y")]) expect(shown).toContain("y".repeat(60));
    for (const shown of [listed, await typedWith("z")]) expect(shown).toContain(`${"z".repeat(59)}…`);
    expect(listed).toContain(inJson(String.raw`[Nitro]\(https://x.y)`));
    const typed = { name: "cancel", type: 1, options: [{ name: "reminder", type: 3, value: "x", focused: true }] };
    expect(await contentOf({ ...slashWith("remind", [typed]), type: 4 })).toContain(`${"x".repeat(59)}… (`);
  });

  it("closes the code block that its text opens", async () => {
    expect(await remind("```js\nlet a")).toContain(inJson("```js\nlet a\n```"));
  });
});

it("says that it knows no command whose name is cut between characters", async () => {
  expect(await contentOf(slash(`${"x".repeat(30)}👩‍👩‍👧‍👦`))).toContain(`/${"x".repeat(30)}…`);
});
