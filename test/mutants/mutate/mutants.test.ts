import { describe, expect, it } from "vitest";
import { mutantsOf } from "./mutants.ts";

/** The faults that are made of some code, as the lines that change. */
const faults = (code: string, kind?: string): string[] =>
  mutantsOf("src/a/b.ts", code)
    .filter((mutant) => kind === undefined || mutant.kind === kind)
    .map(({ to }) => to);

describe("a fault", () => {
  it.each([
    ["boundary", "f(a < b);", ["f(a <= b);"]],
    ["boundary", "f(a >= 1n);", ["f(a > 1n);"]],
    ["condition negated", "f(a === b, !c);", ["f(a !== b, !c);", "f(a === b, c);"]],
    ["condition fixed", "if (a) b = 1;", ["if (true) b = 1;", "if (false) b = 1;"]],
    ["condition fixed", "f(a ? b : c);", ["f(true ? b : c);", "f(false ? b : c);"]],
    ["condition fixed", "while (a) f();", ["while (false) f();"]],
    ["logic", "f(a || (b ?? c));", ["f(a);", "f(b ?? c);", "f(a || (b));", "f(a || (c));"]],
    ["logic", "f(a ?? undefined);", ["f(undefined);"]],
    ["boolean", "f(true);", ["f(false);"]],
    ["call removed", "await f();", [""]],
    ["call removed", "f(list.filter(g), cut(a, 5));", ["", "f(list, cut(a, 5));", "f(list.filter(g), a);"]],
    ["call removed", "const a = clock.random() * 2;", ["const a = 0 * 2;"]],
    ["opposite call", "f(Math.min(a, b));", ["f(Math.max(a, b));"]],
    ["assignment removed", "a.b = c;", [""]],
    ["guard removed", "for (;;) { if (a) continue; }", ["for (;;) { ; }"]],
    [
      "guard removed",
      "const guards = [one, other] as const;",
      ["const guards = [other] as const;", "const guards = [one] as const;"],
    ],
    ["await dropped", "await f();", ["f();"]],
    ["order swapped", "f(a, b.c, d);", ["f(b.c, a, d);"]],
    ["order swapped", "f([a, b], 1);", ["f([b, a], 1);"]],
    ["arithmetic", "f(a + b, a * b, c);", ["f(a - b, a * b, c);", "f(a + b, a / b, c);"]],
    ["arithmetic", "a += 1;", ["a -= 1;"]],
    ["number", "f(25);", ["f(26);", "f(24);"]],
    ["number", "const maxLength = 2_000;", ["const maxLength = 2_001;", "const maxLength = 1_999;"]],
    ["unit", "const lifeMs = 60_000;", ["const lifeMs = 60;"]],
    ["unit", "const waitMs = 250;", ["const waitMs = 250_000;"]],
    ["unit", "f(seconds * 1_000);", ["f(seconds * 1);"]],
    [
      "factor",
      "f(waitedMs / 4, 10 * 1_024);",
      ["f(waitedMs / 1, 10 * 1_024);", "f(waitedMs / 4, 1 * 1_024);", "f(waitedMs / 4, 10 * 1);"],
    ],
    ["property removed", "f({ a, px: 5, allowed_mentions });", ["f({ a, allowed_mentions });", "f({ a, px: 5 });"]],
    ["property removed", "f({ a, ...(b && { b }) });", ["f({ a });"]],
    ["Redis word", 'f("NX", { px });', ['f("XX", { px });', 'f("NX", { ex: px });']],
  ])("of the kind “%s” is made of %s", (kind, code, expected) => {
    expect(faults(code, kind)).toEqual(expected);
  });

  it.each([
    ["imports and types", 'import { a } from "b";\ntype C = 1 | true;\ninterface D { e: (f: 2) => 3 }\nlet g: 4;'],
    ["comments", "// a < b\n/* if (a) return; */"],
    ["the wording of errors and of the log", 'throw new Error(a ? "b" : `${c + 1}`);\nlog("info", a ?? "b");'],
    ["what joins texts", 'f(a + "b");'],
    ["-1, which stands for nothing or for the last", "f(list.at(-1));"],
    ["services, which the compiler tells apart", "f(context, key);"],
  ])("is not made of %s", (_name, code) => {
    expect(faults(code).filter((to) => to !== "")).toEqual([]);
  });

  it("says its place, and the lines before and after, without their indentation", () => {
    const code = "function f() {\n  const a = 1n;\n  if (a)\n    return;\n}\n";
    expect(mutantsOf("src/a/b.ts", code).find(({ kind }) => kind === "guard removed")).toEqual({
      file: "src/a/b.ts",
      line: 3,
      kind: "guard removed",
      from: "if (a)\nreturn;",
      to: "",
      text: "function f() {\n  const a = 1n;\n  ;\n}\n",
    });
  });

  it("is made once, however many rules propose it", () => {
    const all = faults("function f() {\n  if (a && b) return f(1, { px: 1 });\n  else g(a, b);\n}");
    expect(all).toEqual([...new Set(all)]);
  });
});

describe("a fault in Lua", () => {
  const script = [
    "local at = tonumber(ARGV[1]) -- not < here",
    'if redis.call("EXISTS", KEYS[1]) == 0 then return 0 end',
    'redis.call("SET", KEYS[1], "<", "PX", at)',
    "return 1",
  ];
  const inLua = (kind: string) =>
    faults(`const a = \`${script.join("\n")}\`;`, kind).map((to) => to.replace(/^const a = `|`;$/g, ""));

  it.each([
    ["Lua as text", ["local at = ARGV[1] -- not < here"]],
    ["Lua operator", ['if redis.call("EXISTS", KEYS[1]) ~= 0 then return 0 end']],
    ["Lua guard removed", [""]],
    ["Lua call removed", [""]],
    ["Lua condition fixed", ["if true then return 0 end"]],
    [
      "Redis word",
      ['if redis.call("DEL", KEYS[1]) == 0 then return 0 end', 'redis.call("SET", KEYS[1], "<", "EX", at)'],
    ],
  ])("of the kind “%s” is made outside of texts and comments", (kind, expected) => {
    expect(inLua(kind)).toEqual(expected);
  });

  it("is made of each number", () => {
    expect(inLua("Lua number")).toContain('if redis.call("EXISTS", KEYS[1]) == 1 then return 0 end');
    expect(inLua("Lua number")).toHaveLength(6);
  });

  it("is not made of other templates", () => {
    expect(faults("const a = `one and two < three`;")).toEqual([]);
  });
});

it("are made of code with markup, in a file that may hold some", () => {
  const code = "const page = () => (a > 1 ? <p>{text}</p> : <b />);";
  const made = mutantsOf("src/a/b.tsx", code);
  expect(made.map(({ to }) => to)).toContain("const page = () => (a >= 1 ? <p>{text}</p> : <b />);");
  expect(() => mutantsOf("src/a/b.ts", code)).toThrow();
});
