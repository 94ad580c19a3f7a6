import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, expectAccessible, expectAccessibleInBothSchemes, type Opened, startBrowser } from "./browser.ts";
import { type Played, playStory } from "./fixtures/serve.ts";
import { message } from "./fixtures/story.ts";

const browser = startBrowser();
let story: Played;
beforeAll(async () => {
  story = await playStory();
});
afterAll(() => story.close());

const open = async (options = {}, path = "/"): Promise<Opened> => {
  const opened = await browser.open(story.url + path, options);
  await opened.page.getByRole("log").getByText("Hello").first().waitFor();
  return opened;
};
const ofCommand = ({ page }: Opened, title: string) => page.locator("article", { hasText: `used ${title}` });

describe.skipIf(chromiumPath === undefined)("messages", () => {
  it("shows markdown as Discord does, as elements", async () => {
    const opened = await open();
    const message = ofCommand(opened, "/help");
    await message.locator(".hljs-keyword").waitFor();
    const tags = await message
      .locator(".markdown *")
      .evaluateAll((all) => [...new Set(all.map((one) => one.localName))]);
    expect(tags.toSorted()).toEqual(
      "a blockquote button code div em img li ol p pre s span strong time u ul".split(" "),
    );
    expect(await message.getByRole("heading").allTextContents()).toEqual([
      "Heading one ",
      "Heading two ",
      "Heading three ",
    ]);
    expect(await message.locator(".mention").allTextContents()).toEqual([
      "@Ada",
      "#news",
      "@Sailors",
      "/remind me",
      "Channels & Roles",
      "@everyone",
    ]);
    expect(await message.locator("time.timestamp").first().textContent()).toBe("in 3 hours");
    const link = message.getByRole("link", { name: "a link" });
    expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    expect(opened.complaints).toEqual([]);
  });

  it("hides a spoiler from eyes and screen readers until it is clicked", async () => {
    const { page } = await open();
    const spoiler = page.getByRole("button", { name: "Spoiler" }).first();
    expect(await spoiler.locator("[inert]").textContent()).toBe("a spoiler");
    await spoiler.press("Enter");
    expect(await page.locator(".spoiler.is-shown").textContent()).toBe("a spoiler");
  });

  it("loads pictures of this machine alone, and shows the address of others", async () => {
    const opened = await open();
    const sources = await opened.page
      .locator("img")
      .evaluateAll((all) => all.map((one) => (one as HTMLImageElement).src));
    expect(sources.filter((source) => !source.startsWith(story.url))).toEqual([]);
    const embed = ofCommand(opened, "/whois");
    expect(await embed.locator(".picture-url").allTextContents()).toContain("https://example.com/remote.png");
    expect(opened.complaints).toEqual([]);
  });

  it("shows embeds, files, polls and who can see a message", async () => {
    const opened = await open();
    const embed = ofCommand(opened, "/whois");
    expect(await embed.locator(".embed-title strong").textContent()).toBe("Lovelace");
    expect(await embed.locator(".embed-row-3 .embed-field-name").allTextContents()).toEqual([
      "Joined",
      "Roles",
      "Boats",
    ]);
    expect(await embed.locator(".embed-footer").textContent()).toBe("cached 2 s ago • 26/11/2026, 16:20");
    expect(await embed.locator(".ephemeral-footer").textContent()).toContain("Only you can see this • Dismiss message");
    await embed.getByRole("button", { name: "Dismiss message" }).click();
    await expect.poll(() => story.acts.at(-1)).toMatchObject({ body: { do: "dismiss" } });
    expect(await ofCommand(opened, "/files").locator(".file-card").textContent()).toBe("report.csv1.18 MB");
    expect(await ofCommand(opened, "/vote").locator(".poll-share").allTextContents()).toEqual([
      "3 votes · 75%",
      "1 vote · 25%",
    ]);
  });

  it("shows the states of an interaction in Discord's words, and the reason apart", async () => {
    const opened = await open();
    expect(await ofCommand(opened, "/setup").last().textContent()).toContain("Sending command…");
    expect(await ofCommand(opened, "/report").textContent()).toContain("Sandpiper is thinking…");
    const failed = ofCommand(opened, "/slow");
    expect(await failed.locator(".failure-text").textContent()).toContain("The application did not respond");
    expect(await failed.locator(".reasons").textContent()).toContain("data.content: Must be 2000 or fewer in length.");
    const panel = ofCommand(opened, "/panel");
    expect(await panel.locator(".component-failure").textContent()).toContain("This interaction failed");
    expect(await panel.getByRole("button", { name: "Secondary" }).getAttribute("aria-busy")).toBe("true");
  });

  it("applies changes that the stream tells, and keeps its place at the end", async () => {
    const { page } = await open();
    const view = { message: message({ content: "Just now" }, 0) };
    story.send({ type: "message", channelId: "111", view, isNew: true });
    const fresh = page.locator("article", { hasText: "Just now" });
    await fresh.waitFor();
    expect(await fresh.evaluate((one) => one.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
    story.send({
      type: "message",
      channelId: "111",
      view: { message: { ...view.message, content: "Changed", edited_timestamp: "2026-11-26T16:21:00Z" } },
      isNew: false,
    });
    await page.locator("article", { hasText: "Changed (edited)" }).waitFor();
    story.send({ type: "message-gone", channelId: "111", messageId: view.message.id });
    await page.locator("article", { hasText: "Changed" }).waitFor({ state: "detached" });
  });

  it("says in place of a message why it cannot be shown, and shows it once it is mended", async () => {
    const { page } = await open();
    const broken = message({ timestamp: "not a time", content: "Mended" }, 0);
    story.send({ type: "message", channelId: "111", view: { message: broken }, isNew: true });
    await page.getByText("The playground cannot show this message").waitFor();
    const timestamp = new Date().toISOString();
    story.send({ type: "message", channelId: "111", view: { message: { ...broken, timestamp } }, isNew: false });
    await page.locator("article", { hasText: "Mended" }).waitFor();
  });

  it("has no serious finding of axe in light and dark", async () => {
    const { page, complaints } = await open();
    await expectAccessibleInBothSchemes(page);
    await page.getByRole("button", { name: "Exchanges" }).click();
    await page.getByRole("button", { name: /\/ping/ }).click();
    await page.locator("summary").first().click();
    await expectAccessibleInBothSchemes(page);
    expect(complaints).toEqual([]);
  });

  it("keeps the theme that was chosen, and moves nothing where that is not wanted", async () => {
    const { page } = await open({ colorScheme: "light", reducedMotion: "reduce" });
    const theme = () => page.evaluate(() => document.documentElement.dataset["theme"]);
    expect(await theme()).toBe("light");
    await page.getByRole("button", { name: "Use the dark theme" }).click();
    expect(await theme()).toBe("dark");
    await page.reload();
    await page.getByRole("log").getByText("Hello").first().waitFor();
    expect(await theme()).toBe("dark");
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  it("fits a window of 380 px without scrolling sideways", async () => {
    const { page } = await open({ viewport: { width: 380, height: 780 } });
    for (const name of ["/help", "/whois", "/files", "/panel", "/layout"])
      await page.locator("article", { hasText: `used ${name}` }).scrollIntoViewIfNeeded();
    const wide = await page
      .locator("article *")
      .evaluateAll((all) =>
        all
          .filter(
            (one) => one.getBoundingClientRect().right > innerWidth && !one.closest("pre, [popover], svg, .emoji"),
          )
          .map((one) => one.className),
      );
    expect(wide).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(380);
    await expectAccessible(page);
  });
});
