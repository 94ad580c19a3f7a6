import { expect, it } from "vitest";
import { createEnding } from "../../../../src/bot/feeds/ending.ts";
import { DiscordApiError } from "../../../../src/discord/index.ts";
import type { Invocation } from "../../../../src/runtime/index.ts";
import { createFakeClock, settle } from "../../../support/clock.ts";

/** What ends followings, on a clock moved by hand, and what it asks of Redis and logs. */
function createWorld({ isMember = true } = {}) {
  const clock = createFakeClock();
  const sent: unknown[] = [];
  const listed: Record<string, string[]> = {
    "t:fl:7": ["@7.a 1", "", "@7.b 1", "", "@7.a 2", "", "@7.c 1", "It ended."],
    "t:fl:8": ["@8.a 5", ""],
  };
  const services = {
    clock,
    log: (_level: string, event: string, { guild, count }: { guild: string; count: number }) =>
      void sent.push([event, guild, count]),
    config: { keyPrefix: "t:" },
    cache: { of: () => ({ get: async () => isMember }) },
    forgetGuild: async (guildId: string) => void sent.push(["forget", guildId]),
    redis: {
      commands: {
        exec: async ([, key = ""]: string[]) => listed[key] ?? [],
        hdel: async (...command: unknown[]) => void sent.push(["HDEL", ...command]),
        hset: async (...command: unknown[]) => void sent.push(["HSET", ...command]),
      },
    },
  } as unknown as Invocation;
  return { clock, sent, end: createEnding(services) };
}
const refusal = (status: number) => new DiscordApiError("POST /x", status, { message: "no", code: 0, fields: [] });
const following = (topic: string, channelId: string, guildId = "7") => ({ topic, channelId, guildId });
const event = "channels take no posts any more";
const why = "The bot may not write there any more.";

it("ends together what is refused within 50 ms, by server, and tells when that is stored", async () => {
  const { clock, sent, end } = createWorld();
  const ended: string[] = [];
  const note = (name: string) => () => void ended.push(name);
  void end(following("@7.a", "1"), refusal(403)).then(note("one"));
  void end(following("@8.a", "5", "8"), refusal(404)).then(note("two"));
  await clock.advance(49);
  void end(following("@7.x", "2"), refusal(404)).then(note("three"));
  expect([sent, ended]).toEqual([[], []]);
  await clock.advance(1);
  await settle();
  expect(ended.toSorted()).toEqual(["one", "three", "two"]);
  expect(sent.slice(0, 2)).toEqual([
    [event, "7", 2],
    [event, "8", 1],
  ]);
  // What has ended keeps its reason; what the server's list does not know is not asked again either.
  expect(new Set(sent.slice(2))).toEqual(
    new Set([
      ["HDEL", "t:f:@7.a", "1"],
      ["HDEL", "t:f:@7.a", "2"],
      ["HDEL", "t:f:@7.b", "1"],
      ["HDEL", "t:f:@7.x", "2"],
      ["HDEL", "t:f:@8.a", "5"],
      ["HDEL", "t:fl:7", "@7.a 2"],
      ["HDEL", "t:fl:8", "@8.a 5"],
      ["HSET", "t:fl:7", { "@7.a 1": why }],
      ["HSET", "t:fl:7", { "@7.b 1": why }],
    ]),
  );
  sent.length = 0;
  void end(following("@8.a", "5", "8"), refusal(404));
  await clock.advance(50);
  expect(sent[0]).toEqual([event, "8", 1]);
});

it("forgets a server whole that removed the application", async () => {
  const { clock, sent, end } = createWorld({ isMember: false });
  void end(following("@7.a", "1"), refusal(403));
  await clock.advance(50);
  expect(sent).toEqual([
    [event, "7", 1],
    ["forget", "7"],
  ]);
});
