import { describe, expect, it } from "vitest";
import { says, startBot } from "../support.ts";

const harbour = "1100000000000000100";

describe("application commands", () => {
  const commands = "/applications/1100000000000000001/commands";

  it("creates a command, overwrites it by name, changes it and deletes it", async () => {
    const { api } = await startBot(says("x"));
    const created = await api("POST", commands, { name: "new", description: "A new one" });
    expect(created.status).toBe(201);
    const { id, version } = created.body as { id: string; version: string };
    const again = await api("POST", commands, { name: "new", description: "Still new" });
    expect(again).toMatchObject({ status: 200, body: { id, description: "Still new" } });
    expect((again.body as { version: string }).version).not.toBe(version);
    expect((await api("PATCH", `${commands}/${id}`, { description: "Patched" })).body).toMatchObject({
      id,
      description: "Patched",
    });
    expect((await api("DELETE", `${commands}/${id}`)).status).toBe(204);
    expect(await api("GET", `${commands}/${id}`)).toMatchObject({ status: 404, body: { code: 10_063 } });
  });

  it("overwrites commands in bulk and keeps the IDs of those that stay", async () => {
    const { api } = await startBot(says("x"));
    const before = (await api("GET", commands)).body as { id: string; name: string }[];
    const ping = before.find(({ name }) => name === "ping");
    const after = (await api("PUT", commands, [{ name: "ping", description: "Changed" }])).body;
    expect(after).toEqual([expect.objectContaining({ id: ping?.id, description: "Changed" })]);
    expect((await api("GET", commands)).body).toHaveLength(1);
  });

  it.each([
    [1, 100],
    [2, 15],
    [3, 15],
  ])("keeps commands of type %i up to %i, created one by one or all at once", async (type, limit) => {
    const { api, clock } = await startBot(says("x"));
    const declare = (index: number) => ({ type, name: `c${index}`, ...(type === 1 && { description: "x" }) });
    const all = Array.from({ length: limit + 1 }, (_, index) => declare(index));
    expect((await api("PUT", commands, all)).body).toMatchObject({ code: 30_032 });
    expect((await api("PUT", commands, all.slice(0, limit))).body).toHaveLength(limit);
    await clock.advance(1_000);
    expect(await api("POST", commands, declare(limit))).toMatchObject({ status: 400, body: { code: 30_032 } });
    expect((await api("POST", commands, declare(0))).status).toBe(200);
  });

  it("refuses to give a command another's name", async () => {
    const { api } = await startBot(says("x"));
    const { id } = (await api("POST", commands, { name: "new", description: "x" })).body as { id: string };
    expect(await api("PATCH", `${commands}/${id}`, { name: "ping" })).toMatchObject({
      status: 400,
      body: { code: 40_041 },
    });
    expect((await api("PATCH", `${commands}/${id}`, { name: "new" })).status).toBe(200);
    expect((await api("PATCH", `${commands}/${id}`, { name: "newer" })).body).toMatchObject({ id, name: "newer" });
  });

  it("keeps a guild's commands separate from the global ones", async () => {
    const { api, simulator } = await startBot(says("x"));
    const guild = commands.replace("/commands", `/guilds/${harbour}/commands`);
    await api("PUT", guild, [{ name: "local", description: "Here only" }]);
    expect((await api("GET", guild)).body).toMatchObject([{ name: "local", guild_id: harbour }]);
    expect((await simulator.command("/local")).problems).toEqual([]);
    await expect(simulator.command("/local", { user: "mei_lin", channel: "accueil" })).rejects.toThrow(
      "There is no command /local",
    );
  });

  it.each([
    [{ name: "Bad Name", description: "x" }, { name: { _errors: [{ code: "APPLICATION_COMMAND_INVALID_NAME" }] } }],
    [{ name: "x".repeat(33), description: "x" }, { name: { _errors: [{ code: "BASE_TYPE_BAD_LENGTH" }] } }],
    [{ name: "x" }, { description: { _errors: [{ code: "BASE_TYPE_REQUIRED" }] } }],
    [
      {
        name: "x",
        description: "x",
        options: [
          { name: "a", description: "a", type: 3 },
          { name: "b", description: "b", type: 3, required: true },
        ],
      },
      { options: { "1": { _errors: [{ code: "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID" }] } } },
    ],
  ])("refuses a command by its wrong field: %j", async (declaration, errors) => {
    const { api } = await startBot(says("x"));
    expect(await api("POST", commands, declaration)).toMatchObject({ status: 400, body: { code: 50_035, errors } });
  });
});
