import type { Page } from "playwright-core";
import type { Picture } from "./picture.ts";
import type { PicturedWorld } from "./world.ts";

const general = "/channels/1100000000000000100/1100000000000000111";
const ada = "1100000000000000011";
const minuteMs = 60_000;

/** Returns the pictures of the playground. Each goes on with the conversation where the one before ended. */
export const playgroundPictures = ({ url, discord, now, pass }: PicturedWorld): Picture[] => {
  async function open(page: Page): Promise<void> {
    await page.clock.setFixedTime(now());
    await page.goto(`${url}${general}?person=${ada}&shot=1`);
    await page.getByRole("log").locator("article").first().waitFor();
  }

  return [
    {
      name: "playground",
      width: 1_280,
      height: 840,
      colorScheme: "dark",
      async pose(page) {
        discord.byId.say({ userId: "1100000000000000013", channelId: "1100000000000000111" }, "Where do we eat today?");
        pass(minuteMs);
        const form = await discord.command("/poll question:Lunch?");
        const poll = await discord.submit(form.interaction.token, { Answers: "Pizza\nSushi\nFish and chips" });
        const id = poll.messages[0]?.id ?? "";
        for (const [user, label] of [
          ["linus", "Fish and chips"],
          ["robin", "Pizza"],
          ["grace.h", "Fish and chips"],
        ] as const) {
          pass(8_000);
          await discord.click(id, { label }, { user });
        }
        pass(minuteMs);
        await discord.command("/remind me about:Book a table in:2h");
        await open(page);
        await page.getByRole("button", { name: "Exchanges" }).click();
        const drawer = page.getByRole("complementary", { name: "Exchanges" });
        await drawer.getByRole("button", { name: /\/remind me/ }).click();
        await drawer.getByRole("tab", { name: "Work" }).click();
      },
    },
    {
      name: "playground-setup",
      width: 1_280,
      height: 840,
      colorScheme: "light",
      async pose(page) {
        pass(minuteMs);
        await discord.command("/setup");
        pass(2_000);
        await open(page);
        await page.getByText("Step 1 of 4").waitFor();
        await page.getByText("Time and faults").click();
        await page.getByRole("button", { name: /^To the next job \(in/ }).waitFor();
      },
    },
  ];
};
