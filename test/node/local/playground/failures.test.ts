import { describe, expect, it } from "vitest";
import { ada, general, linus, says, startPlayground } from "./support.ts";

const button = [{ type: 1, components: [{ type: 2, style: 1, label: "Yes", custom_id: "yes" }] }];

describe("a command that fails", () => {
  it.each<[string, () => Response, RegExp]>([
    ["a status", () => new Response("oops", { status: 500 }), /HTTP 500: oops/],
    ["another type of body", () => new Response("hi"), /Content-Type/],
    [
      "too long a text",
      () => Response.json({ type: 4, data: { content: "x".repeat(2_001) } }),
      /data\.content: Must be 2000/,
    ],
    [
      "a callback of another kind",
      () => Response.json({ type: 8, data: { choices: [] } }),
      /type: Value must be one of/,
    ],
  ])(
    "shows Discord's words for %s, and the reason that Discord hides, to the person alone",
    async (_, answer, reason) => {
      const { look, ping, api, act } = startPlayground(answer);
      const [hers, his] = [await look(ada), await look(linus)];
      const { body } = await ping();
      const { pending } = await hers.until("pending", (event) => event.pending.state === "failed");
      expect(pending).toMatchObject({
        id: body.exchange,
        channelId: general,
        title: "/ping",
        text: "The application did not respond",
        reasons: [expect.stringMatching(reason)],
      });
      const { exchange } = await hers.until("exchange", (event) => event.exchange.problems.length > 0);
      expect(exchange.problems[0]).toMatch(reason);
      expect(his.of("pending")).toEqual([]);
      expect((await api("GET", `/messages?person=${ada}&channel=${general}`)).body.pending).toEqual([pending]);
      expect((await api("GET", `/messages?person=${linus}&channel=${general}`)).body.pending).toEqual([]);
      expect((await act(linus, { do: "dismiss", messageId: pending.id })).status).toBe(400);
      expect((await act(ada, { do: "dismiss", messageId: pending.id })).status).toBe(200);
      await hers.until("pending-gone", (event) => event.id === pending.id);
    },
  );

  it("does so for no answer within three seconds", async () => {
    const { look, ping, clock } = startPlayground(() => new Promise<Response>(() => {}));
    const stream = await look(ada);
    await ping();
    expect(await stream.until("pending")).toMatchObject({ pending: { state: "sending", text: "Sending command…" } });
    clock.move(3_000);
    expect(await stream.until("pending", (event) => event.pending.state === "failed")).toMatchObject({
      pending: { text: "The application did not respond", reasons: ["The Worker did not answer within 3 s."] },
    });
  });
});

it("a component that fails shows so below its message, until it is used again", async () => {
  let isBroken = false;
  const { look, ping, act } = startPlayground(() =>
    isBroken
      ? new Response("", { status: 500 })
      : Response.json({ type: 4, data: { content: "hi", components: button } }),
  );
  const stream = await look(ada);
  await ping();
  const { view } = await stream.until("message");
  const click = { do: "click", messageId: view.message.id, customId: "yes" };
  isBroken = true;
  await act(ada, click);
  const { pending } = await stream.until("pending", (event) => event.pending.state === "failed");
  expect(pending).toMatchObject({
    text: "This interaction failed",
    title: 'Click "Yes"',
    messageId: view.message.id,
    customId: "yes",
  });
  isBroken = false;
  await act(ada, click);
  await stream.until("pending-gone", (event) => event.id === pending.id);
});

describe("a deferred answer", () => {
  const path = (token: string) => `/webhooks/1100000000000000001/${token}/messages/@original`;

  it("shows all in the channel that the bot thinks, and then the message", async () => {
    let token = "";
    const { look, ping, rest } = startPlayground((_, body) => {
      token = body.token;
      return Response.json({ type: 5 });
    });
    const his = await look(linus);
    await ping(ada);
    const { pending } = await his.until("pending");
    expect(pending).toMatchObject({ state: "thinking", text: "sandpiper is thinking…", person: { username: "ada" } });
    await rest("PATCH", path(token), { content: "done" });
    await his.until("pending-gone", (event) => event.id === pending.id);
    expect((await his.until("message")).view).toMatchObject({
      message: { content: "done" },
      cause: { title: "/ping" },
    });
  });

  it("is the person's alone when it is ephemeral", async () => {
    const { look, ping } = startPlayground(() => Response.json({ type: 5, data: { flags: 64 } }));
    const [hers, his] = [await look(ada), await look(linus)];
    await ping(ada);
    await hers.until("pending", (event) => event.pending.state === "thinking");
    expect(his.of("pending")).toEqual([]);
  });

  it("fails after 15 minutes without a message", async () => {
    const { look, ping, clock } = startPlayground(() => Response.json({ type: 5 }));
    const [hers, his] = [await look(ada), await look(linus)];
    await ping(ada);
    await his.until("pending");
    await new Promise(setImmediate);
    clock.move(15 * 60_000);
    const { pending } = await hers.until("pending", (event) => event.pending.state === "failed");
    expect(pending).toMatchObject({
      text: "The application did not respond",
      reasons: [expect.stringContaining("within 15 minutes")],
    });
    await his.until("pending-gone");
    expect(his.of("pending").every((event) => event.pending.state === "thinking")).toBe(true);
  });
});

it("interactions sent from the terminal appear as well", async () => {
  const { look, simulator } = startPlayground(says("hello"));
  const stream = await look(ada);
  await simulator.command("/ping");
  await stream.until("message");
});
