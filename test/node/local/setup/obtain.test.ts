import { expect, it } from "vitest";
import { Failure } from "../../../../local/deployment/failures.ts";
import { obtain } from "../../../../local/setup/obtain.ts";
import { settingsOf } from "../deployment/support.ts";
import { createTools } from "./support.ts";

const questions = { KEY_PREFIX: "Prefix?", LOG_LEVEL: "Level?" };

it("asks for what is missing alone, and says where the rest comes from", async () => {
  const { tools, said, asked } = createTools(' LOG="no" '.trim());
  const values = await obtain(
    settingsOf({ KEY_PREFIX: "a:" }),
    { questions, check: async (given) => ({ ...given }) },
    tools,
  );
  expect(values).toEqual({ KEY_PREFIX: "a:", LOG_LEVEL: 'LOG="no"' });
  expect(said).toEqual(["KEY_PREFIX is taken from the environment."]);
  expect(asked).toEqual(["LOG_LEVEL: Level?"]);
});

it("takes the value out of what is pasted", async () => {
  const { tools } = createTools('DISCORD_BOT_TOKEN="a.b.c"');
  const check = async ({ X = "" }) => X;
  expect(await obtain(settingsOf({}), { questions: { X: "X?" }, check }, tools)).toBe("a.b.c");
});

it("lets a person try again after a mistake, three times in all", async () => {
  const { tools, said, asked } = createTools("one", "two", "three", "four");
  const tried: string[] = [];
  const check = async ({ X = "" }) => {
    tried.push(X);
    throw new Failure(`${X} is wrong.`, "Copy it again.");
  };
  await expect(obtain(settingsOf({}), { questions: { X: "X?" }, check }, tools)).rejects.toMatchObject({
    problem: "three is wrong.",
    cure: "Copy it again.",
    cause: expect.any(Failure),
  });
  expect(tried).toEqual(["one", "two", "three"]);
  expect(asked).toHaveLength(3);
  expect(said).toEqual(["one is wrong.", "Copy it again.", "two is wrong.", "Copy it again."]);
});

it("goes on with the right value after a wrong one", async () => {
  const { tools } = createTools("wrong", "right");
  const check = async ({ X = "" }) => {
    if (X === "wrong") throw new Failure("No.", "Yes.");
    return X;
  };
  expect(await obtain(settingsOf({}), { questions: { X: "X?" }, check }, tools)).toBe("right");
});

it("does not try a wrong value that is set again, and names where it comes from once", async () => {
  const { tools, said } = createTools();
  let tries = 0;
  const check = async () => {
    tries += 1;
    throw new Failure("Wrong.", "Correct them.");
  };
  const settings = settingsOf({ KEY_PREFIX: "a", LOG_LEVEL: "b" });
  await expect(obtain(settings, { questions, check }, tools)).rejects.toMatchObject({
    problem: "Wrong.",
    cure: "Correct them. The values come from the environment.",
  });
  expect([tries, said.length]).toEqual([1, 2]);
});

it("names the origin of the values that are set beside those that a person types", async () => {
  const { tools } = createTools("x", "y", "z");
  const check = async () => Promise.reject(new Failure("Wrong.", "Correct them."));
  await expect(obtain(settingsOf({ KEY_PREFIX: "a" }), { questions, check }, tools)).rejects.toMatchObject({
    cure: "Correct them. The values come from the environment.",
  });
});

it("passes on what is no mistake of the person's", async () => {
  const { tools, asked } = createTools("x", "y");
  const error = new TypeError("a mistake in the program");
  const check = async () => Promise.reject(error);
  await expect(obtain(settingsOf({}), { questions: { X: "X?" }, check }, tools)).rejects.toBe(error);
  expect(asked).toHaveLength(1);
});
