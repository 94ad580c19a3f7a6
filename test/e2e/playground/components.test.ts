import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chromiumPath, expectAccessible, expectAccessibleInBothSchemes, type Opened, startBrowser } from "./browser.ts";
import { form } from "./fixtures/components.ts";
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
const lastAct = () => (story.acts.at(-1) as { body: unknown }).body;

describe.skipIf(chromiumPath === undefined)("components and forms", () => {
  it("sends clicks and choices", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Success" }).click();
    await expect.poll(lastAct).toMatchObject({ do: "click", customId: "b3" });
    await page.getByRole("combobox", { name: "Which bread?" }).click();
    await page.getByRole("option", { name: /Wheat/ }).click();
    await expect.poll(lastAct).toMatchObject({ do: "select", customId: "s1", values: ["wheat"] });
    const several = page.getByRole("combobox", { name: "Several breads" });
    await several.focus();
    for (const key of ["Enter", "Enter", "ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect.poll(lastAct).toMatchObject({ do: "select", customId: "s2", values: ["rye", "oat"] });
    await page.getByRole("combobox", { name: "A person" }).click();
    await page.getByRole("option", { name: "Grace grace" }).click();
    await expect.poll(lastAct).toMatchObject({ do: "select", customId: "s3", values: ["12"] });
  });

  it("fills in and submits a form with every field, in light and dark", async () => {
    const page = await open();
    await page.keyboard.type("/ping");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect.poll(lastAct).toMatchObject({ commandId: "101" });
    story.send({ type: "form", exchange: `x${story.acts.length}`, token: "t1", form });
    const dialog = page.getByRole("dialog", { name: "All fields" });
    await dialog.waitFor();
    await dialog.getByRole("button", { name: "Submit" }).click();
    expect(await dialog.getByText("This field is required").count()).toBe(3);
    await expectAccessibleInBothSchemes(page);
    await dialog.getByLabel("Name").fill("Ada");
    await dialog.getByRole("combobox", { name: "Bread" }).click();
    await page.getByRole("option", { name: /Rye/ }).click();
    await dialog.getByRole("radio", { name: /Wheat/ }).check();
    await dialog.getByRole("checkbox", { name: /Oat/ }).check();
    await dialog.getByRole("checkbox", { name: "Sure" }).check();
    await dialog.getByRole("button", { name: "Submit" }).click();
    await expect.poll(lastAct).toEqual({
      do: "submit",
      token: "t1",
      fields: {
        name: "Ada",
        wishes: "none",
        bread: ["rye"],
        who: [],
        size: "wheat",
        extras: ["oat"],
        sure: true,
        file: [],
      },
    });
    const exchange = `x${story.acts.length}`;
    story.send({
      type: "form-ended",
      exchange,
      token: "t1",
      text: "Something went wrong. Try again.",
      reasons: ["500"],
    });
    await dialog.getByRole("alert").waitFor();
    expect(await dialog.getByLabel("Name").inputValue()).toBe("Ada");
    story.send({ type: "form-ended", exchange, token: "t1" });
    await dialog.waitFor({ state: "detached" });
  });

  it("opens no form of another window", async () => {
    const page = await open();
    story.send({ type: "form", exchange: "elsewhere", token: "t2", form });
    story.send({
      type: "mistake",
      mistake: { title: "src/bot/ping.ts does not compile", text: "Unexpected }", file: "src/bot/ping.ts:3" },
    });
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    story.send({ type: "mistake", mistake: null });
    await page.getByRole("alert").waitFor({ state: "detached" });
  });
});
