import { expect, it } from "vitest";
import { rulesOf } from "../../../../../local/render/markdown/rules.ts";
import { readToken, safeUrl } from "../../../../../local/render/markdown/tokens.ts";

it.each(["https://x.test", "http://x.test/a?b#c", "HTTPS://X.test"])(
  "takes %s for an address that a page may open",
  (url) => {
    expect(safeUrl(url)).toBe(url);
  },
);

it.each([
  "javascript:alert(1)",
  "data:text/html,x",
  "ftp://x.test",
  "x.test",
  "//x.test",
  "https://",
  "https:// x",
  " https://x.test",
  "",
])("takes %j for none", (url) => {
  expect(safeUrl(url)).toBeUndefined();
});

it.each<[string, number, number | undefined]>([
  ["see <@1>!", 4, 8],
  ["see <@1>!", 3, undefined],
  ["https://x.test/a).", 0, 16],
  ["<https://x.test/a>.", 0, 18],
  ["https://x.test/(a).", 0, 18],
  ["https://x.test/a*", 0, 16],
])("reads of %j at %d up to %s", (text, at, end) => {
  expect(readToken(text, at, rulesOf.content)?.end).toBe(end);
});

it("reads nothing of a kind that the place does not have", () => {
  for (const text of ["<@1>", "@here", "<:a:1>", "<t:1>", "https://x.test"]) {
    expect(readToken(text, 0, rulesOf.button)).toBeUndefined();
    expect(readToken(text, 0, rulesOf.content)).toMatchObject({ end: text.length });
  }
});
