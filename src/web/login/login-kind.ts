import type { StandardSchemaV1 } from "@standard-schema/spec";
import { sessionKind } from "../../sessions/index.ts";

/** What a login remembers of where it was made. */
export interface Login {
  /** For people: "Firefox on Windows". */
  label: string;
}

const hourMs = 3_600_000;

/** By hand: `valibot` is for data of more than one text. */
const schema: StandardSchemaV1<Login> = {
  "~standard": {
    version: 1,
    vendor: "sandpiper",
    validate: (value) => (isLogin(value) ? { value } : { issues: [{ message: "is no login" }] }),
  },
};

/** A login ends twelve hours after its last use, and after a week in any case. */
export const logins = sessionKind({
  name: "admin",
  schema,
  ttlMs: 12 * hourMs,
  lifetimeMs: 7 * 24 * hourMs,
});

/** A login of this age gets a new secret, and again after as long. */
export const rotateAfterMs = hourMs;

/** Returns the name of a browser and its system, as far as its User-Agent tells. */
export function labelOf(userAgent: string): string {
  const browser = browsers.find((one) => userAgent.includes(`${one}/`)) ?? "";
  const system = systems.find((one) => userAgent.includes(one)) ?? "";
  const name = browserNames[browser] ?? (browser || "A browser");
  return system === "" ? name : `${name} on ${systemNames[system] ?? system}`;
}

// --- Internal helpers ---

function isLogin(value: unknown): value is Login {
  return typeof value === "object" && value !== null && "label" in value && typeof value.label === "string";
}

// Edge and Opera call themselves Chrome too, Chrome says Safari, and Android says Linux: the first that is found is meant.
const browsers = ["Edg", "OPR", "Firefox", "Chrome", "Safari"];
const systems = ["Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux"];
const browserNames: Readonly<Record<string, string>> = { Edg: "Edge", OPR: "Opera" };
const systemNames: Readonly<Record<string, string>> = { "Mac OS X": "macOS", CrOS: "ChromeOS" };
