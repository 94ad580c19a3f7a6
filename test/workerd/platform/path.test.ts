import { describe, expect, it } from "vitest";
import { path } from "../../../src/platform/index.ts";

describe("path", () => {
  it("makes each value one segment, and keeps the literal parts", () => {
    const [channel, emoji, message] = ["1100000000000000111", "🔥", "@original"];
    expect(path`/users/@me`).toBe("/users/@me");
    expect(path`/channels/${channel}/messages?limit=1`).toBe("/channels/1100000000000000111/messages?limit=1");
    expect(path`/messages/${message}/reactions/${emoji}/@me`).toBe("/messages/@original/reactions/%F0%9F%94%A5/@me");
  });

  it.each(["", ".", "..", "../users/@me", "1/messages", "1?x", "1#x", "%2e%2e", "1\\2", "1 2", "1\n", "a\u0000b"])(
    "refuses %j, which would lead to another path",
    (value) => {
      expect(() => path`/channels/${value}/messages`).toThrow(RangeError);
    },
  );

  it("quotes a hundred characters of what it refuses", () => {
    const refused = (count: number) => () => path`/channels/${`/${"x".repeat(count)}`}`;
    expect(refused(99)).toThrow(`"/${"x".repeat(99)}" is not one segment of a path.`);
    expect(refused(100)).toThrow(`"/${"x".repeat(99)}" is not one segment of a path.`);
  });
});
