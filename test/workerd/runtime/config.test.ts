import { expect, it } from "vitest";
import { describeProblems, readConfig } from "../../../src/runtime/config.ts";

const good = {
  DISCORD_APPLICATION_ID: "1100000000000000001",
  DISCORD_PUBLIC_KEY: "ab".repeat(32),
  UPSTASH_REDIS_REST_URL: "https://eu1-example.upstash.io/",
  UPSTASH_REDIS_REST_TOKEN: "secret-token",
};

it("reads a complete environment, with defaults", () => {
  expect(readConfig(good)).toEqual({
    publicKeys: ["ab".repeat(32)],
    problems: [],
    config: {
      applicationId: "1100000000000000001",
      publicKeys: ["ab".repeat(32)],
      redis: { url: "https://eu1-example.upstash.io", token: "secret-token", host: "eu1-example.upstash.io" },
      discordApiUrl: "https://discord.com/api/v10",
      keyPrefix: "sp:",
      subrequests: 50,
      logLevel: "info",
      botToken: undefined,
      adminToken: undefined,
      qstashKeys: [],
    },
  });
});

it("takes QStash's signing keys, each with or without the other", () => {
  const keysOf = (env: object) => readConfig({ ...good, ...env }).config?.qstashKeys;
  const [current, next] = [{ QSTASH_CURRENT_SIGNING_KEY: "sig_1" }, { QSTASH_NEXT_SIGNING_KEY: " sig_2 " }];
  expect([keysOf(current), keysOf(next), keysOf({ ...current, ...next })]).toEqual([
    ["sig_1"],
    ["sig_2"],
    ["sig_1", "sig_2"],
  ]);
});

it("takes several public keys while one is being rotated", () => {
  const keys = `${"AB".repeat(32)}, ${"cd".repeat(32)}`;
  expect(readConfig({ ...good, DISCORD_PUBLIC_KEY: keys }).publicKeys).toEqual(["AB".repeat(32), "cd".repeat(32)]);
});

it("names every missing variable at once, each with its cure", () => {
  const { config, problems } = readConfig({});
  expect(config).toBeUndefined();
  expect(problems.map(({ variable }) => variable)).toEqual([
    "DISCORD_APPLICATION_ID",
    "DISCORD_PUBLIC_KEY",
    "UPSTASH_REDIS_REST_URL",
    "UPSTASH_REDIS_REST_TOKEN",
  ]);
  for (const { problem, variable } of problems) expect(problem).toMatch(new RegExp(`^is missing\\. .*${variable}`));
});

it.each([
  ["DISCORD_APPLICATION_ID", "12", "must be a snowflake"],
  ["DISCORD_PUBLIC_KEY", "zz".repeat(32), "must be 64 hex digits"],
  ["DISCORD_PUBLIC_KEY", `${"ab".repeat(32)},`, "must be 64 hex digits"],
  ["DISCORD_APPLICATION_ID", " ", "is empty"],
  ["UPSTASH_REDIS_REST_URL", "redis://localhost:6379", "must be an http(s) address"],
  ["UPSTASH_REDIS_REST_URL", "https://user:pass@host", "must be an http(s) address"],
  ["UPSTASH_REDIS_REST_TOKEN", "", "is empty"],
  ["UPSTASH_REDIS_REST_TOKEN", "AXab\ncdef", "must be one word"],
  ["UPSTASH_REDIS_REST_TOKEN", "\u2022\u2022\u2022\u2022\u2022", "must be one word"],
  ["DISCORD_BOT_TOKEN", "MTEw. abcd.ef", "must be one word"],
  ["ADMIN_TOKEN", "short", "must be at least 24 characters"],
  ["DISCORD_API_URL", "nowhere", "must be an http(s) address"],
  ["KEY_PREFIX", "x".repeat(65), "must be at most 64 characters"],
  ["SUBREQUESTS", "many", "must be a whole number from 20 to 10000"],
  ["SUBREQUESTS", "19", "must be a whole number from 20 to 10000"],
  ["LOG_LEVEL", "loud", "must be one of debug, info, warn, error"],
])("says what is wrong with %s=%j, without repeating the value", (variable, value, text) => {
  const { config, problems } = readConfig({ ...good, [variable]: value });
  expect([config, problems.length]).toEqual([undefined, 1]);
  expect(problems[0]).toMatchObject({ variable, problem: expect.stringContaining(text) });
  if (value.trim().length > 3) expect(describeProblems(problems)).not.toContain(value);
});

