import { describe, expect, it } from "vitest";
import { parseInteraction, Refusal } from "../../../../src/discord/receive/parse.ts";
import { click, contextCommand, person, slash, slashWith, submission } from "../../../support/payloads.ts";
import { bytesOf } from "../../../support/signer.ts";

/** Returns the reason why a payload is refused. */
function refusalOf(payload: unknown): string | undefined {
  const parsed = parseInteraction(bytesOf(payload));
  return parsed instanceof Refusal ? parsed.reason : undefined;
}

const id = "1100000000000000111";
const steering = ["../users/@me", "1/../2", "", " 1", "1?x", "1%2F", "__proto__", "constructor", "1".repeat(21)];

/** Options in options, the deepest of which is a text. */
const optionsOf = (depth: number): object[] =>
  Array.from({ length: depth }).reduce<object[]>(
    (options) => [{ name: "a", type: 1, options }],
    [{ name: "text", type: 3, value: "x" }],
  );

describe("nesting", () => {
  it("takes options in a subcommand in a group", () => {
    expect(refusalOf(slashWith("a", optionsOf(2)))).toBeUndefined();
  });

  it.each([3, 10])("refuses options %i levels deep", (depth) => {
    expect(refusalOf(slashWith("a", optionsOf(depth)))).toMatch(/^malformed interaction at data\.options\.0\.options/);
  });

  it("refuses a body that is nested thousands of levels deep, wherever that is", () => {
    const deep = `${'{"a":['.repeat(3_000)}1${"]}".repeat(3_000)}`;
    const with3000 = JSON.stringify(slashWith("a", [])).replace('"options":[]', `"options":${deep}`);
    const resolved = JSON.stringify(slashWith("a", [], {})).replace('"resolved":{}', `"resolved":${deep}`);
    for (const body of [with3000, resolved, `{"type":1,"x":${deep}}`]) {
      expect(refusalOf(body)).toBe("the body is nested too deeply");
    }
  });
});

// What takes more time than in proportion to such sizes does not end within a test's time.
describe("sizes", () => {
  it.each<[string, object, string]>([
    ["a custom_id of 101 characters", click("x".repeat(101)), "data.custom_id"],
    ["a custom_id of 1,000,000 slashes", click("/".repeat(1_000_000)), "data.custom_id"],
    ["a form's custom_id of 1 MB", submission("x/".repeat(500_000), []), "data.custom_id"],
    [
      "a field's custom_id of 100 kB",
      submission("x", [{ type: 4, custom_id: "x".repeat(100_000), value: "" }]),
      "data.components.0.component.custom_id",
    ],
    ["a token of 100 kB", { ...slash("a"), token: "x".repeat(100_000) }, "token"],
    ["100,000 values", click("x", { component_type: 3, values: Array(100_000).fill("1") }), "data.values"],
    [
      "10,000 options",
      slashWith(
        "a",
        Array.from({ length: 10_000 }, () => ({ name: "a", type: 3, value: "" })),
      ),
      "data.options",
    ],
    [
      "20,000 resolved users",
      slashWith("a", [], { users: Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [n, person])) }),
      "data.resolved.users",
    ],
  ])("refuses %s", (_name, payload, where) => {
    expect(refusalOf(payload)).toBe(`malformed interaction at ${where}`);
  });

  it("takes long texts and a very long name in time that grows with them", () => {
    expect(refusalOf(slashWith("a".repeat(500_000), [{ name: "t", type: 3, value: "x".repeat(400_000) }]))).toBe(
      undefined,
    );
  });
});

describe("bounds", () => {
  const bits = (permissions: string) => ({ ...slash("a"), member: { user: person, permissions, roles: [] } });
  const nested = (depth: number) => {
    // The interaction itself is the first level, and its list of entitlements the second.
    const lists = depth - 1;
    return { ...slash("a"), entitlements: JSON.parse(`${"[".repeat(lists)}${"]".repeat(lists)}`) as unknown };
  };
  it.each<[string, (count: number) => object, number]>([
    ["nesting", nested, 64],
    ["digits of an id", (count) => ({ ...slash("a"), id: "1".repeat(count) }), 20],
    ["digits of permissions", (count) => bits("1".repeat(count)), 40],
    ["characters of a token", (count) => ({ ...slash("a"), token: "x".repeat(count) }), 2_048],
    ["characters of a custom_id", (count) => click("x".repeat(count)), 100],
    ["values of a menu", (count) => click("x", { component_type: 3, values: Array(count).fill("1") }), 250],
    [
      "objects of one kind",
      (count) =>
        slashWith("a", [], {
          roles: Object.fromEntries(Array.from({ length: count }, (_, n) => [n, { id: String(n) }])),
        }),
      250,
    ],
  ])("takes the %s up to the limit, and no more", (_name, make, limit) => {
    expect(refusalOf(make(limit))).toBeUndefined();
    expect(refusalOf(make(limit + 1))).toMatch(/^(malformed interaction|the body is nested too deeply)/);
  });

  it("refuses permissions that are no digits, and an interaction without a person", () => {
    for (const wrong of ["", "-1", "0x8", "8 ", "all"]) expect(refusalOf(bits(wrong))).toContain("member.permissions");
    for (const wrong of ["", "-1", "all"])
      expect(refusalOf({ ...slash("a"), app_permissions: wrong })).toContain("app_permissions");
    expect(refusalOf({ ...slash("a"), member: undefined })).toBe("the interaction has no user");
    expect(refusalOf({ ...slash("a"), member: undefined, user: person })).toBeUndefined();
  });
});

describe("ids", () => {
  it.each(steering)("refuses %j as an id, as the channel's and as a resolved object's key", (wrong) => {
    const one = { [wrong]: { id: wrong, username: "x" } };
    for (const payload of [
      { ...slash("a"), id: wrong },
      { ...slash("a"), guild_id: wrong },
      { ...slash("a"), channel_id: wrong },
      { ...slash("a"), channel: { id: wrong } },
      { ...slash("a"), application_id: wrong },
      { ...slash("a"), member: { user: person, permissions: "0", roles: [wrong] } },
      click("x", {}, { id: wrong }),
      contextCommand(2, "a", wrong, {}),
      ...["users", "members", "roles", "channels", "messages", "attachments"].map((kind) =>
        JSON.stringify(slashWith("a", [], { [kind]: "here" })).replace(
          '"here"',
          wrong === "__proto__" ? '{"__proto__":{"id":"__proto__"}}' : JSON.stringify(one),
        ),
      ),
    ]) {
      expect(refusalOf(payload)).toMatch(/^malformed interaction at /);
    }
  });

  it.each(["users", "roles", "channels", "messages", "attachments"])(
    "refuses resolved %s whose own id is another than their key",
    (kind) => {
      for (const wrong of ["../users/@me", "1100000000000000112", undefined]) {
        const resolved = { [kind]: { [id]: { id: wrong, username: "x" } } };
        expect(refusalOf(slashWith("a", [], resolved))).toBe(`malformed interaction at data.resolved.${kind}.${id}.id`);
      }
    },
  );

  it.each(["../../users/@me", "a/b", "a?b", "a#b", "a%2Fb", "a b", ""])("refuses the token %j", (token) => {
    expect(refusalOf({ ...slash("a"), token })).toBe("malformed interaction at token");
  });
});
