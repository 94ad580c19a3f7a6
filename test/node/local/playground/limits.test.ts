import { expect, it } from "vitest";
import { usageOf } from "../../../../local/discord/index.ts";
import { ada, general, says, startPlayground } from "./support.ts";

const text = (content: string) => ({ type: 10, content });

it.each<[string, unknown, string]>([
  ["a text", { content: "héllo 🌊" }, "Characters 7/2000"],
  ["nothing", undefined, ""],
  ["hostile fields", { content: 5, embeds: [null, 5], components: "all" }, "Characters 0/2000"],
  [
    "embeds and rows",
    {
      content: "",
      embeds: [{ title: "abc", fields: [{ name: "d", value: "ef" }], footer: { text: "g" }, author: { name: "h" } }],
      components: [{ type: 1, components: [{ type: 2 }] }],
    },
    "Characters 0/2000, Embeds 1/10, Characters in embeds 8/6000, Rows 1/5",
  ],
  [
    "components V2",
    {
      flags: 32_768,
      components: [
        { type: 17, components: [text("abc"), { type: 9, components: [text("de")], accessory: { type: 11 } }] },
      ],
    },
    "Components 5/40, Characters 5/4000",
  ],
  ["a form", { title: "Tell", custom_id: "t", components: [{ type: 18, component: { type: 4 } }] }, "Fields 1/5"],
])("the limits are counted for %s", (_kind, data, counted) => {
  expect(
    usageOf(data)
      .map(({ name, used, max }) => `${name} ${used}/${max}`)
      .join(", "),
  ).toBe(counted);
});

it("an exchange shows what its answer uses, a refused one too, and what it uses once it is edited", async () => {
  let content = "x".repeat(2_001);
  const { ping, look, rest, simulator } = startPlayground(() => Response.json({ type: 4, data: { content } }));
  const stream = await look(ada);
  await ping();
  const { exchange } = await stream.until("exchange", (event) => event.exchange.problems.length > 0);
  expect(exchange.limits).toEqual([{ name: "Characters", used: 2_001, max: 2_000 }]);
  content = "short";
  const { body } = await ping();
  const { view } = await stream.until("message");
  const own = (used: number) =>
    stream.until("exchange", (event) => event.exchange.id === body.exchange && event.exchange.limits[0]?.used === used);
  await own(5);
  const [record] = [...simulator.interactions.values()].slice(-1);
  await rest("PATCH", `/webhooks/${simulator.applicationId}/${record?.token}/messages/@original`, {
    content: "longer",
  });
  await own(6);
  expect(view.message.channel_id).toBe(general);
  // A message that answers no interaction belongs to none.
  await rest("POST", `/channels/${general}/messages`, { content: "by itself" });
  await stream.until("message", (event) => event.view.message.content === "by itself");
  expect(stream.of("exchange").at(-1)?.exchange.limits[0]?.used).toBe(6);
});

it("a webhook event is sent as Discord sends it, again, and badly signed", async () => {
  const paths: string[] = [];
  const bodies: unknown[] = [];
  let status = 204;
  const { act, api, look } = startPlayground(async (request, body) => {
    paths.push(new URL(request.url).pathname);
    bodies.push(body);
    return new Response(null, { status });
  });
  const stream = await look(ada);
  const { body } = await act(ada, { do: "event", type: "APPLICATION_AUTHORIZED" });
  const ended = (id: string) =>
    stream.until("exchange", (event) => event.exchange.id === id && event.exchange.ms !== undefined);
  expect((await ended(body.exchange)).exchange).toMatchObject({
    kind: "event",
    title: "APPLICATION_AUTHORIZED",
    status: 204,
    problems: [],
  });
  expect(bodies[0]).toMatchObject({
    version: 1,
    type: 1,
    event: {
      type: "APPLICATION_AUTHORIZED",
      data: { integration_type: 0, user: { username: "ada" }, guild: { name: "The Harbour" } },
    },
  });
  const again = (how: string) => api("POST", `/exchanges/${body.exchange}/again`, { how });
  await ended((await again("same-id")).body.exchanges[0]);
  expect(bodies[1]).toEqual(bodies[0]);
  status = 401;
  const refused = await ended((await again("bad-signature")).body.exchanges[0]);
  expect(refused.exchange).toMatchObject({ status: 401, problems: [] });
  expect(new Set(paths)).toEqual(new Set(["/webhook-events"]));
  expect(await act(ada, { do: "event", type: "MESSAGE_CREATE" })).toMatchObject({ status: 400 });
});

it("the page loads pictures of a host that a person allowed, and of no other", async () => {
  const { api, simulator } = startPlayground(says("hello"));
  const page = async () => {
    const response = await simulator.app.request("http://127.0.0.1:8788/");
    const policy = response.headers.get("Content-Security-Policy") ?? "";
    return [/img-src ([^;]*)/.exec(policy)?.[1], /name="pictures" content="([^"]*)"/.exec(await response.text())?.[1]];
  };
  const allow = (host: unknown, isOn: boolean) => api("POST", "/controls", { do: "pictures", host, isOn });
  expect(await page()).toEqual(["'self' data:", ""]);
  expect((await allow("images.example.com", true)).status).toBe(200);
  expect(await page()).toEqual(["'self' data: https://images.example.com", "images.example.com"]);
  for (const host of ["*", "a; script-src *", "https://a", 'a"><script>', "", "a b", "A.example", "a/b", "-a"])
    expect((await allow(host, true)).status, host).toBe(400);
  await allow("images.example.com", false);
  expect(await page()).toEqual(["'self' data:", ""]);
});
