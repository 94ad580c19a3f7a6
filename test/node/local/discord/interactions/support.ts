import { createApplicationSettings } from "../../../../../local/discord/world/application.ts";
import { startRest } from "../support.ts";

export const [ada, grace, linus, mei, robin, stranger] = [
  "1100000000000000011",
  "1100000000000000012",
  "1100000000000000013",
  "1100000000000000014",
  "1100000000000000015",
  "1100000000000000016",
];
export const [harbour, moderators, sailors] = ["1100000000000000100", "1100000000000000101", "1100000000000000102"];
export const [general, news, hidden, radio, knots] = [
  "1100000000000000111",
  "1100000000000000112",
  "1100000000000000113",
  "1100000000000000114",
  "1100000000000000115",
];
export const bot = "1100000000000000001";

/** The seeded world, and what the functions on interactions want of it. */
export function startWorld() {
  const { simulator, clock } = startRest();
  const { world } = simulator;
  const context = {
    world,
    applicationId: simulator.applicationId,
    botToken: "t",
    clock,
    createId: simulator.createId,
    emit: () => {},
    interactions: new Map(),
    files: new Map(),
    application: createApplicationSettings(null, null),
    verifyKey: "0".repeat(64),
    triggers: new WeakMap(),
    publicUrl: () => "http://x.test",
  };
  const guild = world.guilds.get(harbour);
  if (!guild) throw new Error("The seeded world has no harbour.");
  return { simulator, clock, world, context, guild, asker: { guild, user: { id: ada } }, where: { world, guild } };
}
