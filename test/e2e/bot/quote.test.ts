import { expect, it } from "vitest";
import { startSim } from "../../../local/kit/index.ts";

const sim = await startSim();

it("returns a message as a text file", async () => {
  const ping = await sim.command("/ping");
  const quoted = await sim.as("robin").messageCommand("Quote", ping.id);
  expect(quoted.isEphemeral).toBe(true);
  const [file] = quoted.files;
  expect(file?.name).toBe(`quote-${ping.id}.txt`);
  const text = await file?.text();
  expect(text).toContain("sandpiper (@sandpiper)");
  expect(text).toContain(`https://discord.com/channels/1100000000000000100/1100000000000000111/${ping.id}`);
  expect(text).toContain("**Pong!**");
});

it("refuses to quote a message that the person cannot see", async () => {
  const private_ = await sim.command("/whois");
  await expect(sim.as("robin").messageCommand("Quote", private_.id)).rejects.toThrow(
    /There is no message \d+ here that robin can see/,
  );
});
