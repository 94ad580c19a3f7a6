import type { APIInteractionGuildMember } from "discord-api-types/v10";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  type Attachment,
  type Channel,
  createKit,
  type Guard,
  guildOnly,
  type Mentionable,
  needsPermissions,
  ownerOnly,
  type Person,
} from "../../../../src/discord/index.ts";

// What TypeScript says about declarations. `tsc` is the test; run, it only shows that nothing throws.

const { command, component, messageCommand, modal, subcommand, userCommand } = createKit<{ store: string }>();
const description = "x";

it("types options by their declaration", () => {
  command({
    name: "all",
    description,
    options: [
      { type: "string", name: "text", description, required: true },
      {
        type: "string",
        name: "colour",
        description,
        choices: [
          { name: "Red", value: "#f00" },
          { name: "Blue", value: "#00f" },
        ],
      },
      { type: "integer", name: "count", description },
      { type: "boolean", name: "loud", description },
      { type: "user", name: "who", description },
      { type: "channel", name: "where", description },
      { type: "mentionable", name: "any", description },
      { type: "attachment", name: "upload", description },
    ],
    run({ options }, { store }) {
      expectTypeOf(store).toBeString();
      expectTypeOf(options.text).toEqualTypeOf<string>();
      expectTypeOf(options.colour).toEqualTypeOf<"#f00" | "#00f" | undefined>();
      expectTypeOf(options.count).toEqualTypeOf<number | undefined>();
      expectTypeOf(options.loud).toEqualTypeOf<boolean | undefined>();
      expectTypeOf(options.who).toEqualTypeOf<Person | undefined>();
      expectTypeOf(options.where).toEqualTypeOf<Channel | undefined>();
      expectTypeOf(options.any).toEqualTypeOf<Mentionable | undefined>();
      expectTypeOf(options.upload).toEqualTypeOf<Attachment | undefined>();
      // @ts-expect-error -- no such option
      expectTypeOf(options.nothing).toBeNever();
      return "ok";
    },
  });
});

it("passes the result of load to run, typed", () => {
  command({
    name: "load",
    description,
    load: () => Promise.resolve({ visits: 3 }),
    run(_interaction, _services, loaded) {
      expectTypeOf(loaded).toEqualTypeOf<{ visits: number }>();
      return "ok";
    },
  });
});

it("types a component's parameters and values, and a modal's fields", () => {
  const menu = component({
    id: "menu/:page<int>",
    type: "user-select",
    run({ params, values }) {
      expectTypeOf(params).toEqualTypeOf<{ page: number }>();
      expectTypeOf(values).toEqualTypeOf<readonly Person[]>();
      return "ok";
    },
  });
  expect(menu.id({ page: 2 })).toBe("menu/2");
  component({
    id: "button",
    // @ts-expect-error -- without a type it is a button, which has no values
    run: ({ values }) => values[0] ?? "none",
  });
  // @ts-expect-error -- the page is a number
  expect(() => menu.id({ page: "2" })).toThrow('The parameter "page"');

  const form = modal({
    id: "form",
    title: "x",
    fields: {
      name: { type: "text", label: "Name" },
      size: {
        type: "radio",
        label: "Size",
        options: [
          { label: "S", value: "s" },
          { label: "L", value: "l" },
        ],
      },
      upload: { type: "file", label: "File" },
      hint: { type: "display", content: "Hint" },
    },
    run({ fields }) {
      expectTypeOf(fields.name).toEqualTypeOf<string>();
      expectTypeOf(fields.size).toEqualTypeOf<string | null>();
      expectTypeOf(fields.upload).toEqualTypeOf<readonly Attachment[]>();
      // @ts-expect-error -- a text that is displayed has no value
      expectTypeOf(fields.hint).toBeNever();
      return "ok";
    },
  });
  expect(form.show({ name: { value: "Ada" } })).toMatchObject({ callback: "modal" });
});

it("makes declarations that Discord would refuse type errors", () => {
  const run = () => "ok";
  // @ts-expect-error -- upper case
  command({ name: "Upper", description, run });
  // @ts-expect-error -- a space
  command({ name: "two words", description, run });
  command({
    name: "order",
    description,
    // @ts-expect-error -- a required option after one that is not
    options: [
      { type: "string", name: "a", description },
      { type: "string", name: "b", description, required: true },
    ],
    run,
  });
  subcommand({
    description,
    options: [
      // @ts-expect-error -- upper case
      { type: "string", name: "Upper", description },
    ],
    run,
  });
  const c = { name: "n", value: "v" };
  command({
    name: "choices",
    description,
    options: [
      // @ts-expect-error -- 26 choices
      {
        type: "string",
        name: "a",
        description,
        choices: [c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c],
      },
    ],
    run,
  });
  command({
    name: "both",
    description,
    options: [
      // @ts-expect-error -- choices and autocomplete
      { type: "string", name: "a", description, choices: [c], autocomplete: () => [] },
    ],
    run,
  });
});

