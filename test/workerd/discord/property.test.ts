import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import {
  command,
  commandTree,
  component,
  messageCommand,
  modal,
  subcommand,
  userCommand,
} from "../../../src/bot/kit.ts";
import { updateMessage } from "../../../src/discord/index.ts";
import { createTestBot } from "../../support/bot.ts";
import { envelope, person } from "../../support/payloads.ts";
import { assertWithin } from "../../support/property.ts";

// Any well-formed interaction gets an answer that fits it, any malformed one a 4xx, and nothing a 5xx.

const description = "Generated against";
const every = [
  { type: "string", name: "text", description, autocomplete: (typed: string) => [`${typed}!`] },
  { type: "integer", name: "count", description, autocomplete: () => [1, 2] },
  { type: "number", name: "ratio", description },
  { type: "boolean", name: "loud", description },
  { type: "user", name: "who", description },
  { type: "channel", name: "where", description },
  { type: "role", name: "role", description },
  { type: "mentionable", name: "any", description },
  { type: "attachment", name: "upload", description },
] as const;
const handlers = [
  command({
    name: "all",
    description,
    options: every,
    run: ({ options }) => JSON.stringify(options).slice(0, 100) || "none",
  }),
  commandTree({
    name: "tree",
    description,
    subcommands: {
      leaf: subcommand({
        description,
        options: every,
        run: ({ options }) => `leaf ${options.text ?? ""}`.slice(0, 100),
      }),
    },
  }),
  userCommand({ name: "Person", run: ({ target }) => target.user.username.slice(0, 100) || "?" }),
  messageCommand({ name: "Message", run: ({ target }) => `message ${target.id}` }),
  component({ id: "button/:n<int>", run: ({ params }) => updateMessage(`pressed ${params.n}`) }),
  component({ id: "menu", type: "string-select", run: ({ values }) => `chose ${values.length}` }),
  component({ id: "people", type: "user-select", run: ({ values }) => `chose ${values.length}` }),
  modal({
    id: "form/:x",
    title: "Form",
    fields: { name: { type: "text", label: "Name" }, size: { type: "radio", label: "Size", options: [] } },
    run: ({ params }) => `form ${params.x}`.slice(0, 100),
  }),
];

let bot: Awaited<ReturnType<typeof createTestBot>>;
beforeAll(async () => {
  bot = await createTestBot({ handlers });
});

const id = fc.bigInt({ min: 10n ** 17n, max: 2n ** 63n }).map(String);
const words = fc.string({ unit: "binary", maxLength: 30 });
const name = (...known: string[]) => fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, words);

const entity = (kind: string, more: object) =>
  id.map((value) => ({ value, resolved: { [kind]: { [value]: { id: value, ...more } } } }));
interface Valued {
  value: unknown;
  resolved?: object;
}
const optionValues: Record<number, fc.Arbitrary<Valued>> = {
  3: words.map((value) => ({ value })),
  4: fc.integer().map((value) => ({ value })),
  5: fc.boolean().map((value) => ({ value })),
  6: entity("users", { username: "x" }),
  7: entity("channels", { type: 0, name: "x" }),
  8: entity("roles", { name: "x" }),
  9: entity("roles", { name: "x" }),
  10: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ value })),
  11: entity("attachments", { filename: "x", size: 1, url: "https://cdn.test/x" }),
};
const option = fc.constantFrom(...Object.keys(optionValues).map(Number)).chain((type) =>
  (optionValues[type] ?? fc.constant<Valued>({ value: "" })).chain(({ value, resolved }) =>
    name("text", "count", "ratio", "loud", "who", "where", "role", "any", "upload").map((name) => ({
      option: { name, type, value },
      resolved,
    })),
  ),
);
const options = fc.array(option, { maxLength: 5 }).map((list) => ({
  options: list.map(({ option }) => option),
  resolved: Object.assign({}, ...list.map(({ resolved }) => resolved)) as object,
}));

const place = fc.oneof(
  fc.constant({}),
  fc.constant({ member: undefined, guild_id: undefined, guild: undefined, user: person, context: 1 }),
);
const interaction = (type: number, data: fc.Arbitrary<object>, more: fc.Arbitrary<object> = fc.constant({})) =>
  fc.tuple(data, place, more, words).map(([data, where, rest, unknown]) => ({
    ...envelope(),
    type,
    data,
    ...where,
    ...rest,
    a_field_of_tomorrow: unknown,
  }));
