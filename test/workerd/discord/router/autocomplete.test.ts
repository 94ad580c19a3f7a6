import { describe, expect, it } from "vitest";
import { command } from "../../../../src/bot/kit.ts";
import { slashWith } from "../../../support/payloads.ts";
import { answer, createTimedBot, description } from "./support.ts";

describe("autocomplete", () => {
  const find = command({
    name: "find",
    description,
    options: [
      {
        type: "string",
        name: "word",
        description,
        autocomplete: (typed) => Array.from({ length: 30 }, (_, index) => `${typed}${index}`),
      },
      {
        type: "integer",
        name: "n",
        description,
        autocomplete: (typed, { options }) => [{ name: `${typed} ${String(options["word"])}`, value: 7 }],
      },
      { type: "string", name: "broken", description, autocomplete: () => Promise.reject(new Error("no")) },
      {
        type: "string",
        name: "long",
        description,
        autocomplete: () => ["x".repeat(101), "", { name: "y".repeat(101), value: "y" }, "z".repeat(100)],
      },
      { type: "string", name: "plain", description },
    ],
    run: () => "ran",
  });
  const typing = (...options: object[]) => answer({ handlers: [find] }, { ...slashWith("find", options), type: 4 });

  it("suggests at most 25 choices for the typed text", async () => {
    const body = await typing({ name: "word", type: 3, value: "ab", focused: true });
    expect(body).toMatchObject({ type: 8, data: { choices: { length: 25, 0: { name: "ab0", value: "ab0" } } } });
  });

  it("passes the other options to autocomplete, with numbers as they are typed", async () => {
    const body = await typing({ name: "word", type: 3, value: "w" }, { name: "n", type: 4, value: "1", focused: true });
    expect(body).toEqual({ type: 8, data: { choices: [{ name: "1 w", value: 7 }] } });
  });

  it("takes an option without a value for one whose text is empty", async () => {
    expect(await typing({ name: "word", type: 3, focused: true })).toMatchObject({
      data: { choices: { 0: { name: "0", value: "0" } } },
    });
    expect(await typing({ name: "word", type: 3 }, { name: "n", type: 4, value: "1", focused: true })).toEqual({
      type: 8,
      data: { choices: [{ name: "1 ", value: 7 }] },
    });
  });

  it("leaves out or shortens choices for which Discord would refuse the list", async () => {
    const body = await typing({ name: "long", type: 3, value: "", focused: true });
    const longest = { name: "z".repeat(100), value: "z".repeat(100) };
    expect(body).toEqual({ type: 8, data: { choices: [{ name: `${"y".repeat(99)}…`, value: "y" }, longest] } });
  });

  it.each(["broken", "plain", "unknown"])("suggests no choices for a %s option", async (name) => {
    expect(await typing({ name, type: 3, value: "", focused: true })).toEqual({ type: 8, data: { choices: [] } });
  });

  it("suggests nothing for a command without options, or one that is not known, which is no failure", async () => {
    const bare = command({ name: "bare", description, run: () => "ran" });
    const bot = createTimedBot([bare as never]);
    const option = { name: "word", type: 3, value: "a", focused: true };
    for (const name of ["bare", "gone"]) {
      for (const options of [[option], []]) {
        const { answer } = await bot.ask({ ...slashWith(name, options), type: 4 });
        expect(answer).toEqual({ type: 8, data: { choices: [] } });
      }
    }
    expect(bot.failures).toEqual([]);
  });

  it("suggests no choices where a guard of the router refuses", async () => {
    const option = { name: "word", type: 3, value: "a", focused: true };
    const payload = { ...slashWith("find", [option]), type: 4 };
    const ask = async (reply: string | undefined) =>
      (await createTimedBot([find as never], { guards: [() => reply] }).ask(payload)).answer;
    expect(await ask(undefined)).toMatchObject({ data: { choices: { length: 25 } } });
    expect(await ask("Not here.")).toEqual({ type: 8, data: { choices: [] } });
  });
});
