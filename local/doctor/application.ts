import { installSettings, usedInstallTypes } from "../deployment/application.ts";
import { type Check, right, unknown, wrong } from "./check.ts";

/** The variable of everything that only Discord can tell. */
export const ofDiscord = ["DISCORD_BOT_TOKEN"];

export const application: Check = {
  name: "application",
  needs: ofDiscord,
  async run({ application, settings }) {
    const { id, name } = await application();
    const configured = settings.get("DISCORD_APPLICATION_ID");
    if (configured === undefined || configured === id) return right(`${name} (${id}); Discord accepts the token`);
    return wrong(`the token is that of ${name} (${id}), but DISCORD_APPLICATION_ID is ${configured}`, "npm run setup");
  },
};

export const publicKey: Check = {
  name: "public-key",
  needs: [...ofDiscord, "DISCORD_PUBLIC_KEY"],
  async run({ application, settings }) {
    const { verify_key: key } = await application();
    const configured = (settings.get("DISCORD_PUBLIC_KEY") ?? "").split(",").map((one) => one.trim().toLowerCase());
    if (configured.includes(key.toLowerCase())) return right("DISCORD_PUBLIC_KEY is that of the application");
    return wrong(
      "DISCORD_PUBLIC_KEY is not that of the application: all that Discord sends is refused",
      "npm run setup",
    );
  },
};

/** Presence, members and message content, each in its two forms. */
const privileged = [12, 13, 14, 15, 18, 19];

export const intents: Check = {
  name: "intents",
  needs: ofDiscord,
  async run({ application }) {
    const { flags } = await application();
    const isOn = privileged.some((bit) => Math.floor(flags / 2 ** bit) % 2 === 1);
    return right(
      isOn ? "privileged intents are on, and may be off: this bot needs none" : "none are on, and none needed",
    );
  },
};

const nouns = { "0": "in servers", "1": "for users" };

export const install: Check = {
  name: "install",
  needs: ofDiscord,
  async run({ application }) {
    const present = (await application()).integration_types_config;
    const known = (present ?? {}) as Record<string, { oauth2_install_params?: { scopes: string[] } } | undefined>;
    const types = usedInstallTypes();
    const missing = types.filter((type) => known[type] === undefined);
    if (missing.length > 0) {
      const where = missing.map((type) => nouns[type]).join(" and ");
      return wrong(`the commands are for use ${where}, where the application cannot be installed`, "npm run setup");
    }
    const scopeless = types.find((type) => {
      const scopes = known[type]?.oauth2_install_params?.scopes;
      return scopes !== undefined && !scopes.includes("applications.commands");
    });
    if (scopeless) {
      return wrong(
        `the install link ${nouns[scopeless]} lacks the scope applications.commands: no command would appear`,
        "add it on the application's Installation page",
      );
    }
    const wanted = installSettings(present) as typeof known;
    const isBare = types.some((type) => wanted[type]?.oauth2_install_params && !known[type]?.oauth2_install_params);
    if (isBare) return unknown("the application's own install link has no scopes; npm run setup adds them");
    return right(types.map((type) => nouns[type]).join(" and "));
  },
};
