import { expect, it } from "vitest";
import { createDiscordSimulator } from "../../../../local/discord/index.ts";
import { createDiscordClock } from "./support.ts";

/** Sends an event to a Worker that answers as the test says. */
async function report(answer: (clock: ReturnType<typeof createDiscordClock>, request: Request) => Promise<Response>) {
  const clock = createDiscordClock();
  const simulator = createDiscordSimulator({
    interactionsUrl: "http://bot.test/interactions",
    clock,
    fetch: (input, init) => answer(clock, new Request(input, init)),
  });
  return simulator.webhookEvent("APPLICATION_AUTHORIZED", { scopes: [] });
}
const accepted = () => new Response(null, { status: 204 });

it.each([
  [2_999, []],
  [3_000, ["The Worker did not answer within 3 s."]],
])("takes the answer to an event after %i ms so: %j", async (ms, problems) => {
  const delivery = await report(async (clock) => {
    await clock.advance(ms);
    return accepted();
  });
  expect(delivery.problems).toEqual(problems);
});

it.each([
  [200, "", ["Discord expects HTTP 204; the Worker answered HTTP 200: "]],
  [204, null, []],
  [
    500,
    "x".repeat(201),
    [`Discord expects HTTP 204; the Worker answered HTTP 500: ${"x".repeat(200)}`, "Discord expects an empty body."],
  ],
  [401, "", ["Discord expects HTTP 204; the Worker answered HTTP 401: "]],
])("judges the answer %i %j", async (status, body, problems) => {
  const delivery = await report(async () => new Response(body, { status }));
  expect(delivery).toEqual({ status, body: body ?? "", problems });
});

it("says why an event met no bot, and tells how long that took", async () => {
  const outcomes: unknown[] = [];
  for (const reason of [new Error("wet wires"), "a text"]) {
    const clock = createDiscordClock();
    const simulator = createDiscordSimulator({
      interactionsUrl: "http://bot.test/interactions",
      clock,
      async fetch() {
        await clock.advance(20);
        throw reason;
      },
    });
    simulator.on((event) => event.type === "delivered" && outcomes.push(event.outcome));
    expect(await simulator.webhookPing()).toMatchObject({ status: 0, body: "" });
    expect(clock.sleeping()).toBe(0);
  }
  expect(outcomes).toEqual(
    ["wet wires", "a text"].map((reason) => ({
      status: 0,
      problems: [`The Worker could not be reached: ${reason}.`],
      ms: 20,
    })),
  );
});

it("signs an event as Discord does, and sends it again unchanged", async () => {
  const clock = createDiscordClock();
  const bodies: string[] = [];
  const simulator = createDiscordSimulator({
    interactionsUrl: "http://bot.test/interactions",
    clock,
    async fetch(input, init) {
      const request = new Request(input, init);
      expect(request.url).toBe("http://bot.test/webhook-events");
      expect(request.headers.get("X-Signature-Timestamp")).toBe(String(clock.now() / 1_000));
      bodies.push(await request.text());
      return accepted();
    },
  });
  await simulator.webhookEvent("APPLICATION_AUTHORIZED", { scopes: [] }, 3);
  expect([bodies.length, new Set(bodies).size]).toEqual([3, 1]);
});
