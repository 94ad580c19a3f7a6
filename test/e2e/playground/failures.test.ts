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
  await box(page).fill(`/${command}`);
  await page.keyboard.press("Enter");
  await page.locator(".command-name").waitFor();
  await page.keyboard.press("Enter");
  return page;
}

describe.skipIf(chromiumPath === undefined)("a bot that answers wrongly", () => {
  it.each([
    ["crash", "500"],
    ["nonsense", "text/html"],
    ["unknown", "type"],
    ["long", "content"],
    ["empty", "empty"],
    ["silent", "3"],
  ])("is said not to respond to /%s, with the reason apart", async (command, reason) => {
    const page = await send(command);
    const failed = page.locator("article", { hasText: `used /${command}` });
    await failed.getByText("The application did not respond").waitFor();
    expect(await failed.locator(".reasons").textContent()).toContain(reason);
    await failed.getByRole("button", { name: "Dismiss message" }).click();
    await failed.waitFor({ state: "detached" });
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
});
