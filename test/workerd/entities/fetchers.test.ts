import { expect, it } from "vitest";
import { createFetchers } from "../../../src/entities/fetchers.ts";

it.each([undefined, null, "no", new Error("no")])("throws %s as it was thrown, whatever it is", async (thrown) => {
  const { user } = createFetchers({ get: () => Promise.reject(thrown) });
  const failure: unknown = await user("3").then(
    () => "nothing was thrown",
    (error: unknown) => error,
  );
  expect(failure).toBe(thrown);
});
