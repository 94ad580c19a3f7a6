import { beforeAll, describe, expect, it } from "vitest";
import { createTestBot } from "../../support/bot.ts";
import { click, slash, slashWith, submission } from "../../support/payloads.ts";
import { bytesOf, createSigner } from "../../support/signer.ts";

type Bot = Awaited<ReturnType<typeof createTestBot>>;
let bot: Bot;
beforeAll(async () => void (bot = await createTestBot()));

const now = () => Math.floor(Date.now() / 1_000);

/** A request with headers and body just as given. */
async function send(headers: Record<string, string>, body: unknown, method = "POST"): Promise<Response> {
  return bot.fetch(
    new Request("https://bot.test/interactions", { method, headers, ...(method !== "GET" && { body: bytesOf(body) }) }),
  );
}

/** The headers of a good signature over `body`, some of them replaced. */
async function signed(body: unknown, replaced: Record<string, string> = {}, timestamp = String(now())) {
  return {
    "Content-Type": "application/json",
    "X-Signature-Ed25519": await bot.signer.sign(timestamp, bytesOf(body)),
    "X-Signature-Timestamp": timestamp,
    ...replaced,
  };
}

const ping = { id: "1", application_id: "2", type: 1, token: "t", version: 1 };

/** After whatever came before, the same isolate still answers PING. */
async function stillAnswers(): Promise<void> {
  expect(await bot.interact(ping)).toEqual({ status: 200, body: { type: 1 } });
}

describe("answers 401 to whatever is not signed by Discord, at no cost in Redis", () => {
  const stale = String(now() - 301);
  const future = String(now() + 600); // the clock runs on until the request is sent
  const cases: [string, () => Promise<Response>][] = [
    ["no headers", () => send({}, ping)],
    ["no timestamp", async () => send({ "X-Signature-Ed25519": "ab".repeat(64) }, ping)],
    ["no signature", async () => send({ "X-Signature-Timestamp": String(now()) }, ping)],
    ["non-hex", async () => send(await signed(ping, { "X-Signature-Ed25519": "zz".repeat(64) }), ping)],
    ["half a hex digit", async () => send(await signed(ping, { "X-Signature-Ed25519": "1g".repeat(64) }), ping)],
    ["short", async () => send(await signed(ping, { "X-Signature-Ed25519": "ab" }), ping)],
    ["odd length", async () => send(await signed(ping, { "X-Signature-Ed25519": "a".repeat(127) }), ping)],
    ["long", async () => send(await signed(ping, { "X-Signature-Ed25519": "ab".repeat(65) }), ping)],
    ["all zero", async () => send(await signed(ping, { "X-Signature-Ed25519": "00".repeat(64) }), ping)],
    ["another key's", async () => bot.fetch(await (await createSigner()).request(ping))],
    ["over other bytes", async () => send(await signed({ ...ping, id: "9" }), ping)],
    ["one byte more", async () => send(await signed(ping), `${JSON.stringify(ping)} `)],
    [
      "with the headers swapped",
      async () => {
        const { "X-Signature-Ed25519": signature, "X-Signature-Timestamp": timestamp } = await signed(ping);
        return send({ "X-Signature-Ed25519": timestamp, "X-Signature-Timestamp": signature }, ping);
      },
    ],
    [
      "over body + timestamp instead of timestamp + body",
      async () => {
        const timestamp = String(now());
        const signature = await bot.signer.sign(JSON.stringify(ping), bytesOf(timestamp));
        return send({ "X-Signature-Ed25519": signature, "X-Signature-Timestamp": timestamp }, ping);
      },
    ],
    ["of another second", async () => send(await signed(ping, { "X-Signature-Timestamp": String(now() - 1) }), ping)],
    ["stale", async () => send(await signed(ping, {}, stale), ping)],
    ["from the future", async () => send(await signed(ping, {}, future), ping)],
    ["at no number", async () => send(await signed(ping, {}, "yesterday"), ping)],
    ["at NaN", async () => send(await signed(ping, {}, "NaN"), ping)],
    ["at an empty time", async () => send(await signed(ping, {}, ""), ping)],
    ["at a time in milliseconds", async () => send(await signed(ping, {}, String(Date.now())), ping)],
    ["at a negative time", async () => send(await signed(ping, {}, `-${now()}`), ping)],
    ["at a fraction", async () => send(await signed(ping, {}, `${now()}.5`), ping)],
    ["unsigned and 2 MiB", () => send({}, new Uint8Array(2 * 1024 * 1024))],
    ["unsigned and empty", () => send({}, "")],
  ];

  it.each(cases)("%s", async (_name, request) => {
    let response: Response | undefined;
    const cost = await bot.database.cost(async () => void (response = await request()));
    expect(response?.status).toBe(401);
    expect(await response?.json()).toEqual({ error: expect.stringMatching(/^[a-z ]+$/) });
    expect(cost).toEqual({ requests: 0 });
    await stillAnswers();
  });
});

