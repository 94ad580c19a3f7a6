import { expect, it } from "vitest";
import { help } from "../../../src/bot/help.ts";
import { command, feature } from "../../../src/bot/kit.ts";
import { createTestBot } from "../../support/bot.ts";
import { slash, slashWith } from "../../support/payloads.ts";

const many = feature({
  name: "many",
  handlers: Array.from({ length: 90 }, (_, index) => {
    const name: string = `command-${index}`;
    const options = Array.from({ length: 25 }, (_, n) => ({
      type: "string" as const,
      name: `option-${n}`,
      description: "o".repeat(90),
      choices: Array.from({ length: 2 }, (_, m) => ({ name: `${m}${"c".repeat(50)}`, value: String(m) })),
    }));
    return command({ name, description: "d".repeat(90), options, run: () => "ran" });
  }),
});

async function contentOf(payload: object): Promise<string> {
  const bot = await createTestBot({ features: [many, help([many])] });
  const { body } = await bot.interact(payload);
  return (body as { data: { content: string } }).data.content;
}

it("lists as many commands as fit into a message, and says how to read about the others", async () => {
  const content = await contentOf(slash("help"));
  expect(content.length).toBeLessThanOrEqual(2_000);
  const lines = content.split("\n");
  for (const line of lines.slice(1, -1)) expect(line).toMatch(/^`\/command-\d+` d{90}$/);
  const left = 91 - (lines.length - 2);
  expect(lines.at(-1)).toBe(`-# and ${left} more: type \`/help command:\` to find and read them`);
});

it("explains a command of many options within one message", async () => {
  const content = await contentOf(slashWith("help", [{ name: "command", type: 3, value: "command-7" }]));
  expect(content.length).toBeLessThanOrEqual(2_000);
  expect(content).toMatch(/more, which Discord shows as you type$/);
});

it("says nothing of menus where there are none", async () => {
  const bot = await createTestBot({ features: [help([])] });
  const { body } = await bot.interact(slash("help"));
  expect(body).toMatchObject({
    data: { content: "**What this bot can do**\n`/help` What this bot can do", flags: 64 },
  });
});

it.each([
  [2_000, false],
  [2_001, true],
])("lists commands in %i characters whole or not: %j", async (length, isCut) => {
  const made = (last: number) =>
    feature({
      name: "made",
      handlers: Array.from({ length: 21 }, (_, index) => {
        const name: string = `c-${index}`;
        return command({ name, description: "d".repeat(index === 20 ? last : 85), run: () => "ran" });
      }),
    });
  const contentWith = async (last: number) => {
    const bot = await createTestBot({ features: [made(last), help([made(last)])] });
    const { body } = await bot.interact(slash("help"));
    return (body as { data: { content: string } }).data.content;
  };
  const last = 1 + length - (await contentWith(1)).length;
  expect((await contentWith(last)).includes(" more: type")).toBe(isCut);
  expect(last).toBeLessThanOrEqual(100);
});

it.each([
  [300, false],
  [301, true],
])("names an option's choices in %i characters whole or not: %j", async (length, isCut) => {
  const names = ["a".repeat(90), "b".repeat(90), "c".repeat(length - 2 - 184)];
  const choices = names.map((name) => ({ name, value: name }));
  const options = [{ type: "string" as const, name: "one", description: "One", choices }];
  const chosen = feature({
    name: "chosen",
    handlers: [command({ name: "choose", description: "x", options, run: () => "ran" })],
  });
  const bot = await createTestBot({ features: [chosen, help([chosen])] });
  const { body } = await bot.interact(slashWith("help", [{ name: "command", type: 3, value: " /choose " }]));
  expect(JSON.stringify(body).includes("…")).toBe(isCut);
  expect(JSON.stringify(body)).toContain("`one` One (string, optional: aaa");
});

it("greets with 600 characters of what the server says", async () => {
  const bot = await createTestBot({ features: [help([])] });
  for (const length of [600, 601]) {
    const greeting = "x".repeat(length);
    await bot.database.raw("SET", "sp:g:1100000000000000100", JSON.stringify({ greeting }));
    const { body } = await bot.interact(slash("help"));
    const shown = length === 600 ? greeting : `${"x".repeat(599)}…`;
    expect((body as { data: { content: string } }).data.content).toMatch(new RegExp(`^${shown}\\n\\n\\*\\*What`));
  }
});
