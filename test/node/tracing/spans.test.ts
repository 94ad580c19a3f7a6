import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { expect, it, onTestFinished } from "vitest";
import { bundle } from "../../../bench/workerd.ts";
import { createEngine, createRedisRestServer } from "../../../local/redis/index.ts";
import { slash } from "../../support/payloads.ts";
import { createSigner } from "../../support/signer.ts";

// The spans that a Worker, built as it is deployed, gives to Cloudflare's traces: a streaming tail hears of each.

interface Heard {
  type: string;
  /** The span that the event belongs to: of one that opens, the one around it. */
  in?: string;
  /** Of one that opens. */
  id?: string;
  name?: string;
  info?: { name: string; value: unknown }[];
}

const tail = `
  const heard = [];
  export default {
    tailStream: () => ({ event, spanContext }) => void heard.push({ ...event, id: event.spanId, in: spanContext?.spanId }),
    fetch: () => new Response(JSON.stringify(heard, (_, value) => (typeof value === "bigint" ? Number(value) : value))),
  };`;

async function startTraced(isTraced: boolean) {
  const token = crypto.randomUUID();
  const redis = await createRedisRestServer({ backend: await createEngine(), token });
  const signer = await createSigner();
  const bot = {
    name: "bot",
    compatibilityDate: "2026-10-23",
    modules: [{ type: "ESModule", path: "worker.js", contents: await bundle("peers/bot.ts") }],
    streamingTails: isTraced ? ["tail"] : [],
    bindings: {
      DISCORD_APPLICATION_ID: "1100000000000000001",
      DISCORD_PUBLIC_KEY: signer.publicKey,
      UPSTASH_REDIS_REST_URL: redis.url,
      UPSTASH_REDIS_REST_TOKEN: token,
      LOG_LEVEL: "error",
    },
  };
  const listener = {
    name: "tail",
    compatibilityDate: "2026-10-23",
    compatibilityFlags: ["experimental"],
    modules: [{ type: "ESModule", path: "tail.js", contents: tail }],
  };
  const miniflare = new Miniflare(convertV4MiniflareOptions({ cf: false, workers: [bot, listener] } as never));
  onTestFinished(async () => {
    await miniflare.dispose();
    await redis.close();
  });
  return {
    async ask(name: string): Promise<{ id: string; text: string }> {
      const payload = slash(name);
      const request = await signer.request(payload);
      const response = await miniflare.dispatchFetch(request.url, {
        method: "POST",
        headers: Object.fromEntries(request.headers),
        body: await request.arrayBuffer(),
      });
      return { id: payload.id, text: await response.text() };
    },
    async heard(): Promise<Heard[]> {
      const worker = (await miniflare.getWorker("tail")) as unknown as { fetch(url: string): Promise<Response> };
      return (await (await worker.fetch("http://tail/")).json()) as Heard[];
    },
  };
}

/** The life of an invocation: which spans open and close, each with its name and the one around it, until the answer is given. */
function lifeOf(heard: readonly Heard[]): string[] {
  const opened = new Map(heard.flatMap(({ id, name }) => (id && name ? [[id, name]] : [])));
  const nameOf = (id: string | undefined) => opened.get(id ?? "") ?? "invocation";
  return heard.flatMap((event) => {
    if (event.type === "spanOpen") return [`${event.name} opens in ${nameOf(event.in)}`];
    if (event.type === "spanClose") return [`${nameOf(event.in)} closes`];
    return event.type === "return" ? ["answered"] : [];
  });
}

it("runs an interaction in a span, each request to Redis in one within it, and ends both with their work", async () => {
  const { ask, heard } = await startTraced(true);
  const { id, text } = await ask("ping");
  expect(text).toContain("Pong!");
  await expect.poll(async () => lifeOf(await heard())).toContain("answered");
  expect(lifeOf(await heard())).toEqual([
    "interaction opens in invocation",
    "redis opens in interaction",
    "fetch opens in redis",
    "fetch closes",
    "redis closes",
    "interaction closes",
    "answered",
  ]);
  const attributes = (await heard()).flatMap(({ type, info = [] }) => (type === "attributes" ? info : []));
  expect(attributes).toContainEqual({ name: "discord.interaction_id", value: id });
  expect(attributes).toContainEqual({ name: "redis.commands", value: 1 });
});

it("answers as well where no one records the invocation", async () => {
  const { ask, heard } = await startTraced(false);
  expect((await ask("ping")).text).toContain("Pong!");
  expect(await heard()).toEqual([]);
});
