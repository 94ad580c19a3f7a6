import { describe, expect, it } from "vitest";
import { ada, general, grace, linus, robin, says, startPlayground, stranger } from "./support.ts";

describe("a message's components", () => {
  const components = [
    { type: 1, components: [{ type: 2, style: 1, label: "Yes", custom_id: "yes" }] },
    {
      type: 1,
      components: [{ type: 3, custom_id: "menu", options: ["a", "b"].map((value) => ({ label: value, value })) }],
    },
  ];

  it("can be used by those who see the message alone", async () => {
    const { act, look, ping, simulator } = startPlayground((_, { type, data }) =>
      Response.json({ type: 4, data: { content: `${type} ${data?.custom_id}`, components } }),
    );
    const stream = await look(robin);
    await ping();
    const { view } = await stream.until("message");
    const messageId = view.message.id;
    await act(robin, { do: "click", messageId, customId: "yes" });
    await stream.until("message", (event) => event.view.message.content === "3 yes");
    await act(robin, { do: "select", messageId, customId: "menu", values: ["b"] });
    await stream.until("message", (event) => event.view.message.content === "3 menu");
    expect(await act(robin, { do: "select", messageId, customId: "menu", values: ["c"] })).toMatchObject({
      status: 400,
      body: { error: 'The menu has no option "c". It has: a, b.' },
    });
    expect(await act(robin, { do: "click", messageId, customId: "no" })).toMatchObject({ status: 400 });
    const dm = await act(stranger, { do: "click", messageId, customId: "yes" }, simulator.world.groupChannel.id);
    expect(dm).toMatchObject({ status: 400, body: { error: "There is no such message here." } });
  });

  it("of an ephemeral message are its person's alone, who can dismiss it", async () => {
    const { act, look, ping, api } = startPlayground(says("psst", { flags: 64, components }));
    const stream = await look(ada);
    await ping();
    const { view } = await stream.until("message");
    const messageId = view.message.id;
    expect(await act(linus, { do: "click", messageId, customId: "yes" })).toMatchObject({ status: 400 });
    expect(await act(linus, { do: "dismiss", messageId })).toMatchObject({ status: 400 });
    expect(await act(ada, { do: "dismiss", messageId })).toMatchObject({ status: 200 });
    await stream.until("message-gone", (event) => event.messageId === messageId);
    expect((await api("GET", `/messages?person=${ada}&channel=${general}`)).body.messages).toEqual([]);
  });
});

describe("a form", () => {
  const form = {
    type: 9,
    data: {
      custom_id: "form",
      title: "Tell",
      components: [
        { type: 18, label: "Text", component: { type: 4, style: 1, custom_id: "text" } },
        { type: 18, label: "Sure", component: { type: 23, custom_id: "sure" } },
        { type: 18, label: "Files", component: { type: 19, custom_id: "files", required: false } },
        { type: 18, label: "Who", component: { type: 5, custom_id: "who", required: false } },
      ],
    },
  };

  it("opens in the window that sent the command, is filled in with every component, and closes", async () => {
    const { act, api, look, ping } = startPlayground((_, { type, data }) =>
      Response.json(type === 5 ? { type: 4, data: { content: JSON.stringify(data).slice(0, 2_000) } } : form),
    );
    const [hers, his] = [await look(ada), await look(linus)];
    const { body } = await ping();
    const opened = await hers.until("form");
    expect(opened).toMatchObject({ exchange: body.exchange, form: { title: "Tell" } });
    const payload = {
      do: "submit",
      token: opened.token,
      fields: { text: "hi", sure: true, files: ["f"], who: [grace] },
    };
    expect(await act(linus, payload)).toMatchObject({ status: 400, body: { error: "There is no such form here." } });
    const data = new FormData();
    data.set("payload", JSON.stringify(payload));
    data.set("f", new File(["x"], "x.png", { type: "image/png" }));
    const origin = { Origin: "http://127.0.0.1:8788" };
    expect(await api("POST", `/act?person=${ada}&channel=${general}`, data, origin)).toMatchObject({ status: 200 });
    expect(await hers.until("form-ended")).toEqual({
      type: "form-ended",
      exchange: body.exchange,
      token: opened.token,
    });
    const { view } = await hers.until("message");
    expect(view.message.content).toContain('"value":"hi"');
    // Discord shows the command that opened the form.
    expect(view.cause).toMatchObject({ title: "/ping", person: { username: "ada" } });
    expect(view.message.interaction_metadata).toMatchObject({ type: 5, triggering_interaction_metadata: { type: 2 } });
    expect(view.message.content).toContain(grace);
    expect(his.of("form")).toEqual([]);
    expect(await act(ada, payload)).toMatchObject({ status: 400 });
  });

  it("stays open when the Worker fails, and can be submitted again", async () => {
    let isBroken = true;
    const { act, look, ping } = startPlayground((_, { type }) => {
      if (type !== 5) return Response.json(form);
      return isBroken ? new Response("oh", { status: 500 }) : Response.json({ type: 4, data: { content: "done" } });
    });
    const stream = await look(ada);
    await ping();
    const { token } = await stream.until("form");
    const submit = () => act(ada, { do: "submit", token, fields: { text: "hi" } });
    await submit();
    expect(await stream.until("form-ended")).toMatchObject({
      text: "Something went wrong. Try again.",
      reasons: ["The Worker answered HTTP 500: oh"],
    });
    isBroken = false;
    expect(await submit()).toMatchObject({ status: 200 });
    await stream.until("message");
  });
});