describe("answers 400 to a signed body that is no interaction", () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const deepOptions = JSON.stringify(slashWith("ping", [])).replace(
    '"options":[]',
    `"options":${'[{"name":"a","type":1,"options":'.repeat(3_000)}[]${"}]".repeat(3_000)}`,
  );
  it.each<[string, unknown, string]>([
    ["empty body", "", "the body is not JSON"],
    ["truncated JSON", '{"type":2,"data":{', "the body is not JSON"],
    ["invalid UTF-8", new Uint8Array([0x22, 0xff, 0x22]), "the body is not JSON"],
    ["byte order mark", `\ufeff${JSON.stringify(ping)}`, "the body is not JSON"],
    ["null", "null", "the body is not a JSON object"],
    ["array", "[]", "the body is not a JSON object"],
    ["string", '"ping"', "the body is not a JSON object"],
    ["number", "1", "the body is not a JSON object"],
    ["deeply nested", deep, "the body is not a JSON object"],
    ["no type", { id: "1" }, "the interaction has no type"],
    ["type null", { ...ping, type: null }, "unknown interaction type"],
    ["type as text", { ...ping, type: "1" }, "unknown interaction type"],
    ["type 0", { ...ping, type: 0 }, "unknown interaction type"],
    ["type 99", { ...ping, type: 99 }, "unknown interaction type"],
    ["type from a prototype", { ...ping, type: "constructor" }, "unknown interaction type"],
    ["command without data", slash("ping", { data: undefined }), "malformed interaction at data"],
    [
      "command with a null name",
      slash("ping", { data: { name: null, type: 1 } }),
      "malformed interaction at data.name",
    ],
    ["command without an id", slash("ping", { id: undefined }), "malformed interaction at id"],
    [
      "component without custom_id",
      slash("", { type: 3, data: { component_type: 2 } }),
      "malformed interaction at data.custom_id",
    ],
    ["options 3,000 deep", deepOptions, "the body is nested too deeply"],
    ["a custom_id of 100 kB", click("x/".repeat(50_000)), "malformed interaction at data.custom_id"],
    [
      "a channel under another id",
      slashWith("feed", [], { channels: { "1": { id: "../users/@me" } } }),
      "malformed interaction at data.resolved.channels.1.id",
    ],
    [
      "a channel that is a path",
      slash("ping", { channel: { id: "../users/@me" } }),
      "malformed interaction at channel.id",
    ],
  ])("%s", async (_name, payload, error) => {
    expect(await bot.interact(payload)).toEqual({ status: 400, body: { error } });
    await stillAnswers();
  });
});

it("reads a signed body of 1 MiB, and not a byte more", async () => {
  const body = (bytes: number) => JSON.stringify("x".repeat(bytes - 2));
  expect(await bot.interact(body(1_048_576))).toEqual({
    status: 400,
    body: { error: "the body is not a JSON object" },
  });
  expect(await bot.interact(body(1_048_577))).toEqual({
    status: 413,
    body: { error: "the body is larger than 1 MiB" },
  });
});

it("answers 413 to a body over 1 MiB, signed or not, announced or streamed", async () => {
  const large = new Uint8Array(2 * 1024 * 1024);
  const headers = await signed(large);
  expect((await send(headers, large)).status).toBe(413);
  const stream = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)) });
  const response = await bot.fetch(
    new Request("https://bot.test/interactions", { method: "POST", headers, body: stream }),
  );
  expect(response.status).toBe(413);
  await stillAnswers();
});

