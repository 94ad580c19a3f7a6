import { expect, it } from "vitest";
import { commandChanges } from "../../../../local/dev/command-changes.ts";
import { registerCommands } from "../../../../local/dev/registration.ts";
import { createReporter } from "../../../../local/dev/reporter.ts";
import { createDiscordSimulator } from "../../../../local/discord/index.ts";

const root = `${import.meta.dirname}/../../../..`;
const ping = { type: 1, name: "ping", description: "Is it awake?" };
const names = (commands: { name: string }[]) => commands.map(({ name }) => name);

it("keeps the commands of before when Discord refuses the new ones, and says which and why", () => {
  const discord = createDiscordSimulator({ interactionsUrl: "http://127.0.0.1:1/interactions" });
  const register = (...commands: { type: number; name: string }[]) =>
    registerCommands(discord, commands, { root, saved: [] });
  expect(register(ping)).toBeUndefined();
  expect(register(ping, { ...ping, name: "Whois" })).toMatchObject({
    title: "The commands cannot be registered",
    text: expect.stringMatching(/^Discord refuses "Whois": name: /),
  });
  expect(names(discord.commands())).toEqual(["ping"]);
});

it("leaves an entry-point command that is no longer declared, as Discord does", () => {
  const discord = createDiscordSimulator({ interactionsUrl: "http://127.0.0.1:1/interactions" });
  const launch = { type: 4, name: "launch", description: "Open it", handler: 1 };
  expect(registerCommands(discord, [launch, ping], { root, saved: [] })).toBeUndefined();
  expect(registerCommands(discord, [ping], { root, saved: [] })).toBeUndefined();
  expect(names(discord.commands()).toSorted()).toEqual(["launch", "ping"]);
});

it("tells commands by type and name, and whatever differs in them", () => {
  const menu = { type: 3, name: "ping" };
  expect(commandChanges([ping, menu], [{ ...ping, description: "Awake?" }])).toEqual(["changed /ping", 'gone "ping"']);
  expect(commandChanges([ping], [ping, menu])).toEqual(['new "ping"']);
});

it("prints a line for a save, a mistake and its end, and none for the first start", () => {
  const lines: string[] = [];
  const { onLive, onMistake } = createReporter((line) => lines.push(line));
  onLive({ saved: [], changes: ["new /ping"], ms: 900 });
  onLive({ saved: ["src/bot/a.ts"], changes: ["new /a", "gone /b"], ms: 412 });
  onMistake({ title: "The Worker cannot start", text: "Early." });
  onMistake(null);
  onLive({ saved: ["src/bot/a.ts", "src/bot/b.ts", "src/bot/c.ts"], changes: [], ms: 1_000 });
  onLive({ saved: [], changes: [], ms: 1_000 });
  expect(lines).toEqual([
    "saved   src/bot/a.ts: live after 0.4 s. Commands: new /a, gone /b.",
    "mistake The Worker cannot start: Early. The Worker before it goes on answering; save to try again.",
    "mended  src/bot/a.ts and 2 other files: live after 1.0 s.",
    "saved   started again: live after 1.0 s.",
  ]);
});
