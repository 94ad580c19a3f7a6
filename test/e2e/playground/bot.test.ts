import { afterEach, describe, expect, it } from "vitest";
import { chromiumPath, expectAccessible, type Opened, startBrowser } from "./browser.ts";
import { startDevWorld } from "./dev-world.ts";

// This bot in the whole world of `npm run dev`, as people use it in a browser.

const world = startDevWorld(chromiumPath !== undefined);
const browser = startBrowser();
const general = "/channels/1100000000000000100/1100000000000000111";
const ada = "1100000000000000011";
const linus = "1100000000000000013";

const opened: Opened[] = [];
afterEach(() => {
  for (const { complaints } of opened.splice(0)) expect(complaints).toEqual([]);
});

type Page = Opened["page"];

async function open(person: string, path = general): Promise<Page> {
  const one = await browser.open(`${world.url()}${path}?person=${person}`);
  opened.push(one);
  await box(one.page).waitFor();
  return one.page;
}

const box = (page: Page) => page.getByRole("combobox", { name: /^Message / });
const last = (page: Page) => page.locator("article").last();

/** Types a command and its options, each after a Tab, and sends it. */
async function send(page: Page, command: string, ...options: readonly string[]): Promise<void> {
  await box(page).fill(command);
  await page.keyboard.press("Tab");
  await page.locator(".command-name").waitFor();
  for (const [index, option] of options.entries()) {
    if (index > 0) await page.keyboard.press("Tab");
    await page.keyboard.type(option);
  }
  await page.keyboard.press("Enter");
}

