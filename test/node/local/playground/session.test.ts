import type { APIAttachment, APIMessage } from "discord-api-types/v10";
import { expect, it } from "vitest";
import { ada, general, linus, says, startPlayground } from "./support.ts";

it("a session is saved, and opened in another playground", async () => {
  const first = startPlayground((_, { data }) =>
    Response.json({ type: 4, data: { content: `<b>${data?.name}`, flags: data?.name === "ping" ? 64 : 0 } }),
  );
  const hers = await first.look(ada);
  const { world } = await hers.until("world");
  const direct = world.directs[0]?.id ?? "";
  await first.ping();
  await first.rest("POST", `/channels/${direct}/messages`, { content: "direct" });
  await hers.until("message", ({ view }) => view.message.content === "direct");
  await hers.until("exchange", ({ exchange }) => exchange.status === 200);
  const picture = await uploadTo(first, direct, new Uint8Array(Buffer.from("tea")));
  const saved = await first.api("GET", "/session");
  expect(saved.headers.get("Content-Disposition")).toContain("sandpiper-session.json");

  const second = startPlayground(says("hello"));
  const [again, his] = [await second.look(ada), await second.look(linus)];
  await again.until("world");
  await second.ping();
  await his.until("message");
  expect(await second.api("POST", "/session", saved.body)).toMatchObject({ status: 200 });
  await again.until("start", () => again.of("start").length === 2);
  const messages = async (person: string, channel: string) =>
    (await second.api("GET", `/messages?person=${person}&channel=${channel}`)).body.messages.map(
      ({ message }: { message: { content: string } }) => message.content,
    );
  expect(await messages(ada, general)).toEqual(["<b>ping"]);
  expect(await messages(linus, general)).toEqual([]);
  const { pathname } = new URL(picture.url);
  expect(await (await second.simulator.app.request(pathname)).text()).toBe("tea");
  const own = again.of("world")[0]?.world.directs[0]?.id ?? "";
  expect(await messages(ada, own)).toEqual(["direct", ""]);
  await again.until("exchange", ({ exchange }) => exchange.id === saved.body.exchanges[0].id);
  const again2 = await second.api("POST", `/exchanges/${saved.body.exchanges[0].id}/again`, { how: "new-id" });
  expect(again2.status).toBe(200);
  expect((await second.api("GET", `/exchanges/${saved.body.exchanges[0].id}/copied`)).body.reason).toBe(
    "The interaction is from a saved session.",
  );
});

it("a session holds the newest files that fit, and says how many do not", async () => {
  const { api, look, simulator } = startPlayground(says("hello"));
  const stream = await look(ada);
  const direct = (await stream.until("world")).world.directs[0]?.id ?? "";
  const bot = { simulator };
  const names: string[] = [];
  for (let count = 0; count < 3; count++) names.push((await uploadTo(bot, direct, new Uint8Array(8_000_000))).id);
  const { body } = await api("GET", "/session");
  expect(Object.keys(body.files).map((path) => path.split("/")[1])).toEqual([names[2], names[1]]);
  expect(body.missingFiles).toBe(1);
  expect(await api("POST", "/session", body)).toMatchObject({ status: 200, body: { missingFiles: 1 } });
});

/** Has the bot send a file, and returns it as an attachment. */
async function uploadTo(
  { simulator }: Pick<ReturnType<typeof startPlayground>, "simulator">,
  channel: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<APIAttachment> {
  const form = new FormData();
  form.set("payload_json", "{}");
  form.set("files[0]", new File([bytes], "tea.txt", { type: "text/plain" }));
  const response = await simulator.app.request(`/api/v10/channels/${channel}/messages`, {
    method: "POST",
    headers: { Authorization: `Bot ${simulator.botToken}` },
    body: form,
  });
  return ((await response.json()) as APIMessage).attachments[0] as APIAttachment;
}

const empty = { version: 1, savedAt: "", messages: {}, privateTo: {}, directs: {}, exchanges: [] };
const message = {
  id: general,
  channel_id: general,
  author: { id: ada, username: "ada" },
  content: "",
  timestamp: "2026-06-01T12:00:00.000Z",
  edited_timestamp: null,
  attachments: [],
  embeds: [],
  mentions: [],
  mention_roles: [],
  mention_everyone: false,
};

it.each<unknown>([
  "{",
  null,
  { version: 2 },
  { ...empty, messages: { "../x": [] } },
  { ...empty, messages: { [general]: [{}] } },
  { ...empty, messages: { [general]: [{ ...message, id: 5 }] } },
  { ...empty, messages: { [general]: [{ ...message, author: { id: ada } }] } },
  { ...empty, messages: { [general]: [{ ...message, timestamp: "<b>" }] } },
  { ...empty, messages: { [general]: [{ ...message, embeds: "all" }] } },
  { ...empty, exchanges: [{}] },
  { ...empty, privateTo: { a: "b" } },
  { ...empty, files: { "../../x": { type: "text/plain", data: "" } } },
  { ...empty, files: { [`${general}/${general}/x`]: { type: "a\nb", data: "" } } },
  { ...empty, files: { [`${general}/${general}/x`]: { type: "text/plain", data: "%" } } },
])("a file that is no session is refused, and changes nothing: %j", async (file) => {
  const { api, simulator, ping, look } = startPlayground(says("hello"));
  const stream = await look(ada);
  await ping();
  await stream.until("message");
  expect(await api("POST", "/session", file)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
  expect(simulator.visibleMessages()).toHaveLength(1);
});

it("a session without anything empties the world", async () => {
  const { api, simulator, ping, look } = startPlayground(says("hello"));
  const stream = await look(ada);
  await ping();
  await stream.until("message");
  expect((await api("POST", "/session", { ...empty, messages: { [general]: [message] } })).status).toBe(200);
  expect(simulator.visibleMessages().map(({ id }) => id)).toEqual([general]);
});
