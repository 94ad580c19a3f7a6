import { expect, it } from "vitest";
import { startBot } from "../support.ts";

const bare = { Authorization: "" };
const general = "1100000000000000111";
const button = { type: 2, style: 1, label: "Go", custom_id: "go" };

/** A bot that gives this answer to an interaction, and the webhook of that interaction. */
async function start(answer: object) {
  const bot = await startBot(() => Response.json(answer));
  const sent = bot.simulator.command("/ping");
  await bot.clock.advance(0);
  const record = await untilSent(bot.simulator.interactions);
  const base = `/webhooks/${bot.simulator.applicationId}/${record.token}`;
  const call = (method: string, path = "", body?: unknown) => bot.api(method, base + path, body, bare);
  return { ...bot, record, call, sent };
}

async function untilSent(interactions: ReadonlyMap<string, { token: string; answer: { kind: string } }>) {
  for (;;) {
    const [record] = interactions.values();
    if (record && record.answer.kind !== "none") return record;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

it("reads, edits and deletes a follow-up, and leaves the original answer alone", async () => {
  const { call, record } = await start({ type: 4, data: { content: "first" } });
  const { id } = (await call("POST", "", { content: "more" })).body;
  expect((await call("GET", `/messages/${id}`)).body).toMatchObject({ id, content: "more" });
  await call("PATCH", `/messages/${id}`, { content: "edited" });
  expect(record.answer).toMatchObject({ kind: "message", message: { content: "first" } });
  await call("PATCH", "/messages/@original", { content: "second" });
  expect(record.answer).toMatchObject({ kind: "message", message: { content: "second" } });
  expect((await call("GET", `/messages/${id}`)).body).toMatchObject({ content: "edited" });
  expect((await call("DELETE", `/messages/${id}`)).status).toBe(204);
  expect((await call("GET", "/messages/@original")).body).toMatchObject({ content: "second" });
  expect(await call("GET", "/messages/1999999999999999999")).toMatchObject({ status: 404, body: { code: 10_008 } });
});

it("lets a first follow-up replace a deferral, and the deferral decide who sees it", async () => {
  const { call, record, sent } = await start({ type: 5, data: { flags: 64 } });
  const { body } = await call("POST", "", { content: "done", flags: 0 });
  expect(body).toMatchObject({ content: "done", flags: 64 });
  expect((await call("GET", "/messages/@original")).body.id).toBe(body.id);
  expect(record.answer.kind).toBe("message");
  const public_ = (await call("POST", "", { content: "more" })).body;
  expect([public_.flags, public_.id === body.id]).toEqual([0, false]);
  expect((await sent).messages).toMatchObject([{ content: "done" }]);
});

it("replaces a deferral by an edit of the original answer, and by none of another message", async () => {
  const { call, record } = await start({ type: 5 });
  expect((await call("PATCH", "/messages/5", { content: "x" })).body).toMatchObject({ code: 10_008 });
  expect(record.answer.kind).toBe("deferred");
  expect((await call("PATCH", "/messages/@original", { content: "done", flags: 64 })).body).toMatchObject({
    content: "done",
    flags: 0,
  });
});

it("deletes a deferral, after which a follow-up is a message of its own", async () => {
  const { call, record } = await start({ type: 5 });
  expect((await call("DELETE", "/messages/5")).body).toMatchObject({ code: 10_008 });
  expect(record.answer.kind).toBe("deferred");
  expect((await call("DELETE", "/messages/@original")).status).toBe(204);
  expect(record.answer.kind).toBe("acknowledged");
  expect((await call("POST", "", { content: "more" })).status).toBe(200);
  expect((await call("GET", "/messages/@original")).body).toMatchObject({ code: 10_008 });
});

it("tells each change of an answer", async () => {
  const { call, simulator } = await start({ type: 4, data: { content: "first" } });
  let told = 0;
  simulator.on(({ type }) => void (told += type === "interaction" ? 1 : 0));
  const { id } = (await call("POST", "", { content: "more" })).body;
  await call("PATCH", `/messages/${id}`, { content: "x" });
  await call("DELETE", `/messages/${id}`);
  await call("GET", "/messages/@original");
  expect(told).toBe(3);
});

it("says of a message which interaction it answers", async () => {
  const { call, record, simulator } = await start({
    type: 4,
    data: { content: "first", components: [{ type: 1, components: [button] }] },
  });
  const { body } = await call("GET", "/messages/@original");
  expect(body).toMatchObject({
    application_id: simulator.applicationId,
    webhook_id: simulator.applicationId,
    interaction_metadata: {
      type: 2,
      user: { username: "ada" },
      authorizing_integration_owners: { "0": "1100000000000000100" },
    },
  });
  expect(body.interaction_metadata).not.toHaveProperty("interacted_message_id");
  const { messages } = await simulator.click(body.id, {});
  expect(messages[0]?.interaction_metadata).toMatchObject({ type: 3, interacted_message_id: body.id });
  expect(record.token).not.toBe("");
});

it("takes a callback by REST once, with the message where it is asked for", async () => {
  const bot = await startBot(async (request, { api }) => {
    const { id, token, data } = (await request.json()) as { id: string; token: string; data: { name: string } };
    const path = `/interactions/${id}/${token}/callback`;
    expect((await api("POST", `/interactions/5/${token}/callback`, { type: 5 }, bare)).body).toMatchObject({
      code: 10_062,
    });
    expect((await api("POST", path, "5", bare)).body).toMatchObject({ code: 50_035 });
    const isForm = data.name === "show";
    const query = isForm ? "?with_response=true" : "";
    const modal = { custom_id: "m", title: "T", components: [{ type: 10, content: "x" }] };
    const answer = await api(
      "POST",
      path + query,
      isForm ? { type: 9, data: modal } : { type: 4, data: { content: "hi" } },
      bare,
    );
    expect(answer).toMatchObject(
      isForm ? { status: 200, body: { interaction: { id, type: 2 } } } : { status: 204, body: undefined },
    );
    if (isForm) expect(answer.body).not.toHaveProperty("resource");
    return new Response(null, { status: 202 });
  });
  expect((await bot.simulator.command("/ping")).problems).toEqual([]);
  expect((await bot.simulator.command("/show")).problems).toEqual([]);
});

it.each<[string, object, object]>([
  ["a message", { type: 4, data: { content: "x" } }, { loading: false, ephemeral: false }],
  ["a private message", { type: 4, data: { content: "x", flags: 64 } }, { loading: false, ephemeral: true }],
  ["a deferral", { type: 5 }, { loading: true, ephemeral: false }],
  ["a private deferral", { type: 5, data: { flags: 64 } }, { loading: true, ephemeral: true }],
])("tells the callback of %s whether it is still to come and who sees it", async (_name, callback, expected) => {
  const { simulator } = await startBot(async (request, { api, simulator }) => {
    const { id, token } = (await request.json()) as { id: string; token: string };
    const { body } = await api("POST", `/interactions/${id}/${token}/callback?with_response=true`, callback, bare);
    const { response_message_loading: loading, response_message_ephemeral: ephemeral } = body.interaction;
    expect({ loading, ephemeral }).toEqual(expected);
    await api("PATCH", `/webhooks/${simulator.applicationId}/${token}/messages/@original`, { content: "y" }, bare);
    return new Response(null, { status: 202 });
  });
  expect((await simulator.command("/ping")).problems).toEqual([]);
});

it("takes four follow-ups and a fifth, but no sixth, where the person alone installed the application", async () => {
  const bot = await startBot(() => Response.json({ type: 4, data: { content: "x" } }));
  const { interaction } = await bot.simulator.send({
    type: 2,
    channel_id: general,
    authorizing_integration_owners: { "0": "1", "1": "2" },
  });
  const base = `/webhooks/${bot.simulator.applicationId}/${interaction.token}`;
  for (let index = 0; index < 6; index++)
    expect((await bot.api("POST", base, { content: "x" }, bare)).status).toBe(200);
});