describe.skipIf(chromiumPath === undefined)("the bot in the playground", () => {
  it("answers a newcomer's first command, typed at the bare address, in less than a second", async () => {
    const one = await browser.open(`${world.url()}/`);
    opened.push(one);
    const { page } = one;
    await page.getByText("Welcome to #general!").waitFor();
    await page.keyboard.type("/pi");
    await page.getByRole("option", { name: /\/ping/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".command-name").waitFor();
    const sentAt = performance.now();
    await page.keyboard.press("Enter");
    await page.getByText("Pong!").waitFor();
    expect(performance.now() - sentAt).toBeLessThan(1_000);
    expect(await last(page).locator(".cause").textContent()).toBe("Adaused /ping");
    await expectAccessible(page);
  });

  it("shows the votes of two people in each other's window", async () => {
    const first = await open(ada);
    const second = await open(linus);
    await send(first, "/poll");
    const form = first.getByRole("dialog", { name: "New poll" });
    await form.getByLabel("Question").fill("Lunch?");
    await form.getByRole("textbox", { name: "Answers" }).fill("Pizza\nSushi");
    await form.getByRole("button", { name: "Submit" }).click();
    await form.waitFor({ state: "detached" });
    expect(await second.getByRole("dialog").count()).toBe(0);
    await last(first).getByRole("button", { name: "Pizza" }).click();
    await last(second).getByText("1 · 100 %").waitFor();
    await last(second).getByRole("button", { name: "Sushi" }).click();
    await last(first).getByText("1 · 50 %").first().waitFor();
    expect(await last(first).locator(".mention").allTextContents()).toEqual(["@Ada", "@linus", "@Ada"]);
  });

  it("shows an ephemeral answer to the person who asked alone, until it is dismissed", async () => {
    const first = await open(ada);
    const second = await open(linus);
    await send(first, "/help");
    const answer = first.locator("article", { hasText: "What this bot can do" });
    await answer.getByText("Only you can see this").waitFor();
    expect(await second.getByText("What this bot can do").count()).toBe(0);
    await answer.getByRole("button", { name: "Dismiss message" }).click();
    await answer.waitFor({ state: "detached" });
  });

  it("goes through /setup, and tells a person who clicks a step that is over", async () => {
    const first = await open(ada);
    await send(first, "/setup");
    const wizard = first.locator("article", { hasText: "Setting up this server" }).last();
    await wizard.getByText("Step 1 of 4").waitFor();
    const old = first.locator("article", { hasText: "Setting up this server" }).first();
    await send(first, "/setup");
    await expect.poll(() => first.locator("article", { hasText: "Setting up this server" }).count()).toBe(2);
    await wizard.getByRole("combobox").click();
    await first.getByRole("option", { name: "English" }).click();
    await wizard.getByText("Step 2 of 4").waitFor();
    await old.getByRole("button", { name: "Next" }).click();
    await first.getByText("You went on from here already").waitFor();
    for (const step of [3, 4]) {
      await wizard.getByRole("button", { name: /^(Next|Skip)$/ }).click();
      await wizard.getByText(`Step ${step} of 4`).waitFor();
    }
    await expectAccessible(first);
  });

  it("delivers a reminder into the direct messages once the clock is moved", async () => {
    const page = await open(ada);
    await box(page).fill("/remind me");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Stretch your legs");
    await page.getByRole("button", { name: "+4 optional" }).click();
    await page.getByRole("menuitem", { name: /^in / }).click();
    await page.keyboard.type("2h");
    await page.keyboard.press("Enter");
    await last(page).getByText("Stretch your legs").waitFor();
    await page.getByText("Time and faults").click();
    await page.getByRole("button", { name: /To the next job \(in/ }).click();
    const direct = page.getByRole("button", { name: /Direct messages/ });
    await direct.getByText("1").waitFor();
    await direct.click();
    await last(page).getByText("Stretch your legs").waitFor();
    expect(page.url()).toContain("/channels/@me/");
    await direct.getByText("1").waitFor({ state: "detached" });
  });

  it("shows a post that arrives over HTTP in the channel that follows, unread until that is opened", async () => {
    const page = await open(ada);
    await box(page).fill("/feed follow");
    await page.keyboard.press("Tab");
    await page.keyboard.type("shop.orders");
    await page.getByRole("button", { name: "+1 optional" }).click();
    await page.getByRole("menuitem", { name: /^channel/ }).click();
    await page.keyboard.type("news");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await last(page).getByText("now follows shop.orders").waitFor();
    const news = page.getByRole("button", { name: /^news/ });
    await news.click();
    await last(page).getByText("This channel now follows").waitFor();
    await page.getByRole("button", { name: /^general/ }).click();
    await page.getByRole("combobox", { name: "Message #general" }).waitFor();
    const answer = await world.post("/admin/api/events/feed.shop.orders", { title: "Order 7", text: "Two buckets" });
    expect([200, 202]).toContain(answer.status);
    await news.getByText("1 unread").waitFor();
    await news.click();
    await last(page).getByText("Two buckets").waitFor();
    await news.getByText("unread").waitFor({ state: "detached" });
  });

  it("saves a session as a file, and opens it", async () => {
    const page = await open(ada);
    await send(page, "/whois");
    await last(page).getByText("On Discord since").waitFor();
    await page.getByRole("button", { name: "Exchanges" }).click();
    const saving = page.waitForEvent("download");
    await page.getByRole("link", { name: "Save" }).click();
    const file = await (await saving).path();
    await send(page, "/help");
    await last(page).getByText("What this bot can do").waitFor();
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByText("The session is open.").waitFor();
    await page.getByText("What this bot can do").waitFor({ state: "detached" });
    await last(page).getByText("On Discord since").waitFor();
  });

  it("repeats an exchange in each way, selects the new one, and copies it", async () => {
    const page = await open(ada);
    await send(page, "/ping");
    await last(page).getByText("Pong!").waitFor();
    await last(page).hover();
    await last(page).getByRole("button", { name: "Show the exchange" }).click();
    const drawer = page.getByRole("complementary", { name: "Exchanges" });
    await drawer.getByRole("heading", { name: "/ping" }).waitFor();
    await drawer.getByRole("button", { name: "Bad signature" }).click();
    await drawer.getByText(/· 401/).waitFor();
    await drawer.getByRole("button", { name: "All exchanges" }).click();
    await drawer
      .getByRole("button", { name: /\/ping/ })
      .last()
      .click();
    await drawer.getByRole("button", { name: "Edit and send" }).click();
    const body = drawer.getByLabel("The request's body");
    await body.fill("{");
    expect(await drawer.getByRole("button", { name: "Send", exact: true }).isDisabled()).toBe(true);
    const payload = {
      id: "1",
      application_id: "2",
      type: 2,
      token: "edited",
      version: 1,
      data: { id: "1", name: "edited", type: 1 },
    };
    await body.fill(JSON.stringify(payload));
    await drawer.getByRole("button", { name: "Send", exact: true }).click();
    await drawer.getByRole("heading", { name: "/edited" }).waitFor();
    await drawer.getByRole("button", { name: "All exchanges" }).click();
    await drawer
      .getByRole("button", { name: /\/ping/ })
      .last()
      .click();
    await drawer.getByRole("button", { name: "×20 at once" }).click();
    const list = drawer.getByRole("button", { name: "All exchanges" });
    // The new one is selected once the Worker has answered, whatever was clicked until then.
    const listed = async () => {
      if (await list.isVisible()) await list.click();
      return drawer.getByRole("button", { name: /^\/ping/ }).count();
    };
    await expect.poll(listed, { timeout: 10_000 }).toBeGreaterThan(20);
    await drawer
      .getByRole("button", { name: /\/ping/ })
      .last()
      .click();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await drawer.getByRole("button", { name: "Copy as send line" }).click();
    await page.getByText("The line is on the clipboard.").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("npm run send -- '/ping'");
  });

  it("shows what a person writes to all, as a target for the bot's commands", async () => {
    const [first, second] = [await open(ada), await open(linus)];
    await box(first).fill("Shall we sail?");
    await first.keyboard.press("Enter");
    await first.getByText("The bot does not read messages. Its commands are behind /.").waitFor();
    await last(second).getByText("Shall we sail?").click({ button: "right" });
    await second.getByRole("menuitem", { name: "Quote" }).click();
    await second.locator(".cause-title", { hasText: "Quote" }).waitFor();
    // A command that does not exist is not written either.
    await box(first).fill("/nope");
    await first.keyboard.press("Enter");
    await first.getByText("No commands match your search.").waitFor();
    expect(await first.locator("article", { hasText: "/nope" }).count()).toBe(0);
  });

  it("sends a webhook event, and shows its exchange, with what is open staying so from channel to channel", async () => {
    const one = await browser.open(`${world.url()}/`);
    opened.push(one);
    const { page } = one;
    await page.getByText("Time and faults").click();
    await page.getByRole("button", { name: "App added" }).click();
    const drawer = page.getByRole("complementary", { name: "Exchanges" });
    await drawer.getByRole("heading", { name: "APPLICATION_AUTHORIZED" }).waitFor();
    await drawer.getByText(/· 204/).waitFor();
    await page.getByRole("button", { name: /^news/ }).click();
    await page.getByRole("combobox", { name: "Message #news" }).waitFor();
    expect(await page.getByRole("button", { name: "App added" }).isVisible()).toBe(true);
  });

  it("acts as another person in the same window, and holds who and where in the address", async () => {
    const page = await open(ada);
    await page.getByRole("button", { name: "moderators" }).click();
    await page.getByRole("combobox", { name: "Message #moderators" }).waitFor();
    await page.getByLabel("Act as").selectOption({ label: "linus · member" });
    // A member does not see that channel.
    await page.getByRole("combobox", { name: "Message #general" }).waitFor();
    expect(new URL(page.url()).searchParams.get("person")).toBe(linus);
    expect(await page.getByRole("button", { name: "moderators" }).count()).toBe(0);
    await page.goBack();
    await page.getByRole("combobox", { name: "Message #moderators" }).waitFor();
  });

  it("shows a fault that is on, and what the bot says meanwhile", async () => {
    const page = await open(ada);
    await page.getByText("Time and faults").click();
    const down = page.getByRole("button", { name: "Redis down", exact: true });
    await down.click();
    await page.locator(".fault-on", { hasText: "Redis down" }).waitFor();
    await send(page, "/remind list");
    const said = last(page).getByText("does not answer at the moment");
    await said.waitFor();
    expect(await said.evaluate((one) => one.getBoundingClientRect().bottom < innerHeight - 80)).toBe(true);
    await down.click();
    await page.locator(".fault-on").waitFor({ state: "detached" });
  });
});
