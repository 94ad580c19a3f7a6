import { describe, expect, it } from "vitest";
import {
  createKit,
  type Declared,
  ephemeral,
  type Interaction,
  type RouterServices,
  updateMessage,
} from "../../../../src/discord/index.ts";
import { settle } from "../../../support/clock.ts";
import { click, slash } from "../../../support/payloads.ts";
import { createMapAnswerStore } from "../stores/map-stores.ts";
import { createTimedBot } from "./support.ts";

// What follows a first answer: its order, who sees it, and whom it pings.

const { command, component } = createKit<RouterServices>();
const original = "/api/webhooks/1/:token/messages/@original";
const quiet = { parse: [] };

const handler = (run: (interaction: Interaction) => unknown, more: { ephemeral?: boolean; once?: boolean } = {}) =>
  command({ name: "go", description: "x", ...more, run: run as () => Promise<string> });

/** Asks `/go`, and lets everything happen that follows within half a minute. */
async function ask(declared: Declared<RouterServices>, payload: object = slash("go"), ...answers: Response[]) {
  const bot = createTimedBot([declared]);
  bot.answers.push(...answers);
  const seen = await bot.ask(payload);
  // Step by step, as answers of Discord take turns of their own.
  for (const ms of [1_000, 1_000, 1_000, 27_000]) {
    await bot.clock.advance(ms);
    await new Promise((resolve) => void setTimeout(resolve, 0));
  }
  await Promise.all(bot.works);
  const calls = bot.sent.map(({ call, body }) => [
    call.replace(original, "original").replace("/api/webhooks/1/:token", "webhook"),
    body,
  ]);
  return { answer: seen.answer, calls, failures: bot.failures.map(String) };
}

describe("a deferred answer", () => {
  it("is shown to the person alone where the handler says so, like what follows it", async () => {
    const { answer, calls } = await ask(
      handler(
        async (interaction) => {
          interaction.after(() => interaction.followUp("@everyone too"));
          await interaction.defer();
          return "@everyone";
        },
        { ephemeral: true },
      ),
    );
    expect(answer).toEqual({ type: 5, data: { flags: 64 } });
    expect(calls).toEqual([
      ["PATCH original", { content: "@everyone", flags: 64, allowed_mentions: quiet }],
      ["POST webhook", { content: "@everyone too", flags: 64, allowed_mentions: quiet }],
    ]);
  });

  it("goes beside “thinking…” where it is private and that was not, since an edit would show it to all", async () => {
    const { answer, calls } = await ask(
      handler(async (interaction) => {
        await interaction.defer();
        return ephemeral("for you");
      }),
    );
    expect(answer).toEqual({ type: 5 });
    expect(calls).toEqual([
      ["DELETE original", undefined],
      ["POST webhook", { content: "for you", flags: 64, allowed_mentions: quiet }],
    ]);
  });

  it("goes beside a message that was edited in for all, and leaves that as it is", async () => {
    const { calls } = await ask(
      handler(async (interaction) => {
        await interaction.defer();
        await interaction.edit("for all");
        return ephemeral("for you");
      }),
    );
    expect(calls).toEqual([
      ["PATCH original", { content: "for all", allowed_mentions: quiet }],
      ["POST webhook", { content: "for you", flags: 64, allowed_mentions: quiet }],
    ]);
  });

  it("takes the place of what was edited in for all where it says that the handler failed", async () => {
    const { calls } = await ask(
      handler(async (interaction) => {
        await interaction.defer();
        await interaction.edit("half way");
        throw new Error("secret detail");
      }),
    );
    expect(calls.map(([call]) => call)).toEqual(["PATCH original", "PATCH original"]);
    expect(calls[1]?.[1]).toMatchObject({ content: expect.stringContaining("Something went wrong.") });
  });

  it("is edited in where “thinking…” was private too", async () => {
    const { answer, calls } = await ask(
      handler(async (interaction) => {
        await interaction.defer({ ephemeral: true });
        return ephemeral("for you");
      }),
    );
    expect(answer).toEqual({ type: 5, data: { flags: 64 } });
    expect(calls).toEqual([["PATCH original", { content: "for you", flags: 64, allowed_mentions: quiet }]]);
  });

  it("says in place of “thinking…” that the handler failed, for the person alone, and tells the error once", async () => {
    const { calls, failures } = await ask(
      handler(
        async (interaction) => {
          await interaction.defer();
          throw new Error("secret detail");
        },
        { ephemeral: true },
      ),
    );
    expect(calls).toEqual([
      [
        "PATCH original",
        {
          content: "Something went wrong. If you tell the bot's developers, mention `ref`.",
          flags: 64,
          allowed_mentions: quiet,
        },
      ],
    ]);
    expect(failures).toEqual(["Error: secret detail"]);
  });

  it.each<[string, () => unknown, string]>([
    ["nothing", () => undefined, "returned nothing after its deferral"],
    ["a change of a message that is not there", () => updateMessage("x"), '"update" cannot follow a deferral'],
    ["a form", () => ({ callback: "modal", modal: {} }), '"modal" cannot follow a deferral'],
  ])("never stays at “thinking…” where the handler then returns %s", async (_name, result, reason) => {
    const { calls, failures } = await ask(
      handler(async (interaction) => {
        await interaction.defer();
        return result();
      }),
    );
    expect(calls).toEqual([
      ["DELETE original", undefined],
      ["POST webhook", expect.objectContaining({ content: expect.stringContaining("Something went wrong") })],
    ]);
    expect(failures).toEqual([expect.stringContaining(reason)]);
  });

  it("is asked for once, however often the handler defers", async () => {
    const { answer, calls } = await ask(
      handler(async (interaction) => {
        await interaction.defer();
        await interaction.defer({ ephemeral: true });
        return ephemeral("done");
      }),
    );
    expect(answer).toEqual({ type: 5 });
    // The first deferral was shown to all, whatever the second asked for.
    expect(calls).toEqual([
      ["DELETE original", undefined],
      ["POST webhook", { content: "done", flags: 64, allowed_mentions: quiet }],
    ]);
  });
});

