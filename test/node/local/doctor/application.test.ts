import { expect, it } from "vitest";
import { application, install, intents, publicKey } from "../../../../local/doctor/application.ts";
import { applicationId } from "../deployment/support.ts";
import { factsOf } from "./support.ts";

it("compares the token's application with the one that is configured", async () => {
  const run = (env: Record<string, string>) => application.run(factsOf({ env }));
  const right = { is: "right", text: `Sandpiper (${applicationId}); Discord accepts the token` };
  expect(await run({})).toEqual(right);
  expect(await run({ DISCORD_APPLICATION_ID: applicationId })).toEqual(right);
  expect(await run({ DISCORD_APPLICATION_ID: "123" })).toEqual({
    is: "wrong",
    text: `the token is that of Sandpiper (${applicationId}), but DISCORD_APPLICATION_ID is 123`,
    cure: "npm run setup",
  });
});

it.each<[string, string, string]>([
  ["the application's", "ab".repeat(32), "right"],
  ["written in capitals", "AB".repeat(32), "right"],
  ["one of two while it is rotated", `${"cd".repeat(32)}, ${"ab".repeat(32)}`, "right"],
  ["another's", "cd".repeat(32), "wrong"],
])("judges a public key that is %s", async (_, key, is) => {
  const finding = await publicKey.run(factsOf({ env: { DISCORD_PUBLIC_KEY: key } }));
  expect(finding.is).toBe(is);
  if (finding.is === "wrong") expect(finding).toMatchObject({ cure: "npm run setup" });
});

it("takes the application's key in capitals for the same", async () => {
  const facts = factsOf({ application: { verify_key: "AB".repeat(32) }, env: { DISCORD_PUBLIC_KEY: "ab".repeat(32) } });
  expect((await publicKey.run(facts)).is).toBe("right");
});

it.each([
  ...[12, 13, 14, 15, 18, 19].map((bit) => [bit, true] as const),
  ...[11, 16, 17, 20, 23].map((bit) => [bit, false] as const),
])("knows of flag %i whether it is a privileged intent", async (bit, isOn) => {
  const finding = await intents.run(factsOf({ application: { flags: 2 ** bit } }));
  expect(finding).toEqual({
    is: "right",
    text: isOn ? "privileged intents are on, and may be off: this bot needs none" : "none are on, and none needed",
  });
});

it("needs no more than the variables of what it asks", () => {
  expect([application, intents, install].map(({ needs }) => needs)).toEqual(
    Array.from({ length: 3 }, () => ["DISCORD_BOT_TOKEN"]),
  );
  expect(publicKey.needs).toEqual(["DISCORD_BOT_TOKEN", "DISCORD_PUBLIC_KEY"]);
});

const own = (...scopes: string[]) => ({ oauth2_install_params: { scopes, permissions: "0" } });
const commands = "applications.commands";

it.each<[string, object | undefined, object]>([
  ["both ways", { "0": own(commands, "bot"), "1": own(commands) }, { is: "right", text: "in servers and for users" }],
  [
    "neither way",
    undefined,
    {
      is: "wrong",
      text: "the commands are for use in servers and for users, where the application cannot be installed",
      cure: "npm run setup",
    },
  ],
  [
    "in servers alone",
    { "0": own(commands, "bot") },
    { is: "wrong", text: "the commands are for use for users, where the application cannot be installed" },
  ],
  [
    "without the scope of commands",
    { "0": own(commands, "bot"), "1": own("bot") },
    {
      is: "wrong",
      text: `the install link for users lacks the scope ${commands}: no command would appear`,
      cure: "add it on the application's Installation page",
    },
  ],
  [
    "without scopes",
    { "0": own(commands, "bot"), "1": {} },
    { is: "unknown", text: "the application's own install link has no scopes; npm run setup adds them" },
  ],
])("judges an application that can be installed %s", async (_, config, finding) => {
  expect(await install.run(factsOf({ application: { integration_types_config: config } }))).toMatchObject(finding);
});
