import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { createCustomIdIndex, customId, type Parameters } from "../../../src/discord/custom-id.ts";

describe("a pattern with typed parameters", () => {
  const vote = customId("poll/vote/:choice<int>/:owner<id>/:mode<open|closed>/:several<bool>/:note");

  it("types each parameter of a custom_id pattern", () => {
    expectTypeOf<
      Parameters<"poll/vote/:choice<int>/:owner<id>/:mode<open|closed>/:several<bool>/:note">
    >().toEqualTypeOf<{
      choice: number;
      owner: string;
      mode: "open" | "closed";
      several: boolean;
      note: string;
    }>();
  });

  it("reads any values back from the custom_id built of them", () => {
    fc.assert(
      fc.property(
        fc.record({
          choice: fc.integer(),
          owner: fc.bigInt({ min: 0n, max: 2n ** 63n }).map(String),
          mode: fc.constantFrom("open", "closed"),
          several: fc.boolean(),
          note: fc.string({ maxLength: 10, unit: "grapheme-ascii" }),
        }),
        (values) => {
          expect(vote.read(vote.build(values))).toEqual(values);
        },
      ),
    );
  });

  it.each(["a/b", "%", "%2F", "%25", "%252F", "%%2F/", "/"])("reads the text %j back from a custom_id", (note) => {
    const id = customId("note/:note/:more");
    expect(id.read(id.build({ note, more: "x" }))).toEqual({ note, more: "x" });
  });

  it("keeps all digits of a snowflake in a custom_id", () => {
    const id = customId("close/:owner<id>");
    expect(id.read(id.build({ owner: "1100000000000000013" }))).toEqual({ owner: "1100000000000000013" });
  });

  it.each([
    ["a missing value", { choice: 1 }],
    ["a fraction", { choice: 1.5, owner: "1", mode: "open", several: true, note: "" }],
    ["a number for a snowflake", { choice: 1, owner: 5, mode: "open", several: true, note: "" }],
    ["an unknown word", { choice: 1, owner: "1", mode: "ajar", several: true, note: "" }],
  ])("refuses to build a custom_id with %s, and names the parameter", (_name, values) => {
    expect(() => vote.build(values as never)).toThrow(/The parameter "\w+" of the custom_id "poll\/vote.* cannot be/);
  });

  it("refuses a custom_id of more than 100 characters, and says what to do", () => {
    const long = customId("note/:text");
    expect(long.build({ text: "x".repeat(95) })).toHaveLength(100);
    expect(() => long.build({ text: "x".repeat(96) })).toThrow(
      "is 101 characters with these values; Discord takes 100",
    );
  });

  it.each(["", ":only<int>", "a/:b/c", "a/:b<", "x".repeat(101)])(
    "refuses the custom_id pattern %j when it is declared",
    (pattern) => {
      expect(() => customId(pattern)).toThrow("must begin with a literal segment");
    },
  );
});

it.each<[string, string, unknown]>([
  ["int", "-5", -5],
  ["int", "9007199254740991", Number.MAX_SAFE_INTEGER],
  ["int", "9007199254740993", undefined],
  ["int", "00000000000000001", undefined],
  ["int", "", undefined],
  ["int", "1e3", undefined],
  ["int", "0x10", undefined],
  ["int", "1.0", undefined],
  ["bool", "1", true],
  ["bool", "0", false],
  ["bool", "", undefined],
  ["bool", "2", undefined],
  ["bool", "true", undefined],
  ["open|closed", "closed", "closed"],
  ["open|closed", "open|closed", undefined],
])("reads the <%s> %j of a custom_id as %j", (kind, text, expected) => {
  expect(customId(`a/:x<${kind}>`).read(`a/${text}`)?.["x"]).toBe(expected);
});

it("takes a pattern of 100 literal characters, and reads no values from an id without parameters", () => {
  const id = customId("x".repeat(100));
  expect([id.count, id.build({}), id.read("x".repeat(100))]).toEqual([0, "x".repeat(100), {}]);
});

it("refuses to build a custom_id with a truth that is a number, or a text that is one", () => {
  expect(() => customId("a/:x<bool>").build({ x: 1 })).toThrow(RangeError);
  expect(() => customId("a/:x").build({ x: 1 })).toThrow(RangeError);
});

describe("the index", () => {
  it("finds entries by prefix and number of parameters, and no entry for an id that does not fit", () => {
    const index = createCustomIdIndex<string>();
    for (const pattern of ["poll", "poll/vote/:choice<int>", "poll/vote/:choice<int>/:x", "poll/:name"]) {
      expect(index.add(customId(pattern), pattern)).toBe(true);
    }
    const found = (id: string) => index.find(id)?.entry;
    expect(found("poll")).toBe("poll");
    expect(found("poll/vote/3")).toBe("poll/vote/:choice<int>");
    expect(found("poll/vote/3/a%2Fb")).toBe("poll/vote/:choice<int>/:x");
    expect(index.find("poll/vote/3/a%2Fb")?.params).toEqual({ choice: 3, x: "a/b" });
    expect(found("poll/close")).toBe("poll/:name");
    index.add(customId("p/:x"), "p/:x");
    expect(found("p/1")).toBe("p/:x");
    for (const unknown of ["", "/", "pol", "poll/vote/three", "poll/vote/3/4/5", "other"])
      expect(found(unknown)).toBeUndefined();
  });

  it("refuses a second pattern that matches the same custom_ids", () => {
    const index = createCustomIdIndex<number>();
    index.add(customId("a/:x"), 1);
    expect(index.add(customId("a/:y<int>"), 2)).toBe(false);
  });

  it("finds no entry for a custom_id of more than 100 characters, however long", () => {
    const index = createCustomIdIndex<number>();
    index.add(customId("note/:text"), 1);
    expect(index.find(`note/${"x".repeat(95)}`)?.entry).toBe(1);
    expect(index.find(`note/${"x".repeat(96)}`)).toBeUndefined();
    expect(index.find("/".repeat(1_000_000))).toBeUndefined();
  });

  it.each(["../users/@me", "@me", "1/2", "", "1".repeat(21), "１", "1\n"])("reads no snowflake from %j", (owner) => {
    expect(customId("close/:owner<id>").read(`close/${owner}`)?.["owner"]).not.toBe(owner);
  });
});
