import { connectRedis, prefixOf } from "../deployment/clients.ts";
import { Failure } from "../deployment/failures.ts";
import { hiddenBy, repliesCure } from "../deployment/redis-replies.ts";
import type { Settings } from "../deployment/settings.ts";
import { obtain } from "./obtain.ts";
import type { Step } from "./step.ts";

/** The database's REST address and token. */
export interface Database {
  url: string;
  token: string;
}

export const database: Step<{ settings: Settings }, Database> = {
  title: "Redis",
  does: "Takes the database's REST address and token, then tries on a key that expires within 10 s what leases and claims rely on.",
  run: ({ settings }, tools) =>
    obtain(
      settings,
      {
        questions: {
          UPSTASH_REDIS_REST_URL: "REST address, of https://console.upstash.com → your database → REST",
          UPSTASH_REDIS_REST_TOKEN: "REST token, from the same page",
        },
        async check({ UPSTASH_REDIS_REST_URL: given = "", UPSTASH_REDIS_REST_TOKEN: token = "" }) {
          const url = given.replace(/\/+$/, "");
          checkForm(url);
          checkToken(token);
          const redis = connectRedis(url, token);
          const key = `${prefixOf(settings)}setup`;
          const startedAt = performance.now();
          await redis.commands.set(key, "1", { px: 10_000 });
          const ms = Math.round(performance.now() - startedAt);
          await redis.commands.del(key);
          const hiding = await hiddenBy(redis.commands, key);
          if (hiding)
            throw new Failure(`${new URL(url).host} does not tell the stored value to ${hiding}.`, repliesCure);
          tools.say(`${new URL(url).host} takes writes, and answered in ${ms} ms.`);
          return { url, token };
        },
      },
      tools,
    ),
};

// --- Internal helpers ---

function checkForm(url: string): void {
  const parsed = URL.parse(url);
  if (parsed && /^https?:$/.test(parsed.protocol) && parsed.username === "") return;
  const problem = /^rediss?:/.test(url)
    ? "That is the address of the TCP endpoint; a Worker needs that of the REST API."
    : "That is not an address.";
  throw new Failure(
    problem,
    "Copy UPSTASH_REDIS_REST_URL from the REST part of the database's page: https://….upstash.io",
  );
}

/** A token that was cut, or copied while dots hide it, cannot be sent. */
function checkToken(token: string): void {
  if (/^[!-~]+$/.test(token)) return;
  throw new Failure(
    "That is not a token: a token has no spaces, line breaks or dots that hide it.",
    "Copy UPSTASH_REDIS_REST_TOKEN with the button beside it, from the REST part of the database's page.",
  );
}
