import { expect, it } from "vitest";
import { nameOf, problemWithName, topicIn } from "../../../../src/bot/feeds/topics.ts";

it.each(["a", "7", "releases", "shop.orders", "a-b.c", "x".repeat(50)])("takes the name %s", (name) => {
  expect(problemWithName(name)).toBeUndefined();
});

it.each(["", "x".repeat(51), "A", "a b", "-a", ".a", "@1.a", "a/b", "a*", "ä", "a\n"])(
  "refuses the name %j",
  (name) => {
    expect(problemWithName(name)).toContain("A topic's name has 1 to 50 lower-case letters");
  },
);

it("keeps a server's topics apart from those of all others, which a dot is for", () => {
  expect([topicIn("1", "a"), topicIn("2", "a"), topicIn("1", "a.b"), topicIn("2", "a.b")]).toEqual([
    "@1.a",
    "@2.a",
    "a.b",
    "a.b",
  ]);
  expect(["@1.a", "@12.a.b", "a.b"].map(nameOf)).toEqual(["a", "a.b", "a.b"]);
});
