import { expect, it, onTestFinished, vi } from "vitest";
import { playgroundPictures } from "../../../../local/pictures/playground.ts";
import { startPicturedWorld } from "../../../../local/pictures/world.ts";

async function start() {
  const { randomUUID } = crypto;
  const world = await startPicturedWorld();
  onTestFinished(async () => {
    crypto.randomUUID = randomUUID;
    await world.close();
  });
  return world;
}

it("looks the same each time: its time, its IDs, and how long requests take", async () => {
  const seen: unknown[] = [];
  for (const _ of [1, 2]) {
    const { discord, now } = await start();
    expect(new Date(now()).toISOString()).toBe("2026-06-01T09:41:00.000Z");
    const { messages } = await discord.command("/ping");
    expect(messages[0]?.content).toMatch(/Isolate `0000000\d`/);
    expect(messages[0]?.content).toContain("answered in 14 ms.");
    seen.push([messages.map(({ content }) => content.replace(/127\.0\.0\.1:\d+/, "")), now()]);
  }
  expect(seen[0]).toEqual(seen[1]);
});

it("lets time pass only when it is told to, or for what a request takes", async () => {
  const { discord, now, pass } = await start();
  const before = now();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(now()).toBe(before);
  pass(60_000);
  expect(now()).toBe(before + 60_000);
  await discord.command("/ping");
  // Redis takes 14 ms, and the rest of the answer 9.
  expect(now() - before - 60_000).toBeGreaterThanOrEqual(23);
  expect((now() - before - 60_000 - 9) % 14).toBe(0);
});

it("is the bot with its memory and its playground", async () => {
  const { discord, url } = await start();
  const poll = await discord.submit((await discord.command("/poll question:Lunch?")).interaction.token, {
    Answers: "Pizza\nSushi",
  });
  await discord.click(poll.messages[0]?.id ?? "", { label: "Pizza" }, { user: "robin" });
  expect(JSON.stringify(discord.visibleMessages())).toContain("1 · 100 %");
  const page = await fetch(url);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<!doctype html>")]);
  const exchanges = (await (await fetch(`${url}/playground/api/session`)).json()) as {
    exchanges: { title: string; redis: { ms: number }[] }[];
  };
  const asked = exchanges.exchanges.filter(({ title }) => title.startsWith("/poll") || title.startsWith("Click"));
  expect(asked.length).toBeGreaterThan(0);
  for (const { redis } of asked) for (const { ms } of redis) expect(ms).toBe(14);
  const controls = (await (await fetch(`${url}/playground/api/controls`)).json()) as { can: object };
  expect(controls.can).toEqual({ move: true, cron: true, redis: true });
});

it("is gone once it is closed", async () => {
  const { randomUUID } = crypto;
  const { url, close } = await startPicturedWorld();
  crypto.randomUUID = randomUUID;
  await close();
  await expect(fetch(url)).rejects.toThrow();
});

/** A page that notes what is done with it; every locator can be clicked and awaited. */
function createPage() {
  const done: string[] = [];
  const locator = (path: string): object => ({
    first: () => locator(path),
    locator: (one: string) => locator(`${path} ${one}`),
    getByRole: (role: string, { name = "" }: { name?: string | RegExp } = {}) =>
      locator(`${path} ${role} ${String(name)}`.trim()),
    getByText: (text: string) => locator(`${path} "${text}"`.trim()),
    click: async () => void done.push(`click ${path}`),
    waitFor: async () => void done.push(`see ${path}`),
  });
  const page = {
    ...locator(""),
    clock: { setFixedTime: async (at: number) => void done.push(`at ${new Date(at).toISOString().slice(11, 16)}`) },
    goto: async (url: string) => void done.push(`open ${new URL(url).pathname}${new URL(url).search}`),
  };
  return { done, page: page as never };
}

it("poses a poll with votes, and the work behind a reminder", async () => {
  // What is behind an answer may find that time has passed meanwhile, and says so.
  vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  const world = await start();
  const [poll, setup] = playgroundPictures(world);
  expect(poll).toMatchObject({ name: "playground", width: 1_280, height: 840, colorScheme: "dark" });
  expect(setup).toMatchObject({ name: "playground-setup", width: 1_280, height: 840, colorScheme: "light" });
  const { done, page } = createPage();
  await poll?.pose(page);
  expect(done).toEqual([
    "at 09:43",
    "open /channels/1100000000000000100/1100000000000000111?person=1100000000000000011&shot=1",
    "see log article",
    "click button Exchanges",
    "click complementary Exchanges button /\\/remind me/",
    "click complementary Exchanges tab Work",
  ]);
  const seen = world.discord.visibleMessages();
  expect(seen.map(({ content }) => content)[0]).toBe("Where do we eat today?");
  expect(JSON.stringify(seen)).toMatch(/Fish and chips[^"]*2 · 67 %|2 · 67 %/);
  expect(seen.length).toBeGreaterThanOrEqual(3);

  const next = createPage();
  await setup?.pose(next.page);
  expect(next.done).toEqual([
    expect.stringMatching(/^at 09:4[45]$/),
    expect.stringMatching(/^open .*shot=1$/),
    "see log article",
    'see "Step 1 of 4"',
    'click "Time and faults"',
    "see button /^To the next job \\(in/",
  ]);
  expect(JSON.stringify(world.discord.visibleMessages())).toContain("Step 1 of 4");
});
