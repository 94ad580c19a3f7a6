import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chromiumPath, expectAccessible, type Opened, startBrowser } from "./browser.ts";
import { type Played, playStory } from "./fixtures/serve.ts";

const browser = startBrowser();
let story: Played;
beforeAll(async () => {
  story = await playStory();
});
beforeEach(() => story.answer(() => undefined));
afterAll(() => story.close());

async function open(options = {}): Promise<Opened["page"]> {
  const { page } = await browser.open(`${story.url}/channels/100/111?person=11`, options);
  await page.getByRole("combobox", { name: "Message #general" }).waitFor();
  return page;
}
const box = (page: Opened["page"]) => page.getByRole("combobox", { name: "Message #general" });
const lastAct = () => (story.acts.at(-1) as { body: unknown }).body;

describe.skipIf(chromiumPath === undefined)("the composer", () => {
  it("lists commands as they are typed, fuzzily, and says how many", async () => {
    const page = await open();
    await box(page).fill("/r a");
    const list = page.getByRole("listbox", { name: "Commands" });
    expect(await list.getByRole("option").first().textContent()).toContain("/role add");
    expect(await box(page).getAttribute("aria-expanded")).toBe("true");
    const active = await box(page).getAttribute("aria-activedescendant");
    expect(await page.locator(`[id="${active}"]`).getAttribute("aria-selected")).toBe("true");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    expect(await list.count()).toBe(0);
    await page.keyboard.press("Escape");
    expect(await box(page).inputValue()).toBe("");
  });

  it("sends a command with the keyboard alone, and leaves the box ready", async () => {
    const page = await open();
    await page.keyboard.type("/poll");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Lunch?");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("Or dinner?");
    await page.keyboard.press("Enter");
    await expect.poll(lastAct).toEqual({
      do: "command",
      commandId: "102",
      options: [{ name: "question", type: 3, value: "Lunch?\nOr dinner?" }],
    });
    await page.keyboard.type("typed at once");
    expect(await box(page).inputValue()).toBe("typed at once");
  });

  it("takes a line that is pasted whole, with its options", async () => {
    const page = await open();
    await box(page).fill("/poll question:Lunch? Or dinner?");
    expect(await page.getByRole("listbox", { name: "Commands" }).getByRole("option").count()).toBe(1);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect.poll(lastAct).toEqual({
      do: "command",
      commandId: "102",
      options: [{ name: "question", type: 3, value: "Lunch? Or dinner?" }],
    });
    await box(page).fill("/role add who:lin role:sail");
    // The command, one of each list, and all of it.
    for (let times = 0; times < 5; times++) await page.keyboard.press("Enter");
    await expect.poll(lastAct).toMatchObject({
      options: [
        {
          name: "add",
          options: [
            { name: "who", value: "13" },
            { name: "role", value: "101" },
          ],
        },
      ],
    });
  });

  it("marks a required option that is empty, and says what is wrong with a number", async () => {
    const page = await open();
    await page.keyboard.type("/measure");
    await page.keyboard.press("Enter");
    const count = page.getByLabel("count", { exact: true });
    await count.press("Enter");
    await page.getByText("This option is required. Specify a value.").waitFor();
    expect(await count.getAttribute("aria-invalid")).toBe("true");
    await expectAccessible(page);
    await count.fill("12");
    await page.getByText("Enter a number of at most 9.").waitFor();
    await count.fill("7");
    await count.press("Enter");
    await expect.poll(lastAct).toMatchObject({ options: [{ name: "count", type: 4, value: 7 }] });
  });

  it("offers optional options behind the required ones", async () => {
    const page = await open();
    await page.keyboard.type("/poll");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Lunch?");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: /closes/ }).press("Enter");
    await page.getByLabel("closes", { exact: true }).waitFor();
    await page.keyboard.type("tom");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "+1 optional" }).click();
    await page.keyboard.press("Enter");
    await page.keyboard.type("t");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect.poll(lastAct).toMatchObject({
      options: [{ name: "question" }, { name: "closes", value: "1d" }, { name: "secret", type: 5, value: true }],
    });
  });

  it("asks the Worker for choices while an option is typed", async () => {
    story.answer((act) =>
      act.do === "complete" ? { choices: [{ name: "In ten minutes", value: "10m" }] } : undefined,
    );
    const page = await open();
    await page.keyboard.type("/remind me");
    await page.keyboard.press("Tab");
    await page.keyboard.type("10");
    await page.getByRole("option", { name: "In ten minutes" }).waitFor();
    expect(lastAct()).toEqual({
      do: "complete",
      commandId: "103",
      options: [{ name: "me", type: 1, options: [{ name: "in", type: 3, value: "10", focused: true }] }],
    });
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect.poll(lastAct).toMatchObject({
      do: "command",
      options: [{ name: "me", type: 1, options: [{ name: "in", type: 3, value: "10m" }] }],
    });
  });

  it("says that choices failed to load, and why", async () => {
    story.answer((act) => (act.do === "complete" ? { reasons: ["The Worker answered 500."] } : undefined));
    const page = await open();
    await page.keyboard.type("/remind me");
    await page.keyboard.press("Tab");
    await page.keyboard.type("1");
    await page.getByText("Loading options failed").waitFor();
    await page.getByText("The Worker answered 500.").waitFor();
  });

  it("picks people and roles by name", async () => {
    const page = await open();
    await page.keyboard.type("/role add");
    await page.keyboard.press("Tab");
    await page.keyboard.type("lin");
    await page.keyboard.press("Tab");
    await page.keyboard.type("sail");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect.poll(lastAct).toMatchObject({
      options: [
        {
          name: "add",
          options: [
            { name: "who", value: "13" },
            { name: "role", value: "101" },
          ],
        },
      ],
    });
  });

  it("leaves the command at a second Escape, goes back by Backspace, and recalls the last command by ↑", async () => {
    const page = await open();
    await page.keyboard.type("/role add");
    await page.keyboard.press("Tab");
    await page.getByLabel("role", { exact: true }).focus();
    await page.keyboard.press("Backspace");
    expect(await page.getByLabel("who", { exact: true }).evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.keyboard.type("/poll");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Again?");
    await page.keyboard.press("Enter");
    await box(page).waitFor();
    await page.keyboard.press("ArrowUp");
    expect(await page.getByLabel("question", { exact: true }).inputValue()).toBe("Again?");
  });

  it("remembers in each channel the command that is being typed", async () => {
    const page = await open();
    await page.keyboard.type("/poll");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Half a quest");
    await page.getByRole("button", { name: /^news/ }).click();
    await page.getByRole("combobox", { name: "Message #news" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/channels/100/112");
    await page.goBack();
    expect(await page.getByLabel("question", { exact: true }).inputValue()).toBe("Half a quest");
  });

  it("sends files with an option of type attachment", async () => {
    const page = await open();
    await page.keyboard.type("/measure");
    await page.keyboard.press("Tab");
    await page.keyboard.type("3");
    await page.getByRole("button", { name: "+2 optional" }).click();
    await page.getByRole("menuitem", { name: /picture/ }).click();
    await page
      .getByLabel("picture", { exact: true })
      .setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
    await page.getByRole("button", { name: "Send" }).click();
    await expect.poll(() => JSON.stringify(lastAct())).toContain('filename=\\"a.txt\\"');
  });

  it("opens the context menus of messages and people", async () => {
    const page = await open();
    await page.locator("article", { hasText: "Thank you!" }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Quote" }).press("Enter");
    await expect.poll(lastAct).toMatchObject({ do: "message-command", commandId: "106" });
    await page.getByRole("button", { name: "Linus", exact: true }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Who is" }).click();
    await expect.poll(lastAct).toEqual({ do: "user-command", commandId: "107", target: "13" });
    await page.getByRole("button", { name: "Apps and commands" }).click();
    await page.getByRole("option", { name: /launch/ }).click();
    await expect.poll(lastAct).toEqual({ do: "command", commandId: "108", options: [] });
  });
});
