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
