import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, expectAccessibleInBothSchemes, startBrowser } from "../playground/browser.ts";
import { addDeadJobs, addDeadLetters, adminToken, startDashboard } from "./world.ts";

const world = startDashboard();
const { open } = startBrowser();

async function logIn(page: Page, token = adminToken): Promise<void> {
  await page.getByLabel("Admin token").fill(token);
  await page.getByRole("button", { name: "Log in" }).click();
}

/** A login that the tests share: a network may log in ten times in a quarter of an hour. */
let shared: string | undefined;

async function openLoggedIn(path = "/admin", options = {}) {
  if (shared === undefined) {
    const body = new URLSearchParams({ token: adminToken });
    const headers = { Origin: world.url };
    const response = await fetch(`${world.url}/admin/login`, { method: "POST", redirect: "manual", headers, body });
    shared = /sandpiper=([^;]+)/.exec(response.headers.get("Set-Cookie") ?? "")?.[1] ?? "";
  }
  const opened = await open("about:blank", options);
  await opened.page.context().addCookies([{ name: "sandpiper", value: shared, url: world.url }]);
  await opened.page.goto(`${world.url}${path}`);
  await opened.page.getByRole("button", { name: "Log out" }).waitFor();
  return opened;
}

describe.runIf(chromiumPath !== undefined)("the dashboard in a browser", () => {
  it("asks for the admin token, refuses a wrong one, and goes on to the page that was asked for", async () => {
    const { page } = await open(`${world.url}/admin/jobs`);
    await logIn(page, "not-the-token-of-this-bot-at-all");
    expect(await page.getByRole("alert").textContent()).toBe("This is not the admin token.");
    await logIn(page);
    await page.getByRole("heading", { name: "Jobs" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/admin/jobs");
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ name: "sandpiper", httpOnly: true, sameSite: "Lax" });
    expect(await page.evaluate("document.cookie")).toBe("");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByLabel("Admin token").waitFor();
    await page.goto(`${world.url}/admin`);
    await page.getByLabel("Admin token").waitFor();
  });

  it("opens for a login that arrives by a link on another site", async () => {
    const { page } = await openLoggedIn();
    await page.route("http://localhost:1/", (route) =>
      route.fulfill({ contentType: "text/html", body: `<a href="${world.url}/admin/jobs">here</a>` }),
    );
    await page.goto("http://localhost:1/").catch(() => {});
    await page.getByRole("link", { name: "here" }).click();
    await page.getByRole("heading", { name: "Jobs" }).waitFor();
  });

  it("refuses a form of another site, whatever it carries", async () => {
    await addDeadLetters(world, 1);
    const { page } = await openLoggedIn("/admin/dead-letters");
    const formToken = (await page.locator("input[name=formToken]").first().getAttribute("value")) ?? "";
    await page.route("http://localhost:1/", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<form method="post" action="${world.url}/admin/actions/drop-letter">
          <input name="formToken" value="${formToken}"><input name="group" value="feeds"><input name="confirm" value="1">
          <button>Win</button></form>`,
      }),
    );
    await page.goto("http://localhost:1/");
    await page.getByRole("button", { name: "Win" }).click();
    await page.waitForURL(/\/admin\//);
    await expect.poll(() => page.textContent("body")).toMatch(/nothing was done/);
    expect(await world.redis.exec(["XLEN", "sp:bd:main:feeds"])).toBe(1);
    await world.redis.del("sp:bd:main:feeds");
  });

  it("replays one dead letter, drops one, and asks with the number before it replays all", async () => {
    await addDeadLetters(world, 40);
    const { page, complaints } = await openLoggedIn("/admin/dead-letters");
    await page.getByRole("button", { name: "Replay feed.news" }).first().click();
    await page.getByRole("status").waitFor();
    expect(await page.getByRole("status").textContent()).toBe("A dead letter of feeds was delivered.");
    await page.getByRole("button", { name: "Drop feed.news" }).first().click();
    await page.getByText("A dead letter of feeds was dropped.").waitFor();
    await page.getByRole("button", { name: "Replay all 38" }).click();
    await page.getByRole("heading", { name: "Replay 38 dead letters of feeds?" }).waitFor();
    expect(await world.redis.exec(["XLEN", "sp:bd:main:feeds"])).toBe(38);
    await page.getByRole("button", { name: "Yes, do it" }).click();
    await page.getByText("38 dead letters of feeds delivered.").waitFor();
    expect(await world.redis.exec(["XLEN", "sp:bd:main:feeds"])).toBe(0);
    await page.getByText("No message was given up.").waitFor();
    expect(complaints).toEqual([]);
  });

  it("moves a job, by Enter as by its button, cancels another, and tries dead jobs again", async () => {
    const dueAt = Date.now() + 3_600_000;
    const moved = await world.jobs.schedule({
      kind: "remind",
      owner: "1100000000000000011",
      data: { about: "tea" },
      dueAt,
    });
    const other = await world.jobs.schedule({ kind: "close-poll", owner: "1100000000000000012", dueAt });
    const { page, complaints } = await openLoggedIn("/admin/jobs");
    const time = page.getByLabel("New time of remind of 1100000000000000011, UTC");
    await time.fill("2029-01-02T03:04");
    await time.press("Enter");
    await page.getByText("A remind job was moved to 2029-01-02 03:04 UTC.").waitFor();
    await time.fill("2030-01-02T03:04");
    await page.getByRole("button", { name: "Move remind of 1100000000000000011" }).click();
    await page.getByText("A remind job was moved to 2030-01-02 03:04 UTC.").waitFor();
    expect((await world.jobs.get(moved.id))?.dueAt).toBe(Date.UTC(2030, 0, 2, 3, 4));
    await page.getByRole("button", { name: "Cancel close-poll of 1100000000000000012" }).click();
    await page.getByText("A close-poll job was cancelled.").waitFor();
    expect(await world.jobs.get(other.id)).toBeUndefined();
    await addDeadJobs(world, 3);
    await page.getByRole("link", { name: "Dead jobs" }).click();
    await page.getByRole("button", { name: "Drop remind of 1100000000000000100" }).click();
    await page.getByText("A dead job was dropped.").waitFor();
    await page.getByRole("button", { name: "Try all 2 again" }).click();
    await page.getByRole("button", { name: "Yes, do it" }).click();
    await page.getByText("2 dead jobs tried again.").waitFor();
    // Nobody there has these reminders sent to them: tried again, they die of that.
    const reasons = async () => (await world.jobs.deadPage()).dead.map(({ reason }) => reason);
    await expect.poll(async () => (await reasons()).includes("Discord answered 500")).toBe(false);
    expect(complaints).toEqual([]);
  });

  it("lists its logins and ends another one at once", async () => {
    const userAgent = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0";
    const first = await open(`${world.url}/admin`, { userAgent });
    await logIn(first.page);
    await first.page.getByRole("button", { name: "Log out" }).waitFor();
    const second = await openLoggedIn("/admin/logins");
    await second.page.getByRole("button", { name: /^End Firefox on Windows/ }).click();
    await second.page.getByText("A login was ended.").waitFor();
    await first.page.reload();
    await first.page.getByLabel("Admin token").waitFor();
  });

  it("shows an event within two seconds, who did what, and what watching costs", async () => {
    const { page, complaints } = await openLoggedIn();
    await page.getByText(/^Watching costs \d+ commands a minute/).waitFor();
    await page.waitForTimeout(300);
    const sentAt = Date.now();
    const sent = await world.api("events/shop.orders", { order: 7 });
    expect(sent.status).toBe(202);
    await page.locator("#events").getByText("shop.orders").waitFor();
    expect(Date.now() - sentAt).toBeLessThan(2_000);
    expect((await world.api("actions/invalidate", { everything: "yes" })).status).toBe(200);
    await page.reload();
    await page.locator("#audit").getByText("The cache has forgotten everything.").first().waitFor();
    expect(complaints).toEqual([]);
  });

  it("stops watching while its tab is hidden and after 15 minutes untouched, and goes on when it is touched", async () => {
    // The clock stays the page's until its end.
    const { page } = await openLoggedIn("/admin/jobs", { isOwn: true });
    await page.clock.install();
    await page.goto(`${world.url}/admin`);
    const note = page.locator("#watching");
    await note.getByText(/^Watching costs/).waitFor();
    await page.clock.fastForward(16 * 60_000);
    await note.getByText(/^Paused after 15 minutes untouched/).waitFor();
    // The page is read anew then, and that ends when the tab is hidden already.
    const held = Promise.withResolvers<void>();
    await page.route(`${world.url}/admin`, async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.mouse.move(100, 100);
    await note.getByText(/^Watching costs/).waitFor();
    await page.evaluate(`Object.defineProperty(document, "hidden", { value: true });
      document.dispatchEvent(new Event("visibilitychange"))`);
    await note.getByText("Paused while this tab is hidden.").waitFor();
    const read = page.waitForResponse(`${world.url}/admin`);
    held.resolve();
    await (await read).finished();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.clock.fastForward(5 * 60_000);
    await page.waitForTimeout(500);
    expect(asked).toEqual([]);
    expect(await note.textContent()).toBe("Paused while this tab is hidden.");
  });

  it("works with JavaScript off, and reads itself again", async () => {
    const { page } = await openLoggedIn("/admin", { javaScriptEnabled: false });
    expect(await page.locator('meta[http-equiv="refresh"]').count()).toBe(1);
    await page.getByRole("button", { name: "Forget everything" }).click();
    await page.locator(".did").getByText("The cache has forgotten everything.").waitFor();
  });

  it("has nothing that axe complains of, on any page, in light and dark", async () => {
    await addDeadLetters(world, 2);
    await world.jobs.schedule({ kind: "remind", owner: "1100000000000000011", dueAt: Date.now() + 3_600_000 });
    const { page } = await open(`${world.url}/admin`);
    await expectAccessibleInBothSchemes(page);
    await logIn(page);
    await page.getByRole("button", { name: "Log out" }).waitFor();
    for (const path of ["", "/jobs", "/dead-jobs", "/dead-letters", "/logins"]) {
      await page.goto(`${world.url}/admin${path}`);
      await expectAccessibleInBothSchemes(page);
    }
  });
});