describe("an answer after a deferral", () => {
  const failed = expect.objectContaining({ content: expect.stringContaining("Something went wrong"), flags: 64 });
  const refusal = () => Response.json({ code: 50_035, message: "Invalid Form Body" }, { status: 400 });
  const deferred =
    (result: unknown, isPrivate = false) =>
    async (interaction: Interaction) => {
      await interaction.defer({ ephemeral: isPrivate });
      return result;
    };
  const button = component({ id: "go", run: deferred("beside") as () => Promise<string> });
  const changing = component({ id: "go", run: deferred(updateMessage("changed")) as () => Promise<string> });

  it.each<[string, Declared<RouterServices>, object, Response[], unknown[]]>([
    ["in place of “thinking…”", handler(deferred("x", true)), slash("go"), [refusal()], ["PATCH", "PATCH"]],
    [
      "beside “thinking…”, which is gone",
      handler(deferred(ephemeral("x"))),
      slash("go"),
      [new Response(null, { status: 204 }), refusal()],
      ["DELETE", "POST", "POST"],
    ],
    ["of a click, beside its message", button, click("go"), [refusal()], ["POST", "POST"]],
    ["of a click, in its message", changing, click("go"), [refusal()], ["PATCH", "POST"]],
  ])("that Discord refuses is told of: one %s", async (_where, declared, payload, answers, methods) => {
    const { calls, failures } = await ask(declared, payload, ...answers);
    expect(failures).toEqual([expect.stringContaining("Invalid Form Body")]);
    expect(calls.map(([call]) => (call as string).split(" ")[0])).toEqual(methods);
    expect(calls.at(-1)?.[1]).toEqual(failed);
  });

  it("that fails, like the word of that, is told of twice and stops nothing", async () => {
    const { calls, failures } = await ask(
      handler(async (interaction) => {
        interaction.after(() => interaction.followUp("after all"));
        await interaction.defer({ ephemeral: true });
        return "x";
      }),
      slash("go"),
      refusal(),
      refusal(),
    );
    expect(failures).toHaveLength(2);
    expect(calls.at(-1)).toEqual(["POST webhook", { content: "after all", allowed_mentions: quiet }]);
  });

  it("of a click that Discord does not take leaves the message of the click as it is", async () => {
    const form = deferred({ callback: "modal", modal: {} }) as () => Promise<string>;
    const { calls, failures } = await ask(component({ id: "go", run: form }), click("go"));
    expect(calls).toEqual([["POST webhook", failed]]);
    expect(failures).toEqual([expect.stringContaining('"modal" cannot follow a deferral')]);
  });

  it.each(["edit", "remove"] as const)(
    "may be followed up once %s took the place of “thinking…”, which a change of another message does not",
    async (what) => {
      const change = (interaction: Interaction, id?: string) =>
        what === "edit" ? interaction.edit("halfway", id) : interaction.remove(id);
      const placed = await ask(
        handler(async (interaction) => {
          await interaction.defer();
          await change(interaction);
          await interaction.followUp("more");
          return "done";
        }),
      );
      expect([placed.failures, placed.calls.slice(1)]).toEqual([
        [],
        [
          ["POST webhook", { content: "more", allowed_mentions: quiet }],
          [what === "edit" ? "PATCH original" : "POST webhook", { content: "done", allowed_mentions: quiet }],
        ],
      ]);
      const beside = await ask(
        handler(async (interaction) => {
          await interaction.defer();
          await change(interaction, "5");
          return ephemeral("for you");
        }),
      );
      expect(beside.calls.slice(1).map(([call]) => call)).toEqual(["DELETE original", "POST webhook"]);
    },
  );

  it.each<[object | undefined, number]>([
    [{ "1": "7" }, 5],
    [{ "0": "8" }, 6],
    [{ "0": "8", "1": "7" }, 6],
    [undefined, 6],
  ])("is followed up six times, or five where only the person installed the bot: %j", async (owners, count) => {
    const { calls, failures } = await ask(
      handler((interaction) => {
        for (let index = 0; index < 6; index++) interaction.after(() => interaction.followUp(`${index}`));
        return "x";
      }),
      slash("go", { authorizing_integration_owners: owners }),
    );
    expect([calls.length, failures.length]).toEqual([count, 6 - count]);
  });
});

