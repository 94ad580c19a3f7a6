import { expect, it } from "vitest";
import { ada, general, linus, moderators, says, startPlayground } from "./support.ts";

const start = () => startPlayground(says("hello"));
const act = { do: "say", text: "hi" };

it("has no browser guess a type or keep an answer, not even a refusal", async () => {
  const { api } = start();
  for (const path of ["/controls", "/nothing", `/messages?person=${ada}&channel=${general}`, "/exchanges/1"]) {
    const { headers } = await api("GET", path);
    expect([headers.get("X-Content-Type-Options"), headers.get("Cache-Control")]).toEqual(["nosniff", "no-store"]);
  }
});

it.each<[string, string, number, string]>([
  ["GET", "/nothing", 404, "There is no such thing here."],
  ["GET", "/messages?person=1", 404, "There is no such person."],
  ["GET", "/messages?person=1100000000000000099", 404, "There is no such person."],
  ["GET", "/messages?person=1100000000000000001", 404, "There is no such person."],
  ["GET", `/messages?person=${ada}`, 403, "That person cannot see that channel."],
  ["GET", `/messages?person=${ada}&channel=general`, 403, "That person cannot see that channel."],
  ["GET", `/messages?person=${linus}&channel=${moderators}`, 403, "That person cannot see that channel."],
  ["GET", `/messages?person=${ada}&channel=${general}&before=x`, 400, "before: not an ID."],
  ["GET", "/exchanges/1", 404, "That exchange is no longer kept."],
  ["GET", "/exchanges/1/copied", 404, "That exchange is no longer kept."],
])("answers %s %s with %i and a sentence", async (method, path, status, error) => {
  expect(await start().api(method, path)).toMatchObject({ status, body: { error } });
});

it("takes the first person where none is named", async () => {
  expect(await start().api("GET", `/messages?channel=${general}`)).toMatchObject({
    status: 200,
    body: { messages: [], pending: [] },
  });
});

it.each<[string | undefined, number]>([
  ["application/json", 200],
  ["application/json; charset=utf-8", 200],
  ["Application/JSON", 200],
  ["application/jsonp", 415],
  ["text/plain", 415],
  ["text/plain; application/json", 415],
])("takes a body of type %s: %i", async (type, status) => {
  const { simulator } = start();
  const response = await simulator.app.request(
    `http://127.0.0.1:8788/playground/api/act?person=${ada}&channel=${general}`,
    { method: "POST", headers: { "Content-Type": type ?? "" }, body: JSON.stringify(act) },
  );
  expect(response.status).toBe(status);
});

it("says that a body is not JSON", async () => {
  const { api } = start();
  expect(await api("POST", `/act?person=${ada}&channel=${general}`, "{")).toMatchObject({
    status: 400,
    body: { error: "The body is not JSON." },
  });
});

function formOf(payload: string | undefined): FormData {
  const form = new FormData();
  if (payload !== undefined) form.set("payload", payload);
  return form;
}

it.each<[string | undefined, number]>([
  ["http://127.0.0.1:8788", 200],
  ["http://localhost:8788", 403],
  ["https://127.0.0.1:8788", 403],
  ["https://example.com", 403],
  ["null", 403],
  [undefined, 403],
])("takes form data of a page of origin %s: %i", async (origin, status) => {
  const { api } = start();
  const path = `/act?person=${ada}&channel=${general}`;
  const answer = await api("POST", path, formOf(JSON.stringify(act)), origin === undefined ? {} : { Origin: origin });
  expect(answer.status).toBe(status);
  if (status === 403) expect(answer.body.error).toBe("Form data is taken from this server's own page alone.");
});

it("takes form data of a page that is reached by another name of this server", async () => {
  const { api } = start();
  const path = `/act?person=${ada}&channel=${general}`;
  const headers = { Origin: "http://localhost:8788", Host: "localhost:8788" };
  expect((await api("POST", path, formOf(JSON.stringify(act)), headers)).status).toBe(200);
});

it.each([["{"], [""], [undefined]])("says that the payload of a form is not JSON: %j", async (payload) => {
  const { api } = start();
  const path = `/act?person=${ada}&channel=${general}`;
  expect(await api("POST", path, formOf(payload), { Origin: "http://127.0.0.1:8788" })).toMatchObject({
    status: 400,
    body: { error: "payload: not JSON." },
  });
});

it("says that form data is none", async () => {
  const { api } = start();
  const headers = { Origin: "http://127.0.0.1:8788", "Content-Type": "multipart/form-data; boundary=x" };
  expect(await api("POST", `/act?person=${ada}&channel=${general}`, "nonsense", headers)).toMatchObject({
    status: 400,
    body: { error: "The body is not form data." },
  });
});

it("takes up to 32 MB", async () => {
  const { api } = start();
  const text = (bytes: number) => JSON.stringify({ x: "a".repeat(bytes - 8) });
  expect((await api("POST", "/session", text(32 * 1_048_576))).status).toBe(400);
  expect(await api("POST", "/session", text(32 * 1_048_576 + 1))).toMatchObject({
    status: 413,
    body: { error: "That is more than 32 MB." },
  });
});

it("offers a session as a file, and answers with the controls that changed", async () => {
  const { api } = start();
  expect((await api("GET", "/session")).headers.get("Content-Disposition")).toBe(
    'attachment; filename="sandpiper-session.json"',
  );
  const on = await api("POST", "/controls", { do: "fault", name: "discord-500", isOn: true });
  expect(on.body).toMatchObject({ faults: [{ name: "discord-500", endsAt: expect.any(Number) }] });
  expect((await api("GET", "/controls")).body).toEqual(on.body);
});
