import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WorldView } from "../../../local/playground/protocol.ts";
import { chromiumPath, type Opened, startBrowser } from "./browser.ts";
import { exchanges } from "./fixtures/exchanges.ts";
import { type Played, playStory } from "./fixtures/serve.ts";
import { hostile, message } from "./fixtures/story.ts";
import { ada, worldOf } from "./fixtures/world.ts";

// Text of a bot or a person that is markup anywhere else, in every place that shows such text.

const browser = startBrowser();
let story: Played;
beforeAll(async () => {
  story = await playStory();
});
afterAll(() => story.close());

/** Expects no effect of a text: no element, script or style made of it, and no link that runs. */
async function expectHarmless({ page, complaints }: Opened): Promise<void> {
  const found = await page.evaluate(() => ({
    elements: document.querySelectorAll("script:not([src]), iframe, object, svg[onload], img[onerror], style").length,
    links: [...document.querySelectorAll("a")].map((one) => one.protocol).filter((one) => !/^https?:$/.test(one)),
    isPwned: document.title === "pwned" || "pwned" in globalThis,
  }));
  expect(found).toEqual({ elements: 0, links: [], isPwned: false });
  expect(complaints).toEqual([]);
}

async function open(): Promise<Opened> {
  const opened = await browser.open(`${story.url}/channels/100/111?person=11`);
  await opened.page.getByRole("log").getByText("Thank you!").waitFor();
  return opened;
}

/** Returns the world with the same text for every name in it. */
function hostileWorld(): WorldView {
  const world = worldOf({ ...ada, name: hostile });
  return {
    ...world,
    application: { ...world.application, name: hostile },
    guilds: world.guilds.map((guild) => ({
      ...guild,
      name: hostile,
      channels: guild.channels.map((channel) => ({ ...channel, name: hostile, topic: hostile })),
      members: guild.members.map((member) => ({ ...member, name: hostile })),
      roles: guild.roles.map((role) => ({ ...role, name: hostile })),
    })),
    names: Object.fromEntries(Object.entries(world.names).map(([id, one]) => [id, { ...one, name: hostile }])),
  };
}

const link = "javascript:globalThis.pwned=1";
const options = [{ label: hostile, value: "1", description: hostile, emoji: { name: hostile } }];
const components = [
  { type: 10, content: `${hostile}\n[a](${link}) \`\`\`html\n${hostile}\n\`\`\`` },
  {
    type: 17,
    components: [
      {
        type: 1,
        components: [
          { type: 2, style: 5, label: hostile, url: link },
          { type: 2, style: 1, label: hostile, custom_id: "1" },
        ],
      },
      { type: 1, components: [{ type: 3, custom_id: "2", placeholder: hostile, options }] },
      {
        type: 12,
        items: [{ media: { url: link }, description: hostile }, { media: { url: `https://x.test/"onerror="${link}` } }],
      },
      { type: 13, file: { url: `attachment://${hostile}` } },
    ],
  },
];
const embed = {
  title: hostile,
  url: link,
  description: `${hostile} [a](${link})`,
  author: { name: hostile, url: link, icon_url: link },
  fields: [{ name: hostile, value: hostile }],
  footer: { text: hostile, icon_url: link },
  image: { url: link },
};

describe.skipIf(chromiumPath === undefined)("hostile text", () => {
  it("is text in every name of the world", async () => {
    const opened = await open();
    story.send({ type: "world", world: hostileWorld() });
    await opened.page.getByRole("heading", { name: hostile }).first().waitFor();
    for (const part of [".guild-name", ".channel-name", ".topic", ".member .name", ".mention", ".message-head .name"])
      expect(await opened.page.locator(part).first().textContent()).toContain(hostile);
    await opened.page.locator(".box").fill("/role add");
    await opened.page.keyboard.press("Tab");
    await opened.page.getByRole("option", { name: hostile }).first().waitFor();
    await expectHarmless(opened);
  });

  it("is text in embeds and components, and no link that runs", async () => {
    const opened = await open();
    const attachments = [{ id: "1", filename: hostile, size: 1, url: link, description: hostile }];
    const poll = {
      question: { text: hostile },
      answers: [{ answer_id: 1, poll_media: { text: hostile, emoji: { name: hostile } } }],
    };
    const whole = message({ content: hostile, components, embeds: [embed], attachments, poll }, 0);
    story.send({
      type: "message",
      channelId: "111",
      view: { message: whole, cause: { person: ada, title: hostile } },
      isNew: true,
    });
    const shown = opened.page.locator(`#message-${whole.id}`);
    await shown.waitFor();
    await shown.locator(".hljs-tag").first().waitFor();
    await shown.getByRole("combobox").click();
    await opened.page.getByRole("option").filter({ hasText: "onerror" }).waitFor();
    for (const part of [
      ".cause-title",
      ".embed-title",
      ".embed-author",
      ".embed-field-name",
      ".poll-question",
      ".file-name",
      ".code-block",
    ])
      expect(await shown.locator(part).first().textContent()).toContain("onerror=");
    await expectHarmless(opened);
  });

  it("is text in forms, failures, notices and exchanges", async () => {
    const opened = await open();
    const { page } = opened;
    const [exchange] = exchanges;
    if (exchange) {
      const problems = [hostile];
      const logs = [{ at: 0, level: "error", text: hostile }];
      story.send({ type: "exchange", exchange: { ...exchange, id: "e9", title: hostile, problems, logs } });
    }
    story.send({ type: "mistake", mistake: { title: hostile, text: hostile, file: hostile } });
    story.send({
      type: "pending",
      pending: {
        id: "p9",
        channelId: "111",
        title: hostile,
        state: "failed",
        isEphemeral: true,
        person: ada,
        text: hostile,
        reasons: [hostile],
      },
    });
    await page.getByRole("alert").waitFor();
    await page.getByRole("button", { name: "Exchanges" }).click();
    await page.locator(".exchange-row").first().click();
    await page.getByRole("tab", { name: /Logs/ }).click();
    story.answer(() => ({ exchange: "mine" }));
    await page.locator(".box").fill("/ping");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    const field = { type: 4, custom_id: "f", style: 1, placeholder: hostile, value: hostile };
    const rows = [
      { type: 18, label: hostile, description: hostile, component: field },
      { type: 18, label: hostile, component: { type: 21, custom_id: "r", options } },
    ];
    story.send({
      type: "form",
      exchange: "mine",
      token: "t",
      form: { title: hostile, custom_id: "f", components: rows },
    });
    await page.getByRole("dialog").waitFor();
    await expectHarmless(opened);
  });
});
