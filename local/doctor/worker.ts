import { buildId } from "../deployment/build-id.ts";
import { type Check, right, unknown, wrong } from "./check.ts";

export const nowhere = unknown("it is not known where the Worker is: give --url, or DISCORD_BOT_TOKEN");

export const worker: Check = {
  name: "worker",
  async run({ health, workerUrl }) {
    const reading = await health();
    if (!reading) return nowhere;
    const url = `${await workerUrl()}/health`;
    if (reading.is === "unreachable") return wrong(`${url} does not answer: ${reading.reason}`, "npm run deploy");
    if (reading.is === "strange") {
      return wrong(`${url} answers HTTP ${reading.status} "${reading.text}": not this bot`, "npm run deploy");
    }
    const { error, redis } = reading.health;
    if (error !== undefined) return wrong(`${url} says: ${error}`, "npm run setup");
    if (redis?.ok === false) return wrong(`the Worker does not reach Redis: ${redis.reason}`, "npm run setup");
    return right(`${url} says that all is well`);
  },
};

export const version: Check = {
  name: "version",
  async run({ root, health }) {
    const reading = await health();
    if (reading?.is !== "read") return reading ? unknown("the Worker does not tell") : nowhere;
    const { version } = reading.health;
    if (!version) return unknown("the Worker does not run at Cloudflare, and has no version");
    const own = buildId(root);
    const since = version.timestamp ? ` of ${version.timestamp}` : "";
    if (version.tag === own) return right(`${own}${since}, as this checkout`);
    if (version.tag === "") return unknown(`deployed${since} without a tag; npm run deploy gives it one to compare`);
    return wrong(`the Worker is ${version.tag}${since}, this checkout ${own}`, "npm run deploy");
  },
};
