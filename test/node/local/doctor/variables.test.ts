import { expect, it } from "vitest";
import { variables } from "../../../../local/doctor/variables.ts";
import { factsOf } from "./support.ts";

const complete = {
  DISCORD_APPLICATION_ID: "1100000000000000001",
  DISCORD_PUBLIC_KEY: "ab".repeat(32),
  DISCORD_BOT_TOKEN: "a.b.c",
  UPSTASH_REDIS_REST_URL: "https://redis.test",
  UPSTASH_REDIS_REST_TOKEN: "x",
};

it("asks for the required variables alone, and names those that are missing", async () => {
  expect(await variables.run(factsOf({ env: complete }))).toEqual({
    is: "right",
    text: "all that are required are set, in the right form",
  });
  const { DISCORD_BOT_TOKEN: _, UPSTASH_REDIS_REST_TOKEN: __, ...rest } = complete;
  expect(await variables.run(factsOf({ env: rest }))).toMatchObject({
    is: "unknown",
    text: expect.stringMatching(/^not set here: DISCORD_BOT_TOKEN, UPSTASH_REDIS_REST_TOKEN\. /),
  });
});

it("names each malformed variable without its cure, which is the doctor's", async () => {
  const env = { ...complete, DISCORD_PUBLIC_KEY: "abc", SUBREQUESTS: "many" };
  const finding = await variables.run(factsOf({ env }));
  expect(finding).toEqual({
    is: "wrong",
    text: expect.stringMatching(
      /^DISCORD_PUBLIC_KEY must be 64 hex digits[^.;]*; SUBREQUESTS must be a whole number[^.;]*\.$/,
    ),
    cure: "correct DISCORD_PUBLIC_KEY in the environment",
  });
});
