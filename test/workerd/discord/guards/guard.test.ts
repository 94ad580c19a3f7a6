import { describe, expect, it } from "vitest";
import { command } from "../../../../src/bot/kit.ts";
import {
  botNeedsPermissions,
  commandContext,
  type Guard,
  guildOnly,
  needsPermissions,
  ownerOnly,
} from "../../../../src/discord/index.ts";
import { envelope, person, slash } from "../../../support/payloads.ts";
import { answer, createTimedBot, description } from "../router/support.ts";

describe("guards", () => {
  const guarded = (...guards: NonNullable<Parameters<typeof command>[0]["guards"]>) =>
    command({ name: "guarded", description, guards, run: () => "let in" });
  const dm = () => {
    const { member: _member, guild_id: _guildId, ...rest } = envelope();
    return {
      ...rest,
      user: person,
      context: commandContext.botDm,
      type: 2,
      data: { id: "1", name: "guarded", type: 1 },
    };
  };
  const refused = (text: string) => ({ type: 4, data: { flags: 64, content: expect.stringContaining(text) } });

  it.each([
    ["outside a server", [guildOnly], dm(), "in servers only"],
    [
      "without the permission",
      [needsPermissions("BanMembers", "ViewAuditLog")],
      slash("guarded", { member: { ...envelope().member, permissions: "0" } }),
      "**Ban Members** and **View Audit Log**",
    ],
    ["for a person other than the owner", [ownerOnly(() => ["1"])], slash("guarded"), "Only the bot's owner"],
  ])("refuses a guarded command %s, for the person's eyes only", async (_name, guards, payload, text) => {
    expect(await answer({ handlers: [guarded(...guards)] }, payload)).toMatchObject(refused(text));
  });

  it("refuses an interaction with a server but no member behind guildOnly", async () => {
    const { member, ...rest } = slash("guarded");
    const body = await answer({ handlers: [guarded(guildOnly)] }, { ...rest, user: member.user });
    expect(body).toMatchObject(refused("in servers only"));
  });

  it("asks guards before suggestions, and suggests nothing where one refuses", async () => {
    const owners = ownerOnly(() => Promise.resolve(["1"]));
    const find = (...guards: NonNullable<Parameters<typeof command>[0]["guards"]>) =>
      command({
        name: "guarded",
        description,
        guards,
        options: [{ type: "string", name: "word", description, autocomplete: (typed) => [`${typed}!`] }],
        run: () => "ran",
      });
    const data = { id: "1", name: "guarded", type: 1, options: [{ name: "word", type: 3, value: "a", focused: true }] };
    const typing = (payload: object) => ({ ...payload, type: 4, data });
    const ask = (payload: object, ...guards: NonNullable<Parameters<typeof command>[0]["guards"]>) =>
      answer({ handlers: [find(...guards)] }, typing(payload));
    const choices = { type: 8, data: { choices: [{ name: "a!", value: "a!" }] } };
    const none = { type: 8, data: { choices: [] } };
    expect(await ask(slash("guarded"), guildOnly)).toEqual(choices);
    expect(await ask(dm(), guildOnly)).toEqual(none);
    expect(await ask(dm())).toEqual(choices);
    expect(await ask(slash("guarded"), guildOnly, owners)).toEqual(none);
  });

  it("runs a guarded command when every guard allows it", async () => {
    const handlers = [
      guarded(
        guildOnly,
        needsPermissions("ViewChannel"),
        ownerOnly(() => Promise.resolve([person.id])),
      ),
    ];
    expect(await answer({ handlers }, slash("guarded"))).toMatchObject({ data: { content: "let in" } });
  });

  it("refuses a member without a server behind guildOnly", async () => {
    const body = await answer({ handlers: [guarded(guildOnly)] }, slash("guarded", { guild_id: undefined }));
    expect(body).toMatchObject(refused("in servers only"));
  });

  it("looks at the bot's permissions in the channel, not the person's, for what the bot needs", async () => {
    const handlers = [guarded(botNeedsPermissions("PinMessages", "ManageMessages"))];
    const held = (bits: bigint) => ({ ...slash("guarded"), app_permissions: String(bits) });
    const [pin, manage] = [1n << 51n, 1n << 13n];
    for (const bits of [0n, pin, manage]) {
      expect(await answer({ handlers }, held(bits))).toMatchObject(
        refused("The bot needs **Pin Messages** and **Manage Messages** in this channel"),
      );
    }
    const { app_permissions: _none, ...unknown } = slash("guarded");
    expect(await answer({ handlers }, unknown)).toMatchObject(refused("The bot needs"));
    const weak = { member: { ...envelope().member, permissions: "0" } };
    expect(await answer({ handlers }, { ...held(pin | manage), ...weak })).toMatchObject({
      data: { content: "let in" },
    });
  });

  it("asks every guard in turn until one refuses, whether they answer at once or later", async () => {
    const asked: string[] = [];
    const guard =
      (name: string, isLate: boolean, reply?: string): Guard =>
      () => {
        asked.push(name);
        return isLate ? Promise.resolve(reply) : reply;
      };
    for (const isLate of [false, true]) {
      for (const refusing of [0, 1, 2, 3]) {
        asked.length = 0;
        const guards = ["a", "b", "c"].map((name, index) =>
          guard(name, isLate !== (index === 1), index === refusing ? `${name} refuses` : undefined),
        );
        const body = await answer({ handlers: [guarded(...guards)] }, slash("guarded"));
        expect(body).toMatchObject(
          refusing < 3 ? refused(`${"abc"[refusing]} refuses`) : { data: { content: "let in" } },
        );
        expect(asked.join("")).toBe("abc".slice(0, refusing + 1));
      }
    }
  });

  it("asks the router's guards before a handler's own, and both of them", async () => {
    const asked: string[] = [];
    const guard =
      (name: string, reply?: string): Guard =>
      () => {
        asked.push(name);
        return reply;
      };
    for (const [all, own, content] of [
      [undefined, undefined, "let in"],
      ["All refuse.", undefined, "All refuse."],
      [undefined, "Own refuses.", "Own refuses."],
    ] as const) {
      asked.length = 0;
      const bot = createTimedBot([guarded(guard("own", own)) as never], { guards: [guard("all", all)] });
      expect((await bot.ask(slash("guarded"))).answer).toMatchObject({ data: { content } });
      expect(asked).toEqual(all ? ["all"] : ["all", "own"]);
    }
  });
});
