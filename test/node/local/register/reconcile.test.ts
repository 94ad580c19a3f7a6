import { stripVTControlCharacters } from "node:util";
import { Hono } from "hono";
import { expect, it } from "vitest";
import { explainRegistration } from "../../../../local/register/explain.ts";
import { type ReconcileOptions, reconcile } from "../../../../local/register/reconcile.ts";
import { features } from "../../../../src/bot/features.ts";
import {
  createRest,
  createRestState,
  DiscordApiError,
  DiscordUnreachableError,
} from "../../../../src/discord/index.ts";
import { commandBodies } from "../../../../src/runtime/index.ts";
import { applicationId } from "../deployment/support.ts";

const declared = commandBodies(features);
const count = declared.length;
const registered = declared.map((body, index) => ({ ...body, id: String(index) }));
const old = { id: "99", type: 1, name: "old", description: "Gone" };

/** A Discord with these commands, which refuses the change of this name. */
function start(commands: object[], refused?: { name: string; status: 403 | 401 | 400 }) {
  const app = new Hono();
  const calls: string[] = [];
  const root = "/applications/:id";
  for (const path of [`${root}/commands`, `${root}/guilds/:guild/commands`]) {
    app.get(path, (c) => c.json(commands));
    app.on(["POST", "PATCH", "DELETE"], [path, `${path}/:command`], async (c) => {
      const body = c.req.method === "DELETE" ? {} : await c.req.json<{ name?: string }>();
      calls.push(
        `${c.req.method} ${c.req.path.replace(`/applications/${applicationId}`, "")} ${body.name ?? ""}`.trim(),
      );
      if (refused !== undefined && (body.name ?? "") === refused.name)
        return c.json({ code: 50_001, message: "Missing Access" }, refused.status);
      return c.req.method === "DELETE" ? c.body(null, 204) : c.json({ ...body, id: "7" });
    });
  }
  const rest = createRest({
    baseUrl: "http://discord.test",
    applicationId,
    token: "a.b.c",
    state: createRestState(),
    fetch: async (input, init) => app.fetch(new Request(input, init)),
  });
  const lines: string[] = [];
  const run = (options: Partial<ReconcileOptions> = {}) =>
    reconcile(rest, { print: (...more) => void lines.push(...more.map(stripVTControlCharacters)), ...options });
  return { run, lines, calls };
}

const [first, second] = declared.map(({ name }) => name) as [string, string];

it("changes nothing where nothing differs, and says so", async () => {
  const { run, lines, calls } = start(registered);
  await run();
  expect(lines).toEqual([`Nothing to change: ${count} commands registered everywhere.`]);
  expect(calls).toEqual([]);
});

it("prints each difference, and then makes the change", async () => {
  const { run, lines, calls } = start([{ ...registered[1], description: "Other" }, ...registered.slice(2), old]);
  await run();
  expect(lines).toEqual([
    `+ /${first}`,
    `~ /${second}`,
    expect.stringMatching(/^ {4}description: "Other" → ".+"$/),
    "- /old",
    "Applied 3 changes everywhere.",
  ]);
  expect(calls).toEqual([`POST /commands ${first}`, `POST /commands ${second}`, "DELETE /commands/99"]);
});

it("says of a field that it is not set", async () => {
  const { run, lines } = start([{ ...registered[0], default_member_permissions: "8" }, ...registered.slice(1)]);
  await run();
  expect(lines.join("\n")).toMatch(/default_member_permissions: "8" → (null|\(not set\))/);
});

it("changes nothing in a dry run", async () => {
  const { run, lines, calls } = start([...registered, old]);
  await run({ isDryRun: true });
  expect(lines).toEqual(["- /old", "Dry run: 1 change to apply everywhere, none applied."]);
  expect(calls).toEqual([]);
});

it("registers in one server alone", async () => {
  const { run, lines, calls } = start([]);
  await run({ guild: "5" });
  expect(calls).toHaveLength(count);
  for (const call of calls) expect(call).toMatch(/^POST \/guilds\/5\/commands \S/);
  expect(lines.at(-1)).toBe(`Applied ${count} changes in server 5.`);
});

it("says what was applied before a change that failed, and what was not", async () => {
  const { run } = start([...registered.slice(2), old], { name: second, status: 403 });
  await expect(run()).rejects.toThrow(
    expect.objectContaining({
      message: expect.stringMatching(
        /^Do DISCORD_APPLICATION_ID and DISCORD_BOT_TOKEN belong to the same application\?\n/,
      ),
      cause: expect.any(DiscordApiError),
    }),
  );
  const other = start([...registered.slice(2), old], { name: second, status: 403 });
  const message = await other.run().catch((error: Error) => stripVTControlCharacters(error.message));
  expect(message).toContain(
    `\nApplied before that: 1 of 3: + /${first}\nNot applied: + /${second}, - /old\nCorrect the cause and run npm run register again: it goes on with what is left.`,
  );
  expect(other.calls).toHaveLength(2);
});

it("says that none was applied where the first one failed", async () => {
  const { run } = start(registered.slice(1), { name: first, status: 400 });
  await expect(run()).rejects.toThrow(/\nApplied before that: none\nNot applied: /);
});

const refusal = (status: number) => new DiscordApiError("GET /x", status, { code: 0, message: "no", fields: [] });

it.each<[number, string | undefined, RegExp]>([
  [401, undefined, /^Discord does not accept this DISCORD_BOT_TOKEN\./],
  [403, undefined, /^Do DISCORD_APPLICATION_ID and/],
  [404, undefined, /^Do DISCORD_APPLICATION_ID and/],
  [403, "5", /^Is the bot in server 5, and do/],
  [404, "5", /^Is the bot in server 5, and do/],
])("explains a refusal of %i in server %s", (status, guild, text) => {
  const error = refusal(status);
  const explained = explainRegistration(error, guild);
  expect(explained).toMatchObject({ message: expect.stringMatching(text), cause: error });
  expect((explained as Error).message.endsWith(`\n${error.message}`)).toBe(true);
});

it("explains that Discord cannot be reached, and leaves any other error", () => {
  const unreachable = new DiscordUnreachableError("GET /x", "offline");
  expect((explainRegistration(unreachable, undefined) as Error).message).toMatch(/^Discord cannot be reached\./);
  for (const error of [refusal(400), refusal(500), new TypeError("x"), "text"])
    expect(explainRegistration(error, "5")).toBe(error);
});