describe("what comes at the wrong time", () => {
  it.each(["edit", "remove", "followUp"] as const)("is refused before the first answer: %s", async (what) => {
    const { answer, calls, failures } = await ask(handler((interaction) => interaction[what]("x")));
    expect(answer).toMatchObject({ type: 4, data: { flags: 64 } });
    expect(calls).toEqual([]);
    expect(failures).toEqual([expect.stringContaining(`${what}() comes after the first answer`)]);
  });

  it("is refused where a follow-up would take the place of “thinking…”", async () => {
    const { calls, failures } = await ask(
      handler(async (interaction) => {
        await interaction.defer();
        await interaction.followUp("too early");
        return "done";
      }),
    );
    expect(JSON.stringify(calls)).not.toContain("too early");
    expect(failures).toEqual([expect.stringContaining("edit() the deferral first")]);
  });
});

describe("work after the answer", () => {
  it("runs once Discord has the answer, in order, and goes on after a failure that no person is told of", async () => {
    const started: number[] = [];
    const bot = createTimedBot([
      handler((interaction) => {
        interaction.after(async () => void started.push(bot.clock.now()));
        interaction.after(() => interaction.followUp("one"));
        interaction.after(() => Promise.reject(new Error("two failed")));
        interaction.after(() => interaction.edit("three"));
        return "now";
      }),
    ]);
    const seen = await bot.ask(slash("go"));
    expect(seen.answer).toMatchObject({ type: 4, data: { content: "now" } });
    const answeredAt = bot.clock.now();
    await bot.clock.advance(99);
    expect([bot.sent, started]).toEqual([[], []]);
    await bot.clock.advance(1);
    await Promise.all(bot.works);
    expect(started).toEqual([answeredAt + 100]);
    expect(bot.sent.map(({ body }) => body?.["content"])).toEqual(["one", "three"]);
    expect(bot.failures.map(String)).toEqual(["Error: two failed"]);
  });
});

it("keeps the invocation alive until the work after a deferred answer is done", async () => {
  const work = Promise.withResolvers<void>();
  const bot = createTimedBot([
    handler(async (interaction) => {
      interaction.after(() => work.promise);
      await interaction.defer();
      return "x";
    }),
  ]);
  await bot.ask(slash("go"));
  await bot.clock.advance(1_000);
  let isOver = false;
  const all = Promise.all(bot.works).then(() => (isOver = true));
  await settle();
  expect([bot.sent.length, isOver]).toEqual([1, false]);
  work.resolve();
  await all;
});

describe("a click", () => {
  const button = (run: (interaction: Interaction) => unknown, more: object = {}) =>
    component({ id: "go", ...more, run: run as () => Promise<string> });

  it("that is slow is acknowledged quietly, and changes its message or answers beside it", async () => {
    const slow = (result: unknown) => async (interaction: Interaction) => {
      await interaction.defer();
      return result;
    };
    const changed = await ask(button(slow(updateMessage("changed"))), click("go"));
    expect(changed.answer).toEqual({ type: 6 });
    expect(changed.calls).toEqual([["PATCH original", { content: "changed", allowed_mentions: quiet }]]);
    const beside = await ask(button(slow("beside"), { ephemeral: true }), click("go"));
    expect(beside.calls).toEqual([["POST webhook", { content: "beside", flags: 64, allowed_mentions: quiet }]]);
  });
});

it("keeps the deferral of a handler that runs once, so that a duplicate shows “thinking…” and runs nothing", async () => {
  const kept = new Map();
  let runs = 0;
  const { promise, resolve } = Promise.withResolvers<string>();
  const slow = handler(
    () => {
      runs += 1;
      return promise;
    },
    { once: true },
  );
  const bot = createTimedBot([slow], { answers: () => createMapAnswerStore(kept) });
  const payload = slash("go");
  const first = await bot.ask(payload);
  await bot.clock.advance(2_000);
  expect(first.answer).toEqual({ type: 5 });
  const again = await bot.ask(payload);
  expect([again.answer, runs]).toEqual([{ type: 5 }, 1]);
  resolve("done");
  await bot.clock.advance(1_000);
  expect(bot.sent.map(({ body }) => body?.["content"])).toEqual(["done"]);
});

it("keeps no answer of a handler that may run again", async () => {
  const kept = new Map();
  const bot = createTimedBot([handler(() => "done")], { answers: () => createMapAnswerStore(kept) });
  await bot.ask(slash("go"));
  expect(kept.size).toBe(0);
});
