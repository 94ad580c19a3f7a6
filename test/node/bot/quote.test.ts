import { expect, it } from "vitest";
import { startTown } from "./support.ts";

const town = await startTown();

it("returns a message as a text file", async () => {
  const ping = await town.command("/ping");
  const quoted = await town.as("robin").messageCommand("Quote", ping.id);
  expect(quoted.isEphemeral).toBe(true);
  const [file] = quoted.files;
  expect(file?.name).toBe(`quote-${ping.id}.txt`);
  const url = quoted.raw.messages[0]?.attachments[0]?.url ?? "";
  const text = await (await town.discord.app.request(new URL(url).pathname)).text();
  expect(text).toContain("sandpiper (@sandpiper)");
  expect(text).toContain(`https://discord.com/channels/1100000000000000100/1100000000000000111/${ping.id}`);
  expect(text).toContain("**Pong!**");
});

it("refuses to quote a message that the person cannot see", async () => {
  const private_ = await town.command("/whois");
  await expect(town.as("robin").messageCommand("Quote", private_.id)).rejects.toThrow(
    /There is no message \d+ here that robin can see/,
  );
});
