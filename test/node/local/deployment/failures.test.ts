import { expect, it } from "vitest";
import { connectDiscord, connectRedis, prefixOf } from "../../../../local/deployment/clients.ts";
import { explain, Failure } from "../../../../local/deployment/failures.ts";
import { startServer, token } from "../redis/support.ts";
import { applicationId, botToken, listen, settingsOf, startDiscord } from "./support.ts";

/** Returns how a rejection is explained. */
const explained = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => expect.unreachable("It was to fail."),
    (error: unknown) => explain(error),
  );

const curedBy = (cure: string) => expect.objectContaining({ name: "Failure", cure: expect.stringContaining(cure) });

it("says the problem first, then the cure", () => {
  const cause = new Error("why");
  const failure = new Failure("It is broken.", "Mend it.", { cause });
  expect(failure).toMatchObject({
    problem: "It is broken.",
    cure: "Mend it.",
    message: "It is broken.\nMend it.",
    cause,
  });
});

it("tells a token that Discord refuses from any other refusal", async () => {
  const { url } = await startDiscord();
  const settings = settingsOf({ DISCORD_API_URL: `${url}/` });
  const refused = await explained(connectDiscord(settings, "other.bot.token").get("/applications/@me"));
  expect(refused).toEqual(curedBy("does not accept this DISCORD_BOT_TOKEN"));
  expect((refused as Failure).problem).toContain("HTTP 401");
  expect(await explained(connectDiscord(settings, botToken, applicationId).get("/nothing"))).toEqual(
    curedBy("belong to the same application?"),
  );
});

it("asks whether the machine is online where Discord does not answer", async () => {
  const settings = settingsOf({ DISCORD_API_URL: "http://127.0.0.1:1" });
  const failure = await explained(connectDiscord(settings, botToken).get("/applications/@me"));
  expect(failure).toEqual(curedBy("Is this machine online"));
  expect((failure as Failure).cause).toBeInstanceOf(Error);
}, 20_000);

it("refuses an address of Discord that is none", () => {
  expect(() => connectDiscord(settingsOf({ DISCORD_API_URL: "discord" }), botToken)).toThrow("DISCORD_API_URL takes");
});

it("takes Discord itself where no address is set", () => {
  const rest = connectDiscord(settingsOf({}), botToken, applicationId);
  expect(rest.applicationId).toBe(applicationId);
  expect(connectDiscord(settingsOf({}), botToken).applicationId).toBe("0");
});

it("tells a token that Redis refuses from a Redis that does not answer, and leaves other errors", async () => {
  const server = await startServer();
  const refused = await explained(connectRedis(server.url, "wrong").commands.ping());
  expect(refused).toEqual(curedBy("Check UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN."));
  expect((refused as Failure).problem).not.toContain("wrong\n");
  expect(await explained(connectRedis("http://127.0.0.1:1", token).commands.ping())).toEqual(
    curedBy("the database's REST address"),
  );
  const other = new RangeError("other");
  expect(explain(other)).toBe(other);
  expect(explain("text")).toBe("text");
});

it("asks Redis once more after a failure, and then no more", async () => {
  let count = 0;
  const url = await listen(() => {
    count += 1;
    return new Response("busy", { status: 503 });
  });
  await connectRedis(url, token)
    .commands.ping()
    .catch(() => {});
  expect(count).toBe(2);
});

it("begins keys as the settings say, and with sp: without", () => {
  expect(prefixOf(settingsOf({}))).toBe("sp:");
  expect(prefixOf(settingsOf({ KEY_PREFIX: "mine:" }))).toBe("mine:");
});