it.each<[string, readonly string[], readonly string[]]>([
  ["DISCORD_APPLICATION_ID", ["1".repeat(17), "1".repeat(20)], ["1".repeat(16), "1".repeat(21), "x1".repeat(9)]],
  ["DISCORD_PUBLIC_KEY", ["ab".repeat(32)], ["ab".repeat(31), `${"ab".repeat(32)}a`, `a${"ab".repeat(32)}`]],
  ["ADMIN_TOKEN", ["a".repeat(24)], ["a".repeat(23), ` ${"a".repeat(23)} `]],
  ["KEY_PREFIX", ["x", "x".repeat(64)], ["x".repeat(65)]],
  ["SUBREQUESTS", ["20", "10000"], ["19", "10001", "50.5", "-50", "Infinity"]],
  ["UPSTASH_REDIS_REST_URL", ["http://127.0.0.1:8079"], ["https://user@host", "https://:pass@host", "ftp://host"]],
])("takes %s within its bounds and no other", (variable, right, wrong) => {
  const isTaken = (value: string) => readConfig({ ...good, [variable]: value }).problems.length === 0;
  expect(right.map(isTaken)).toEqual(right.map(() => true));
  expect(wrong.map(isTaken)).toEqual(wrong.map(() => false));
});

it("takes numbers from wrangler.toml, and leaves spaces at the ends out of account", () => {
  const spaced = Object.fromEntries(Object.entries(good).map(([variable, value]) => [variable, ` ${value}\r\n`]));
  expect(readConfig(spaced).config).toEqual(readConfig(good).config);
  const { config } = readConfig({
    ...good,
    SUBREQUESTS: 1_000,
    ADMIN_TOKEN: ` ${"a".repeat(24)}\n`,
    KEY_PREFIX: " b: ",
  });
  expect(config).toMatchObject({ subrequests: 1_000, adminToken: "a".repeat(24), keyPrefix: "b:" });
  expect(readConfig({ ...good, SUBREQUESTS: "500" }).config?.subrequests).toBe(500);
});

it("takes an empty optional variable for one that is not set", () => {
  const optional = ["DISCORD_BOT_TOKEN", "ADMIN_TOKEN", "DISCORD_API_URL", "KEY_PREFIX", "SUBREQUESTS", "LOG_LEVEL"];
  for (const empty of ["", " \n"]) {
    const env = { ...good, ...Object.fromEntries(optional.map((variable) => [variable, empty])) };
    expect(readConfig(env)).toEqual(readConfig(good));
  }
});

it.each(["DEBUG", "Debug", " debug "])("takes the log level %j, whatever its capitals", (level) => {
  expect(readConfig({ ...good, LOG_LEVEL: level }).config?.logLevel).toBe("debug");
});

it.each([
  [
    "ADMIN_TOKEN",
    "short",
    "at least 24 characters. Set it with `npx wrangler secret put ADMIN_TOKEN` (in .dev.vars locally).",
  ],
  ["LOG_LEVEL", "loud", "one of debug, info, warn, error."],
  ["DISCORD_API_URL", "nowhere", "an http(s) address. Unset it to use Discord."],
  [
    "DISCORD_BOT_TOKEN",
    "two words",
    "one word, without spaces or line breaks inside. Unset it, or copy it from the application's Bot page. Set it with `npx wrangler secret put DISCORD_BOT_TOKEN` (in .dev.vars locally).",
  ],
])("says of %s=%j what it must be and where to get it, and of no default how to set it", (variable, value, text) => {
  const { problems } = readConfig({ ...good, [variable]: value });
  expect(describeProblems(problems)).toBe(`${variable} must be ${text}`);
});

it("takes what is neither text nor a whole number for not set", () => {
  for (const odd of [1.5, {}, true, null]) {
    const optional = { ADMIN_TOKEN: odd, DISCORD_BOT_TOKEN: odd, LOG_LEVEL: odd };
    expect(readConfig({ ...good, ...optional })).toEqual(readConfig(good));
  }
  expect(readConfig({}).publicKeys).toEqual([]);
});

it("still knows the public key when everything else is wrong", () => {
  expect(readConfig({ DISCORD_PUBLIC_KEY: good.DISCORD_PUBLIC_KEY }).publicKeys).toEqual([good.DISCORD_PUBLIC_KEY]);
});
