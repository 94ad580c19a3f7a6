import { expect, it } from "vitest";
import {
  addressesAt,
  handledEvents,
  installLink,
  installSettings,
  readApplication,
  usedInstallTypes,
} from "../../../../local/deployment/application.ts";
import { startDiscord } from "./support.ts";

it("reads the application of the token", async () => {
  const { rest, application, state } = await startDiscord({ name: "Curlew" });
  expect(await readApplication(rest)).toEqual(application);
  // A moment later it may be another.
  application.name = "Godwit";
  expect(await readApplication(rest)).toMatchObject({ name: "Godwit" });
  expect(state.asked).toBe(2);
});

it("puts both addresses at the Worker's", () => {
  expect(addressesAt("https://bot.test")).toEqual({
    interactions_endpoint_url: "https://bot.test/interactions",
    event_webhooks_url: "https://bot.test/webhook-events",
  });
});

it("names each event that a feature handles once", () => {
  expect(handledEvents()).toEqual(["APPLICATION_AUTHORIZED", "APPLICATION_DEAUTHORIZED"]);
});

it("needs an install for servers and for users, as the commands are for use in both", () => {
  expect(usedInstallTypes()).toEqual(["0", "1"]);
});

it("adds install settings where there are none, and leaves those that are set", () => {
  const added = {
    "0": { oauth2_install_params: { scopes: ["applications.commands", "bot"], permissions: "3072" } },
    "1": { oauth2_install_params: { scopes: ["applications.commands"], permissions: "0" } },
  };
  expect(installSettings(undefined)).toEqual(added);
  expect(installSettings({ "0": {} })).toEqual(added);
  const own = { oauth2_install_params: { scopes: ["bot"], permissions: "8" } };
  const present = { "0": own, "7": {} } as Parameters<typeof installSettings>[0];
  expect(installSettings(present)).toEqual({ ...added, "0": own, "7": {} });
});

it.each([
  ["0" as const, { scope: "applications.commands bot", permissions: "3072" }],
  ["1" as const, { scope: "applications.commands" }],
])("links to an install of type %s with no more than it needs", (type, needs) => {
  const url = new URL(installLink("123", type));
  expect(url.origin + url.pathname).toBe("https://discord.com/oauth2/authorize");
  expect(Object.fromEntries(url.searchParams)).toEqual({ client_id: "123", ...needs, integration_type: type });
});
