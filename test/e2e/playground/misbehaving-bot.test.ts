import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSim } from "../../../local/kit/index.ts";
import { createPlayground, createWorldClock } from "../../../local/playground/server/index.ts";
import { commandBodies } from "../../../src/runtime/index.ts";
import { handlers } from "../fixtures/misbehaving-bot/handlers.ts";
import { chromiumPath, type Opened, startBrowser } from "./browser.ts";

// A bot that is slow, late and wrong, as people see it.

const sim = await startSim({
  configPath: "./test/e2e/fixtures/misbehaving-bot/wrangler.toml",
  commands: commandBodies([{ name: "misbehaving", handlers }]),
});
const browser = startBrowser();
const playground = createPlayground({ simulator: sim.discord, clock: createWorldClock() });
sim.discord.app.route("/", playground.app);
let served: Awaited<ReturnType<typeof sim.discord.serve>>;
beforeAll(async () => {
  served = await sim.discord.serve({ host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  playground.close();
  await served.close();
});

type Page = Opened["page"];

async function open(): Promise<Page> {
  const { page } = await browser.open(`${served.url}/`);
  await box(page).waitFor();
  return page;
}

const box = (page: Page) => page.getByRole("combobox", { name: /^Message / });

async function send(page: Page, command: string, option = ""): Promise<void> {
  await box(page).fill(command);
  await page.keyboard.press("Tab");
  await page.locator(".command-name").waitFor();
  await page.keyboard.type(option);
  await page.keyboard.press("Enter");
}

/** Returns a function for the texts of these that have been in the channel so far, in their order. */
async function watchTexts(page: Page, wanted: readonly string[]): Promise<() => Promise<string[]>> {
  await page.evaluate((texts) => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    const look = () => {
      const shown = document.querySelector("[role=log]")?.textContent ?? "";
      for (const text of texts) if (shown.includes(text) && !seen.includes(text)) seen.push(text);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  }, wanted);
  return () => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
}

describe.skipIf(chromiumPath === undefined)("a misbehaving bot in the playground", () => {
  it("thinks, then answers late", async () => {
    const page = await open();
    const states = await watchTexts(page, ["Sending command…", "sandpiper is thinking…", "done"]);
    await send(page, "/slow", "message");
    await expect.poll(states, { timeout: 5_000 }).toEqual(["Sending command…", "sandpiper is thinking…", "done"]);
  });

  it("fails in Discord's words, with the reason below", async () => {
    const page = await open();
    await send(page, "/early");
    const failed = page.locator("article", { hasText: "used /early" }).last();
    await failed.waitFor();
    expect(await failed.textContent()).not.toContain("never");
  });

  it("shows follow-ups, edits and a deletion as they arrive", async () => {
    const page = await open();
    await send(page, "/asked");
    await page.getByText("all the way").waitFor();
    await page.getByText("beside it, changed").waitFor();
    await send(page, "/vanish");
    await page.getByText("gone soon").waitFor({ state: "detached" });
    await send(page, "/after", "3");
    await page.getByText("follow-up 3").waitFor();
  });

  it("shows that a component waits, and that it failed", async () => {
    const page = await open();
    await send(page, "/panel");
    const panel = page.locator("article", { hasText: "Panel" }).last();
    const slow = panel.getByRole("button", { name: "Slow" });
    await slow.click();
    await expect.poll(() => slow.getAttribute("aria-busy")).toBe("true");
    await panel.getByText("Panel, pressed").waitFor();
    expect(await panel.getByRole("button", { name: "Off" }).isDisabled()).toBe(true);
    await panel.getByRole("button", { name: "Whisper" }).click();
    await page.locator("article", { hasText: "psst" }).getByText("Only you can see this").waitFor();
  });

  it("submits a form with every other field, a file included", async () => {
    const page = await open();
    await send(page, "/fill");
    const form = page.getByRole("dialog", { name: "More fields" });
    await form.getByRole("combobox", { name: "Place" }).click();
    await page.getByRole("option", { name: "#general" }).click();
    await form
      .getByLabel("File")
      .setInputFiles({ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
    await form.getByRole("radio", { name: "L" }).check();
    await form.getByRole("checkbox", { name: "Salt" }).check();
    await form.getByRole("checkbox", { name: "Sure" }).check();
    await form.getByRole("button", { name: "Submit" }).click();
    await page.getByText("general note.txt L salt true").waitFor();
  });

  it("takes a file for an option", async () => {
    const page = await open();
    await box(page).fill("/upload");
    await page.keyboard.press("Tab");
    await page
      .getByLabel("file", { exact: true })
      .setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("a.txt: hello").waitFor();
  });
});
