import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readIdentity } from "../../../../local/playground/identity.ts";

it("keeps an identity in a file, the same at the next start, and its owner's alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "sandpiper-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "keys.json");
  const first = readIdentity(file);
  expect(readIdentity(file)).toMatchObject({ botToken: first.botToken, keys: { publicKey: first.keys.publicKey } });
  expect(first.keys.publicKey).toMatch(/^[0-9a-f]{64}$/);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(readIdentity(undefined).botToken).not.toBe(first.botToken);
  writeFileSync(file, "{}");
  expect(() => readIdentity(file)).toThrow("--keys takes a file that this command wrote");
  expect(readFileSync(file, "utf8")).toBe("{}");
});
