import { expect, it } from "vitest";
import { readSnowflake, readUrl, UsageError } from "../../../local/command-line.ts";

it("reads an ID of 17 to 20 digits, and repeats nothing else: it may be a token", () => {
  for (const length of [17, 20]) expect(readSnowflake("--guild", "1".repeat(length))).toBe("1".repeat(length));
  for (const text of ["1".repeat(16), "1".repeat(21), "secret", ""])
    expect(() => readSnowflake("--guild", text)).toThrow(new UsageError("--guild takes an ID of 17 to 20 digits."));
});

it("reads an address, without slashes at its end", () => {
  expect([readUrl("--url", "http://x.test:1//"), readUrl("--url", "https://x.test/a")]).toEqual([
    "http://x.test:1",
    "https://x.test/a",
  ]);
  for (const text of ["x.test", "ftp://x.test", ""])
    expect(() => readUrl("--url", text)).toThrow(
      new UsageError(`--url takes an address such as http://127.0.0.1:8788, not "${text}".`),
    );
});
