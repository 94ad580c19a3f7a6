import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { createAsk, pasted } from "../../../../local/setup/ask.ts";

function createTerminal(isTTY = true) {
  const modes: boolean[] = [];
  let shown = "";
  const input = Object.assign(new EventEmitter(), {
    isTTY,
    setRawMode: (isRaw: boolean) => void modes.push(isRaw),
    resume() {},
    pause() {},
  });
  const ask = createAsk({
    input: input as unknown as Parameters<typeof createAsk>[0]["input"],
    output: { write: (text: string) => (shown += text) },
  });
  return { ask, modes, shown: () => shown, type: (text: string) => input.emit("data", Buffer.from(text)) };
}

it("returns what is typed, with corrections, and shows only dots", async () => {
  const { ask, type, shown, modes } = createTerminal();
  const answer = ask("Bot token", "DISCORD_BOT_TOKEN");
  type("secrex");
  type("\x7f");
  type("t-to ken\r");
  expect(await answer).toBe("secret-to ken");
  expect(shown()).not.toMatch(/secre|token\r/);
  expect(shown()).toContain("Bot token: ••••••\b \b•");
  expect(modes).toEqual([true, false]);
});

it("takes no part of a key without a character, nor of the marks of a paste", async () => {
  const { ask, type } = createTerminal();
  const answer = ask("Token", "T");
  for (const text of ["\x1b[D", "\x1bOC", "\x1b[200~secret\x1b[201~", "\x1b[1;5C", "\r"]) type(text);
  expect(await answer).toBe("secret");
});

it("takes what is pasted at once, its line end included", async () => {
  const { ask, type } = createTerminal();
  const answer = ask("Token", "T");
  type("abc\ndef");
  expect(await answer).toBe("abc");
});

it.each(["\x03", "\x04"])("ends with a sentence at Ctrl-C and at the end of input", async (key) => {
  const { ask, type, modes } = createTerminal();
  const answer = ask("Token", "T");
  type(`ab${key}`);
  await expect(answer).rejects.toThrow("Stopped. Run npm run setup again");
  expect(modes.at(-1)).toBe(false);
});

it("names the variable where there is no terminal", () => {
  const { ask } = createTerminal(false);
  expect(() => ask("Token", "DISCORD_BOT_TOKEN")).toThrow("DISCORD_BOT_TOKEN is missing.");
});

it.each([
  ["  abc \n", "abc"],
  ['UPSTASH_REDIS_REST_URL="https://eu1.upstash.io"', "https://eu1.upstash.io"],
  ["export DISCORD_BOT_TOKEN='a.b.c'", "a.b.c"],
  ['"AX=="', "AX=="],
  ["AX==", "AX=="],
])("reads the value out of %j", (text, value) => {
  expect(pasted(text)).toBe(value);
});
