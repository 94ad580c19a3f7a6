import { expect, it } from "vitest";
import {
  type FailedDelivery,
  failuresIn,
  forgetFailures,
  keepFailure,
} from "../../../../src/bot/feeds/failed-deliveries.ts";

const failure: FailedDelivery = {
  id: "m1",
  topic: "a.b",
  channelId: "2",
  guildId: "7",
  data: "x",
  tries: 3,
  reason: "HTTP 503",
  at: 5,
  isGivenUp: false,
};

/** Redis by hand: the texts of a server's hash, and the commands that it was sent. */
function open(texts: readonly string[] = []) {
  const sent: unknown[] = [];
  const exec = async (command: unknown) => (sent.push(command), texts);
  const hdel = async (...command: unknown[]) => (sent.push(["HDEL", ...command]), 1);
  const services = { config: { keyPrefix: "t:" }, redis: { commands: { exec, hdel } } };
  return { sent, services: services as never };
}

it("keeps a failure for a week, for its own server", async () => {
  const { sent, services } = open();
  await keepFailure(services, failure);
  expect(sent).toEqual([["HSETEX", "t:fd:7", "PX", 604_800_000, "FIELDS", 1, "m1", JSON.stringify(failure)]]);
});

it("fails where Redis does, whatever is kept or forgotten", async () => {
  const fail = () => Promise.reject(new Error("no Redis"));
  const services = { config: { keyPrefix: "t:" }, redis: { commands: { exec: fail, hdel: fail } } } as never;
  await expect(keepFailure(services, failure)).rejects.toThrow("no Redis");
  await expect(forgetFailures(services, "7", ["m1"])).rejects.toThrow("no Redis");
});

it("forgets the failures that it is told to, and asks Redis nothing for none", async () => {
  const { sent, services } = open();
  await forgetFailures(services, "7", []);
  await forgetFailures(services, "7", ["m1", "m2"]);
  expect(sent).toEqual([["HDEL", "t:fd:7", "m1", "m2"]]);
});

it("lists failures, the last first, and leaves out every one that cannot be read", async () => {
  const damaged = ["id", "topic", "channelId", "guildId", "at"].flatMap((field) =>
    [undefined, 7.5, null].map((value) => ({ ...failure, [field]: field === "at" && value === 7.5 ? "7" : value })),
  );
  const good = [1, 3, 2].map((at) => ({ ...failure, id: `m${at}`, at }));
  const texts = [...damaged, ...good, null, 5].map((one) => JSON.stringify(one));
  const { sent, services } = open([...texts, "{", ""]);
  expect((await failuresIn(services, "7")).map(({ id }) => id)).toEqual(["m3", "m2", "m1"]);
  expect(sent).toEqual([["HVALS", "t:fd:7"]]);
});
