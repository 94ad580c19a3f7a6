import { expect, it } from "vitest";
import type { Pubsub, Step } from "../../../src/pubsub/index.ts";
import { createEventsApp } from "../../../src/web/index.ts";
import { createFakeClock, settle } from "../../support/clock.ts";
import { authorised, createReader, type Received, token } from "./support.ts";

// When a stream speaks, ends and gives a client up, on a clock that is moved; what it follows is told by the test.

/** A stream with the times that it has when it is told none, and what a test has it follow. */
async function openStream() {
  const clock = createFakeClock();
  const told: Record<string, unknown>[] = [];
  const waiting: ((step: Step | undefined) => void)[] = [];
  async function* steps(): AsyncGenerator<Step, void, void> {
    yield { type: "idle", streamId: "1-0" } as unknown as Step;
    for (;;) {
      const step = await new Promise<Step | undefined>((resolve) => void waiting.push(resolve));
      if (step === undefined) throw new Error("Redis has gone.");
      yield step;
    }
  }
  const pubsub = {
    steps(_patterns: readonly string[], options: Record<string, unknown>) {
      told.push(options);
      return steps();
    },
  } as unknown as Pubsub;
  const app = createEventsApp({ pubsub: () => pubsub, adminToken: () => token, clock });
  const response = await app.request("/?channel=a", { headers: authorised });
  return {
    clock,
    told,
    response,
    /** Has the stream follow a message, or fail. */
    async give(data?: number) {
      waiting.shift()?.(
        data === undefined
          ? undefined
          : ({ type: "message", message: { streamId: `2-${data}`, channel: "a", data } } as unknown as Step),
      );
      await settle();
    },
  };
}

/** Reads a stream to its end, and notes when each of its events came, in seconds. */
function listen({ clock, response }: Awaited<ReturnType<typeof openStream>>) {
  const startedAt = clock.now();
  const seen: [seconds: number, said: unknown][] = [];
  const reader = createReader(response);
  const said = (one: Received) => one.comment ?? one.data?.data ?? one.event;
  const reading = (async () => {
    for (let one = await reader.block(); one; one = await reader.block())
      seen.push([(clock.now() - startedAt) / 1_000, said(one)]);
    seen.push([(clock.now() - startedAt) / 1_000, "end"]);
  })();
  /** Lets seconds pass one by one, and the reader run between them. */
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      await clock.advance(1_000);
      await new Promise((resolve) => void setTimeout(resolve, 0));
    }
  };
  return { seen, reading, pass };
}

it("follows every half second after a message and every five seconds otherwise", async () => {
  const { told, response } = await openStream();
  expect(told).toMatchObject([{ fastMs: 500, slowMs: 5_000 }]);
  await response.body?.cancel();
});

it("says that it is there after 15 seconds without an event, and ends after two minutes", async () => {
  const stream = await openStream();
  const { seen, reading, pass } = listen(stream);
  await pass(10);
  await stream.give(7);
  await pass(115);
  await reading;
  const still = [25, 40, 55, 70, 85, 100, 115].map((second) => [second, "still here"]);
  expect(seen.slice(1)).toEqual([[10, 7], ...still, [120, "end"]]);
  expect(stream.clock.sleeping()).toBe(0);
});

it("ends with an error event where what it follows fails, so that the client comes back", async () => {
  const stream = await openStream();
  const { seen, reading, pass } = listen(stream);
  await pass(2);
  await stream.give();
  await pass(1);
  await reading;
  expect(seen.map(([, said]) => said)).toEqual(["so far", expect.anything(), "end"]);
  expect(stream.clock.sleeping()).toBe(0);
});

it("cuts a client off that takes nothing for half a minute", async () => {
  const { clock, told, response } = await openStream();
  const [{ signal }] = told as [{ signal: AbortSignal }];
  const reader = response.body?.getReader();
  await settle();
  await clock.advance(29_999);
  expect(signal.aborted).toBe(false);
  await clock.advance(1);
  expect(signal.aborted).toBe(true);
  await expect(reader?.read()).rejects.toThrow("too long");
});
