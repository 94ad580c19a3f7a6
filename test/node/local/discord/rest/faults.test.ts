import { expect, it } from "vitest";
import { startRest } from "../support.ts";

const messages = "/channels/1100000000000000111/messages";

it("fails as many requests as it was told, with the body that it was told", async () => {
  const { api, simulator } = startRest();
  simulator.setRestFault({ status: 500, times: 2, body: { message: "Boom", code: 7 } });
  for (let index = 0; index < 2; index++) {
    expect(await api("GET", "/users/@me")).toMatchObject({ status: 500, body: { message: "Boom", code: 7 } });
  }
  expect((await api("GET", "/users/@me")).status).toBe(200);
  simulator.setRestFault({ status: 503, times: 1 });
  expect(await api("GET", "/users/@me")).toMatchObject({ status: 503, body: { message: "503: injected", code: 0 } });
});

it("asks to wait a second for a 429 unless told otherwise, rounded up in the header", async () => {
  const { api, simulator } = startRest();
  simulator.setRestFaults({ status: 429, times: 1 }, { status: 429, times: 1, retryAfter: 1.2 });
  const plain = await api("GET", "/users/@me");
  expect(plain.body).toEqual({ message: "You are being rate limited.", retry_after: 1, global: false });
  expect([plain.headers.get("Retry-After"), plain.headers.get("X-RateLimit-Scope")]).toEqual(["1", "shared"]);
  const longer = await api("GET", "/users/@me");
  expect([longer.body.retry_after, longer.headers.get("Retry-After")]).toEqual([1.2, "2"]);
});

it("loses the answer to a request that took effect", async () => {
  const { api, simulator } = startRest();
  simulator.setRestFault({ status: 502, times: 1, isAfter: true });
  expect(await api("POST", messages, { content: "kept" })).toMatchObject({
    status: 502,
    body: { message: "502: injected" },
  });
  expect((await api("GET", messages)).body).toMatchObject([{ content: "kept" }]);
  simulator.setRestFault({ status: 502, times: 1 });
  await api("POST", messages, { content: "lost" });
  expect((await api("GET", messages)).body).toHaveLength(1);
});

it("fails only the requests that a fault is for, and none once it is cleared", async () => {
  const { api, simulator } = startRest();
  simulator.setRestFaults(
    { status: 500, times: 9, path: "/messages" },
    { status: 418, times: 9, path: (method, path) => method === "PATCH" && path.endsWith("/users/@me") },
  );
  const statuses = [await api("GET", messages), await api("GET", "/users/@me"), await api("PATCH", "/users/@me", {})];
  expect(statuses.map(({ status }) => status)).toEqual([500, 200, 418]);
  simulator.setRestFault(undefined);
  expect((await api("GET", messages)).status).toBe(200);
});