describe("guildOnly", () => {
  const options = [{ type: "string", name: "word", description, autocomplete: () => [] }] as const;
  type Member = APIInteractionGuildMember;

  it("guildOnly makes guildId a string and member defined in load and run of every kind of handler", () => {
    const guards = [guildOnly, needsPermissions("ManageGuild")] as const;
    const owners = ownerOnly(() => []);
    command({
      name: "in-guild",
      description,
      guards: [guildOnly],
      load: ({ guildId, member }) => {
        expectTypeOf(guildId).toEqualTypeOf<string>();
        expectTypeOf(member).toEqualTypeOf<Member>();
        return Promise.resolve(guildId.length);
      },
      run({ guildId, member }, _services, loaded) {
        expectTypeOf(guildId).toEqualTypeOf<string>();
        expectTypeOf(member).toEqualTypeOf<Member>();
        expectTypeOf(loaded).toEqualTypeOf<number>();
        return "ok";
      },
    });
    subcommand({
      description,
      guards,
      options,
      run({ guildId, member, options: { word } }) {
        expectTypeOf(guildId).toEqualTypeOf<string>();
        expectTypeOf(member).toEqualTypeOf<Member>();
        expectTypeOf(word).toEqualTypeOf<string | undefined>();
        return "ok";
      },
    });
    userCommand({
      name: "User",
      guards: [owners, guildOnly],
      run({ guildId, member, target }) {
        expectTypeOf(guildId).toEqualTypeOf<string>();
        expectTypeOf(member).toEqualTypeOf<Member>();
        expectTypeOf(target).toEqualTypeOf<Person>();
        return "ok";
      },
    });
    messageCommand({
      name: "Message",
      guards,
      run({ guildId, member }) {
        expectTypeOf(guildId).toEqualTypeOf<string>();
        expectTypeOf(member).toEqualTypeOf<Member>();
        return "ok";
      },
    });
    component({
      id: "in-guild/:page<int>",
      type: "role-select",
      guards: [guildOnly],
      load: ({ guildId }) => Promise.resolve(guildId),
      run({ guildId, member, params }, _services, loaded) {
        expectTypeOf(guildId).toEqualTypeOf<string>();
        expectTypeOf(member).toEqualTypeOf<Member>();
        expectTypeOf(params).toEqualTypeOf<{ page: number }>();
        expectTypeOf(loaded).toEqualTypeOf<string>();
        return "ok";
      },
    });
    modal({
      id: "in-guild",
      title: "x",
      fields: { name: { type: "text", label: "Name" } },
      guards,
      run({ guildId, member, fields }) {
        expectTypeOf(guildId).toEqualTypeOf<string>();
        expectTypeOf(member).toEqualTypeOf<Member>();
        expectTypeOf(fields.name).toEqualTypeOf<string>();
        return "ok";
      },
    });
  });

  it("guildOnly makes guildId a string in suggestions", () => {
    command({
      name: "typing",
      description,
      guards: [guildOnly],
      options: [
        {
          type: "string",
          name: "word",
          description,
          autocomplete(_typed, { guildId, member }) {
            expectTypeOf(guildId).toEqualTypeOf<string>();
            expectTypeOf(member).toEqualTypeOf<Member>();
            return [];
          },
        },
      ],
      run({ guildId, options: { word } }) {
        expectTypeOf(guildId).toEqualTypeOf<string>();
        expectTypeOf(word).toEqualTypeOf<string | undefined>();
        return "ok";
      },
    });
    const shared = {
      type: "string",
      name: "word",
      description,
      autocomplete: (_typed: string, { guildId }: { guildId: string }) => [guildId],
    } as const;
    subcommand({ description, guards: [guildOnly], options: [shared], run: () => "ok" });
    // @ts-expect-error -- these suggestions need a server
    subcommand({ description, options: [shared], run: () => "ok" });
  });

  it("guildId may be undefined without guildOnly, and where the list of guards is no tuple", () => {
    const unknown: Guard[] = [guildOnly];
    command({
      name: "anywhere",
      description,
      options: [
        {
          type: "string",
          name: "word",
          description,
          autocomplete(_typed, { guildId }) {
            expectTypeOf(guildId).toEqualTypeOf<string | undefined>();
            return [];
          },
        },
      ],
      load: ({ guildId }) => {
        expectTypeOf(guildId).toEqualTypeOf<string | undefined>();
        return Promise.resolve();
      },
      run({ guildId, member }) {
        expectTypeOf(guildId).toEqualTypeOf<string | undefined>();
        expectTypeOf(member).toEqualTypeOf<Member | undefined>();
        return "ok";
      },
    });
    for (const guards of [[needsPermissions("ManageGuild")], unknown, []]) {
      component({
        id: "anywhere",
        guards,
        run({ guildId }) {
          expectTypeOf(guildId).toEqualTypeOf<string | undefined>();
          return "ok";
        },
      });
    }
    modal({
      id: "anywhere",
      title: "x",
      fields: { name: { type: "text", label: "Name" } },
      guards: [({ user }) => (user.id === "1" ? "no" : undefined)],
      run({ guildId }) {
        expectTypeOf(guildId).toEqualTypeOf<string | undefined>();
        return "ok";
      },
    });
  });

  it("guildOnly narrows beside guards written in place, and beside others that ensure something", () => {
    const named: Guard<{ store: string }, { readonly nick: string }> = ({ member }) =>
      member?.nick ? undefined : "Set a nickname first.";
    userCommand({
      name: "Both",
      guards: [guildOnly, named, ({ user }) => (user.bot ? "no bots" : undefined)],
      run(interaction) {
        expectTypeOf(interaction.guildId).toEqualTypeOf<string>();
        expectTypeOf(interaction.nick).toEqualTypeOf<string>();
        return "ok";
      },
    });
    // @ts-expect-error -- a guard for other services
    userCommand({ name: "Other", guards: [ownerOnly(({ owners }: { owners: string[] }) => owners)], run: () => "ok" });
  });
});
