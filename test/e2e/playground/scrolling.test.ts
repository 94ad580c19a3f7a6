import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, startBrowser } from "./browser.ts";
import { type Played, playStory } from "./fixtures/serve.ts";

const browser = startBrowser();
let story: Played;
beforeAll(async () => {
  story = await playStory();
});
afterAll(() => story.close());

/** A task that takes longer is felt. */
const longTaskMs = 50;

describe.skipIf(chromiumPath === undefined)("a channel of 2,000 messages", () => {
  it("scrolls to its start and back without a long task or a jump", async () => {
    const { page, complaints } = await browser.open(`${story.url}/channels/100/113?person=11`);
    const log = page.getByRole("log");
    await log.locator("article").nth(99).waitFor();
    const scroller = page.locator(".scroller");
    expect(await scroller.evaluate((one) => one.scrollHeight - one.scrollTop - one.clientHeight)).toBeLessThan(2);

    // Older pages arrive above while the reader is near the start; what is read stays where it is.
    for (let loaded = 100; loaded < 2_000; loaded += 100) {
      await scroller.evaluate((one) => one.scrollTo(0, 700));
      await log.locator("article").nth(loaded).waitFor({ state: "attached" });
    }
    expect(await log.locator("article").count()).toBe(2_000);

    // The browser's own account, in time of the processor: a busy machine must not fail the test.
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
    const spent = async () => {
      const { metrics } = await devtools.send("Performance.getMetrics");
      return 1_000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0);
    };
    const steps: number[] = [];
    for (let step = 0; step < 60; step++) {
      const before = await spent();
      const by = step < 30 ? 600 : -600;
      await scroller.evaluate(async (one, px) => {
        one.scrollBy(0, px);
        await new Promise(requestAnimationFrame);
      }, by);
      steps.push((await spent()) - before);
    }
    const felt = steps.filter((ms) => ms > longTaskMs);
    expect(felt.length, `CPU per step in ms: ${steps.map(Math.round).join(" ")}`).toBeLessThanOrEqual(1);
    expect(complaints).toEqual([]);
  });

  it("keeps the line that is being read in its place while older messages arrive above", async () => {
    const { page } = await browser.open(`${story.url}/channels/100/113?person=11`);
    const scroller = page.locator(".scroller");
    await page.locator("article").nth(99).waitFor();
    await scroller.evaluate((one) => one.scrollTo(0, 790));
    const read = page.locator("article", { hasText: "Message 1920 " });
    const topOf = () => read.evaluate((one) => one.getBoundingClientRect().top);
    const before = await topOf();
    await page.locator("article").nth(199).waitFor({ state: "attached" });
    await page.waitForTimeout(200);
    expect(Math.abs((await topOf()) - before)).toBeLessThan(40);
  });
});
