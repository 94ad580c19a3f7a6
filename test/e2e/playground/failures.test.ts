import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDiscordSimulator } from "../../../local/discord/index.ts";
import { createPlayground, createWorldClock } from "../../../local/playground/server/index.ts";
import { chromiumPath, type Opened, startBrowser } from "./browser.ts";

// A bot that answers wrongly in each way, and what Discord's people see of it.

interface Interaction {
  type: number;
  data?: { name?: string; custom_id?: string };
}

const field = { type: 18, label: "Name", component: { type: 4, custom_id: "name", style: 1, required: false } };
const button = { type: 2, style: 1, label: "Fail", custom_id: "fail" };
const message = (data: object) => Response.json({ type: 4, data });
const crash = () => new Response("Internal Server Error", { status: 500 });

/** The answer to each command, or to what is used in a message. */
const answers: Record<string, () => Response | Promise<Response>> = {
  crash,
  nonsense: () => new Response("<html>", { headers: { "Content-Type": "text/html" } }),
  unknown: () => Response.json({ type: 99 }),
  long: () => message({ content: "x".repeat(2_001) }),
  empty: () => message({}),
  silent: () => new Promise(() => {}),
  panel: () => message({ content: "Panel", components: [{ type: 1, components: [button] }] }),
  fail: crash,
  ask: () => Response.json({ type: 9, data: { custom_id: "form", title: "Form", components: [field] } }),
  form: crash,
};

const choose = {
  name: "choose",
  type: 1,
  description: "Choices",
  options: [{ type: 3, name: "what", description: "What", required: true, autocomplete: true }],
};
const clock = createWorldClock();
const simulator = createDiscordSimulator({
  interactionsUrl: "http://bot.invalid/interactions",
  clock,
  async fetch(input, init) {
    const { type, data }: Interaction = await new Request(input, init).json();
    if (type === 4) return crash();
    const late = new Promise<never>((_, reject) =>
      init?.signal?.addEventListener("abort", () => reject(new Error("aborted")), { once: true }),
    );
    return Promise.race([answers[data?.name ?? data?.custom_id ?? ""]?.() ?? crash(), late]);
  },
});
simulator.registerCommands([...Object.keys(answers).map((name) => ({ name, description: "Answers wrongly" })), choose]);
const playground = createPlayground({ simulator, clock });
simulator.app.route("/", playground.app);

const browser = startBrowser();
let served: Awaited<ReturnType<typeof simulator.serve>>;
beforeAll(async () => {
  served = await simulator.serve({ host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  playground.close();
  await served.close();
});

type Page = Opened["page"];
const box = (page: Page) => page.getByRole("combobox", { name: /^Message / });

async function send(command: string): Promise<Page> {
  const { page } = await browser.open(served.url);
  await sendIn(page, command);
  return page;
}

async function sendIn(page: Page, command: string): Promise<void> {
  await box(page).fill(`/${command}`);
  await page.keyboard.press("Enter");
  await page.locator(".command-name").waitFor();
  await page.keyboard.press("Enter");
}

describe.skipIf(chromiumPath === undefined)("a bot that answers wrongly", () => {
  it("is said not to respond, with the reason apart", async () => {
    const { page } = await browser.open(served.url);
    // The one that waits for three seconds first: the others fail meanwhile.
    const reasons = {
      silent: "3",
      crash: "500",
      nonsense: "text/html",
      unknown: "type",
      long: "content",
      empty: "empty",
    };
    for (const command of Object.keys(reasons)) await sendIn(page, command);
    for (const [command, reason] of Object.entries(reasons)) {
      const failed = page.locator("article", { hasText: `used /${command}` });
      await failed.getByText("The application did not respond").waitFor();
      expect(await failed.locator(".reasons").textContent()).toContain(reason);
      await failed.getByRole("button", { name: "Dismiss message" }).click();
      await failed.waitFor({ state: "detached" });
    }
  });

  it("is said to have failed under a component", async () => {
    const page = await send("panel");
    const panel = page.locator("article", { hasText: "Panel" }).last();
    await panel.getByRole("button", { name: "Fail" }).click();
    await panel.getByText("This interaction failed").waitFor();
    expect(await panel.locator(".reasons").textContent()).toContain("500");
  });

  it("leaves a form open, with what was entered", async () => {
    const page = await send("ask");
    const form = page.getByRole("dialog", { name: "Form" });
    await form.getByLabel("Name").fill("Ada");
    await form.getByRole("button", { name: "Submit" }).click();
    await form.getByText("Something went wrong. Try again.").waitFor();
    expect(await form.getByLabel("Name").inputValue()).toBe("Ada");
    await page.keyboard.press("Escape");
    await form.waitFor({ state: "detached" });
  });

  it("is said to have failed to load options", async () => {
    const { page } = await browser.open(served.url);
    await box(page).fill("/choose");
    await page.keyboard.press("Tab");
    await page.keyboard.type("a");
    await page.getByText("Loading options failed").waitFor();
    const reasons = page.locator(".choice-list .reasons");
    expect(await reasons.textContent()).toContain("500");
    expect(await reasons.evaluate((one) => one.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
  });

  it("has its pictures from elsewhere loaded once their host is allowed, and no longer", async () => {
    const { page, complaints } = await browser.open(served.url);
    const asked: string[] = [];
    await page.route("https://pictures.example/**", (route) => {
      asked.push(route.request().url());
      return route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg"/>' });
    });
    await simulator.app.request("/api/v10/channels/1100000000000000111/messages", {
      method: "POST",
      headers: { Authorization: `Bot ${simulator.botToken}`, "Content-Type": "application/json" },
      body: JSON.stringify({ embeds: [{ title: "Far", image: { url: "https://pictures.example/far.png" } }] }),
    });
    await page.getByText("https://pictures.example/far.png").waitFor();
    expect(asked).toEqual([]);
    await page.getByRole("button", { name: "Load pictures from pictures.example" }).click();
    await page.locator('img[src="https://pictures.example/far.png"]').waitFor({ state: "attached" });
    await expect.poll(() => asked).toEqual(["https://pictures.example/far.png"]);
    await page.getByText("Time and faults").click();
    await page.getByRole("button", { name: "pictures.example", exact: true }).click();
    await page.getByRole("button", { name: "Load pictures from pictures.example" }).waitFor();
    expect(asked).toHaveLength(1);
    expect(complaints).toEqual([]);
  });
});