const message = id.map((id) => ({ message: { id, content: "x", flags: 0 } }));
const chatInput = (focused: boolean) =>
  fc.tuple(name("all", "tree"), options, fc.boolean()).map(([name, { options, resolved }, isTree]) => {
    const marked =
      focused && options[0]
        ? [{ ...options[0], focused: true, value: String(options[0].value) }, ...options.slice(1)]
        : options;
    return {
      id: "1",
      name,
      type: 1,
      resolved,
      options: isTree ? [{ name: "leaf", type: 1, options: marked }] : marked,
    };
  });

const wellFormed = fc.oneof(
  interaction(2, chatInput(false)),
  interaction(4, chatInput(true)),
  interaction(
    2,
    fc.tuple(name("Person"), id).map(([name, target_id]) => ({
      id: "1",
      name,
      type: 2,
      target_id,
      resolved: { users: { [target_id]: { id: target_id, username: "x" } } },
    })),
  ),
  interaction(
    2,
    fc.tuple(name("Message"), id).map(([name, target_id]) => ({
      id: "1",
      name,
      type: 3,
      target_id,
      resolved: { messages: { [target_id]: { id: target_id } } },
    })),
  ),
  interaction(
    3,
    fc
      .tuple(
        name("button/1", "button/x", "menu", "people"),
        fc.constantFrom(2, 3, 5, 6, 7, 8),
        fc.array(id, { maxLength: 3 }),
      )
      .map(([custom_id, component_type, values]) => ({
        custom_id,
        component_type,
        id: 1,
        ...(component_type !== 2 && {
          values,
          resolved: { users: Object.fromEntries(values.map((one) => [one, { id: one, username: "x" }])) },
        }),
      })),
    message,
  ),
  interaction(
    5,
    fc.tuple(name("form/a", "form/%2F"), words, fc.option(words)).map(([custom_id, text, size]) => ({
      custom_id,
      components: [
        { type: 10, id: 1 },
        { type: 18, id: 2, component: { type: 4, id: 3, custom_id: "name", value: text } },
        { type: 18, id: 4, component: { type: 21, id: 5, custom_id: "size", value: size } },
      ],
    })),
    fc.oneof(message, fc.constant({})),
  ),
  fc.constant({ type: 1, id: "1", application_id: "1", token: "x", version: 1 }),
);

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object */
const fitting: Record<number, readonly number[]> = {
  1: [1],
  2: [4, 5, 9, 12],
  3: [4, 5, 6, 7, 9],
  4: [8],
  5: [4, 5, 6, 7],
};

it("answers every well-formed interaction with a callback that fits it", { timeout: 60_000 }, async () => {
  await assertWithin(
    fc.asyncProperty(wellFormed, async (payload) => {
      const { status, body } = await bot.interact(payload);
      expect(status).toBe(200);
      expect(fitting[payload.type]).toContain(body.type);
      const { content, choices = [] } = { ...("data" in body && body.data) } as {
        content?: string;
        choices?: unknown[];
      };
      if (body.type === 4) expect(String(content).length).toBeLessThanOrEqual(2_000);
      expect(choices.length).toBeLessThanOrEqual(25);
    }),
    { runs: 10_000 },
  );
});

/** A payload with one part replaced or removed. */
const damaged = fc
  .tuple(wellFormed, fc.infiniteStream(fc.nat()), fc.oneof(fc.anything(), fc.constant(undefined)))
  .map(([payload, choices, junk]) => {
    const copy = structuredClone(payload) as Record<string, unknown>;
    let node: Record<string, unknown> = copy;
    for (const choice of choices) {
      const keys = Object.keys(node);
      const key = keys[choice % Math.max(1, keys.length)];
      if (key === undefined) break;
      const inner = node[key];
      if (typeof inner === "object" && inner !== null && choice % 3 !== 0) {
        node = inner as Record<string, unknown>;
        continue;
      }
      node[key] = junk;
      break;
    }
    return copy;
  });
const notAnInteraction = fc.oneof(
  fc.string(),
  fc.uint8Array(),
  fc.json(),
  fc.jsonValue().map((value) => JSON.stringify(value)),
);

it("answers anything else 200 or 4xx, never 5xx, and never throws", { timeout: 60_000 }, async () => {
  const seen = new Set<number>();
  await assertWithin(
    fc.asyncProperty(fc.oneof(damaged, notAnInteraction), async (payload) => {
      let text: unknown = payload;
      try {
        if (!(payload instanceof Uint8Array) && typeof payload !== "string") text = JSON.stringify(payload);
      } catch {
        return;
      }
      const { status } = await bot.interact(text);
      seen.add(status);
      expect([200, 400]).toContain(status);
    }),
    { runs: 10_000 },
  );
  expect([...seen].toSorted((a, b) => a - b)).toEqual([200, 400]);
});
