import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { command, component, modal } from "../../../../src/bot/kit.ts";
import { ephemeral, updateMessage } from "../../../../src/discord/index.ts";
import { createTestBot } from "../../../support/bot.ts";
import { slash, submission } from "../../../support/payloads.ts";
import { answer, description } from "./support.ts";

describe("failures", () => {
  let logged: string[] = [];
  beforeEach(() => {
    logged = [];
    vi.spyOn(console, "error").mockImplementation((line: string) => void logged.push(line));
  });
  afterEach(() => void vi.restoreAllMocks());

  it.each([
    [
      "throws",
      () => {
        throw new Error("secret detail");
      },
    ],
    ["rejects", () => Promise.reject(new Error("secret detail"))],
    ["returns nothing", () => {}],
    ["changes a message it did not come from", () => updateMessage("x")],
  ])("answers with a reference, and not the error, when a handler %s", async (_name, run) => {
    const broken = command({ name: "broken", description, run });
    const body = await answer({ handlers: [broken], env: { LOG_LEVEL: "error" } }, slash("broken"));
    expect(body).toMatchObject({
      type: 4,
      data: { flags: 64, content: expect.stringMatching(/Something went wrong.*`[0-9a-f]{8}`/) },
    });
    expect(JSON.stringify(body)).not.toContain("secret");
    const reference = /`(\w+)`/.exec(JSON.stringify(body))?.[1];
    expect(logged.map((line) => JSON.parse(line).reference)).toEqual([reference]);
  });

  it("answers with a reference when a handler answers a form with a form", async () => {
    const again = modal({
      id: "again",
      title: "Again",
      fields: { a: { type: "text", label: "A" } },
      run() {
        return { callback: "modal", modal: { custom_id: "x", title: "x", components: [] } };
      },
    });
    const body = await answer({ handlers: [again] }, submission("again", [{ type: 4, custom_id: "a", value: "x" }]));
    expect(body).toMatchObject({ data: { flags: 64, content: expect.stringContaining("Something went wrong") } });
  });

  it("names a command that it does not have, in one code span and up to 32 characters", async () => {
    const shown = async (type: number, name: string) =>
      ((await answer({ handlers: [] }, slash("x", { data: { id: "1", name, type } }))) as { data: { content: string } })
        .data.content;
    const rest = "It may have been removed or renamed since you last saw it.";
    expect(await shown(1, "a`b")).toBe(`This bot has no command \`/a'b\`. ${rest}`);
    expect(await shown(2, "Greet Me")).toBe(`This bot has no command \`Greet Me\`. ${rest}`);
    expect(await shown(3, "x".repeat(32))).toContain(`\`${"x".repeat(32)}\``);
    expect(await shown(3, "x".repeat(33))).toContain(`\`${"x".repeat(31)}…\``);
  });

  it("refuses two components whose patterns match the same custom_ids", async () => {
    const twice = () => component({ id: "a/:x", run: () => ephemeral("x") });
    await expect(createTestBot({ handlers: [twice(), twice()] })).rejects.toThrow(
      "Two custom_id patterns match the same ids",
    );
  });
});