it("takes a streamed body of a good size", async () => {
  const headers = await signed(ping);
  const body = new ReadableStream({
    start(controller) {
      for (const byte of bytesOf(ping)) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const response = await bot.fetch(new Request("https://bot.test/interactions", { method: "POST", headers, body }));
  expect(await response.json()).toEqual({ type: 1 });
});

it("takes upper-case hex and any content type: only what is signed decides", async () => {
  const headers = await signed(ping);
  const shouted = { ...headers, "X-Signature-Ed25519": headers["X-Signature-Ed25519"].toUpperCase() };
  expect((await send(shouted, ping)).status).toBe(200);
  expect((await send({ ...headers, "Content-Type": "text/plain" }, ping)).status).toBe(200);
});

it("checks signatures with any of several keys while one is rotated", async () => {
  const old = await createSigner();
  const fresh = await createSigner();
  const rotating = await createTestBot({ env: { DISCORD_PUBLIC_KEY: `${old.publicKey},${fresh.publicKey}` } });
  for (const signer of [old, fresh]) expect((await rotating.fetch(await signer.request(ping))).status).toBe(200);
  expect((await rotating.fetch(await bot.signer.request(ping))).status).toBe(401);
});

it.each(["GET", "PUT", "DELETE", "PATCH"])("answers 405 to %s", async (method) => {
  const response = await send({}, "", method);
  expect(response.status).toBe(405);
  expect(response.headers.get("Allow")).toBe("POST");
});

describe("answers every interaction type properly", () => {
  it("a command nobody knows, by name, for its sender's eyes only", async () => {
    const { body } = await bot.interact(slash("nope"));
    expect(body).toMatchObject({ type: 4, data: { flags: 64, content: expect.stringContaining("`/nope`") } });
  });

  it("a command whose name would break out of its code span", async () => {
    const { body } = await bot.interact(slash("`@everyone` ".repeat(20)));
    expect(body).toMatchObject({ data: { flags: 64, allowed_mentions: { parse: [] } } });
    expect(JSON.stringify(body)).not.toContain("`@everyone`");
  });

  it("a user command of a slash command's name, which is another command", async () => {
    const { body } = await bot.interact(slash("ping", { data: { id: "1", name: "ping", type: 2 } }));
    expect(body).toMatchObject({ type: 4, data: { flags: 64, content: expect.stringContaining("has no command") } });
  });

  it("autocomplete, with no choices", async () => {
    expect((await bot.interact(slash("ping", { type: 4 }))).body).toEqual({ type: 8, data: { choices: [] } });
  });

  it.each([
    ["a button", click("old")],
    ["a menu", click("old", { component_type: 3, values: ["x"] })],
    ["a form", submission("old", [])],
  ])("%s, as not available", async (_name, payload) => {
    const { body } = await bot.interact(payload);
    expect(body).toMatchObject({ type: 4, data: { flags: 64, content: expect.stringContaining("not available") } });
  });
});

describe("while the configuration is wrong", () => {
  it("still answers PING and checks signatures, and tells everyone else which variable is missing", async () => {
    const half = await createTestBot({ env: { UPSTASH_REDIS_REST_TOKEN: undefined } });
    expect((await half.interact(ping)).body).toEqual({ type: 1 });
    expect((await half.fetch(await bot.signer.request(ping))).status).toBe(401);
    const { body } = await half.interact(slash("ping"));
    expect(body).toMatchObject({
      data: { flags: 64, content: expect.stringContaining("UPSTASH_REDIS_REST_TOKEN is missing") },
    });
  });

  it("answers 503 and names the key when there is none to check with", async () => {
    const keyless = await createTestBot({ env: { DISCORD_PUBLIC_KEY: "not-a-key" } });
    const { status, body } = await keyless.interact(ping);
    expect(status).toBe(503);
    expect(body.error).toContain("DISCORD_PUBLIC_KEY must be 64 hex digits");
    expect((await keyless.fetch(new Request("https://bot.test/interactions", { method: "POST" }))).status).toBe(401);
  });

  it("answers 401, not 500, when the key is well-formed but no point of the curve", async () => {
    const odd = await createTestBot({ env: { DISCORD_PUBLIC_KEY: "ff".repeat(32) } });
    expect((await odd.interact(ping)).status).toBe(401);
  });
});
